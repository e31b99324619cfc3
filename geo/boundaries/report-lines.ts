import { formatLngLat } from '../lng-lat.ts';
import type { BoundaryReport } from './check.ts';

/** The report as lines of text: a summary first, then each finding with the place to look at. */
export function reportLines(
  report: Pick<BoundaryReport, 'findings' | 'total'> & Partial<Pick<BoundaryReport, 'areas'>>,
  lang: 'zh' | 'en',
): string[] {
  const { findings, total, areas } = report;
  const zh = lang === 'zh';
  const levels = new Map<string, number>();
  for (const { level } of areas ?? []) levels.set(level, (levels.get(level) ?? 0) + 1);
  const counts = [...levels].map(([level, n]) => `${level} ${n}`).join(', ');
  const lines: string[] = [];
  if (areas) lines.push(zh ? `读入 ${areas.length} 个区域（${counts || '无'}）` : `${areas.length} areas read (${counts || 'none'})`);
  lines.push(
    zh ? `拓扑检查：错误 ${total.errors}，警告 ${total.warnings}` : `Topology: ${total.errors} errors, ${total.warnings} warnings`,
  );
  for (const f of findings) {
    const mark = zh ? (f.severity === 'error' ? '错误' : '警告') : f.severity;
    lines.push(`${mark}  ${f.kind}  ${f.message[lang]}${f.lngLat ? `  @ ${formatLngLat(f.lngLat)}` : ''}`);
  }
  const rest = total.errors + total.warnings - findings.length;
  if (rest > 0) lines.push(zh ? `另有 ${rest} 条未列出` : `and ${rest} more`);
  return lines;
}
