import { useMemo } from 'react';
import type { Incident } from '../../../model/incident.ts';
import type { Entry } from '../../../model/ledger.ts';
import { useServer } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { RecordPanel, type RecordRow } from '../record-panel.tsx';
import { useEntries } from '../use-entries.ts';
import { actorName, logText, speaker, timeNear } from './log-text.ts';

/** Rows shown before "all" is asked for; on paper all of them. */
const FEW = 5;

/** The ledger's entries about an incident and its alarm, newest first; null = not fetched yet. */
function useIncidentLog(i: Incident) {
  const { lists, failed } = useEntries([i.id, ...(i.alarm ? [i.alarm] : [])], i);
  const entries = useMemo((): readonly Entry[] | null => {
    if (!lists) return null;
    const began = Math.min(...(lists[0] ?? []).map((e) => e.at));
    // an alarm may have gone on and off many times before: only this incident's time counts
    const own = lists.flatMap((list, k) => (k === 0 ? list : list.filter((e) => e.at >= began - 600_000)));
    return own.sort((a, b) => b.seq - a.seq);
  }, [lists]);
  return { entries, failed };
}

/** 现场记录: everything the ledger holds about it. */
export function Log({ incident: i, onOpen }: { incident: Incident; onOpen: (hash: string) => void }) {
  const { t, at, language } = useText();
  const world = useServer((s) => s.world);
  const { entries, failed } = useIncidentLog(i);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const context = { t, world, language, time: (ms: number, near: number) => timeNear(ms, near, offset, at) };
  const known = (): RecordRow[] =>
    i.marks
      .map((m, k) => ({
        key: `${k}`,
        at: m.at as number,
        who: actorName(context, m.actor),
        what: t(`step.${m.step}`),
        said: m.note ?? '',
      }))
      .reverse();
  const told = (e: Entry): RecordRow => {
    const { what, said } = logText(context, e);
    const opened = e.kind === 'incident.attached' && (
      <button type="button" className="plain" onClick={() => onOpen(e.body.hash)}>
        {what}
      </button>
    );
    return { key: String(e.seq), at: e.at, who: speaker(context, e), what: opened || what, said, kind: e.kind };
  };
  const rows = entries?.length ? entries.map(told) : known();
  return (
    <RecordPanel
      id="log"
      title={t('dossier.log')}
      count={failed ? t('dossier.logFailed') : t('dossier.logCount', { n: rows.length })}
      rows={rows}
      few={FEW}
    />
  );
}
