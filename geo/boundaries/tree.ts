import { DEDICATED, type Level } from '../../model/area.ts';
import type { LngLat } from '../../model/brand.ts';
import { polygonsOf } from '../geojson.ts';
import { type Finding, finding } from './finding.ts';
import type { Boundary } from './read.ts';

/** Faults of the tree alone: codes, levels, parents. Geometry is looked at elsewhere. */
export function checkTree(boundaries: readonly Boundary[], levels: readonly Level[]): Finding[] {
  const findings: Finding[] = [];
  const byCode = new Map<string, Boundary>();
  const rank = new Map(levels.map((level, i) => [level.key, i]));
  const names = [...levels.map((l) => l.key), DEDICATED].join('、');
  for (const b of boundaries) {
    if (byCode.has(b.code)) {
      findings.push(
        finding(
          'duplicate-code',
          [b.code],
          { zh: `编码 ${b.code} 重复出现（${b.name}）`, en: `Code ${b.code} is given more than once (${b.name})` },
          placeOf(b),
        ),
      );
    } else byCode.set(b.code, b);
    const level = levels[rank.get(b.level) ?? -1];
    if (!level && b.level !== DEDICATED) {
      findings.push(
        finding(
          'level',
          [b.code],
          {
            zh: `${b.name}（${b.code}）的层级 ${b.level} 未定义，可用：${names}`,
            en: `${b.code} has level ${b.level}, which this centre does not have (${names})`,
          },
          placeOf(b),
        ),
      );
    }
    if (level?.digits && !(b.code.length === level.digits && /^\d+$/.test(b.code))) {
      findings.push(
        finding('code-format', [b.code], {
          zh: `${b.name} 的编码 ${b.code} 不是 ${level.digits} 位数字（${level.name.zh}）`,
          en: `Code ${b.code} of ${b.name} is not of ${level.digits} digits (${level.name.en})`,
        }),
      );
    }
  }
  for (const b of boundaries) {
    if (b.parent === null) continue;
    const parent = byCode.get(b.parent);
    if (!parent) {
      findings.push(
        finding(
          'orphan',
          [b.code],
          { zh: `${b.name}（${b.code}）的上级 ${b.parent} 不在文件中`, en: `${b.code} names parent ${b.parent}, which is not in the file` },
          placeOf(b),
        ),
      );
    } else if (parent.level === DEDICATED || (rank.get(parent.level) ?? -1) >= (rank.get(b.level) ?? Infinity)) {
      findings.push(
        finding(
          'level',
          [b.code, parent.code],
          {
            zh: `${b.code}（${b.level}）不能属于 ${parent.code}（${parent.level}）`,
            en: `${b.code} (${b.level}) cannot be a part of ${parent.code} (${parent.level})`,
          },
          placeOf(b),
        ),
      );
    }
  }
  const rooted = new Set(boundaries.filter((b) => b.parent === null || !byCode.has(b.parent)).map((b): string => b.code));
  const trail = new Set<string>();
  for (const b of byCode.values()) {
    trail.clear();
    for (let at: Boundary | undefined = b; at && !rooted.has(at.code); at = byCode.get(at.parent!)) {
      if (trail.has(at.code)) {
        if (at.code === b.code)
          findings.push(
            finding(
              'cycle',
              [...trail],
              { zh: `上级关系成环：${[...trail].join(' → ')}`, en: `Parents run in a circle: ${[...trail].join(' → ')}` },
              placeOf(b),
            ),
          );
        trail.clear();
        break;
      }
      trail.add(at.code);
    }
    for (const code of trail) rooted.add(code);
  }
  const roots = boundaries.filter((b) => b.parent === null).map((b): string => b.code);
  if (roots.length > 1) {
    findings.push(
      finding(
        'several-roots',
        roots,
        {
          zh: `有 ${roots.length} 个区域没有上级，将并列为顶层；面包屑与总量只能逐个查看`,
          en: `${roots.length} areas have no parent: they stand side by side at the top, and nothing sums them up`,
        },
        null,
        roots.length,
      ),
    );
  }
  return findings;
}

/** A corner of the area: enough to find it on a map. */
function placeOf(boundary: Boundary): LngLat | null {
  const first = polygonsOf(boundary.geometry)[0]?.[0]?.[0];
  return first ? [first[0]!, first[1]!] : null;
}
