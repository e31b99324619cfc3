import { useServer } from '../../app-context.ts';
import type { CameraRow } from '../../cameras-api.ts';
import { useText } from '../../design/use-text.ts';

/** 在线 2 时 · □ 离线 18 分 (hollow, as on the map) · – 未报告 (of the past: not kept); ages by the answer's own clock. */
export function StateWord({ row, at }: { row: CameraRow | undefined; at: number }) {
  const { t, span } = useText();
  const past = useServer((s) => s.past);
  if (!row) return <span className="t3">–</span>;
  if (row.online === null || row.since === null)
    return <span className="cm-state t3">– {t(past ? 'replay.notKept' : 'cameras.unknown')}</span>;
  const words = t(row.online ? 'cameras.onlineFor' : 'cameras.offlineFor', { age: span(Math.max(0, at - row.since)) });
  return <span className={row.online ? 'cm-state' : 'cm-state cm-off'}>{row.online ? words : `□ ${words}`}</span>;
}
