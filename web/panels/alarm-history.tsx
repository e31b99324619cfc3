import { useServer } from '../app-context.ts';
import { useText } from '../design/use-text.ts';
import { logText, speaker, timeNear } from './dossier/log-text.ts';
import { RecordPanel } from './record-panel.tsx';
import { useEntries } from './use-entries.ts';

const FEW = 8;

/** 经过: what the ledger holds about one alarm, newest first. `changes`: asked again when it is another. */
export function AlarmHistory({ id, changes }: { id: string; changes: unknown }) {
  const { t, at, language } = useText();
  const world = useServer((s) => s.world);
  const { lists, failed } = useEntries([id], changes);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const c = { t, world, language, time: (ms: number, near: number) => timeNear(ms, near, offset, at) };
  const rows = [...(lists?.[0] ?? [])]
    .sort((a, b) => b.seq - a.seq)
    .map((e) => ({ key: String(e.seq), at: e.at, who: speaker(c, e), kind: e.kind, ...logText(c, e) }));
  return (
    <RecordPanel
      id="alarm-log"
      title={t('alarmDetail.history')}
      count={failed ? t('alarmDetail.historyFailed') : t('alarmDetail.historyCount', { n: rows.length })}
      rows={rows}
      few={FEW}
    >
      {lists && rows.length === 0 && <p className="empty">{t('alarmDetail.historyNone')}</p>}
    </RecordPanel>
  );
}
