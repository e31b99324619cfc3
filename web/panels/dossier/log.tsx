import { useEffect, useState } from 'react';
import type { Incident } from '../../../model/incident.ts';
import type { Entry } from '../../../model/ledger.ts';
import { useApp, useServer } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { actorName, logText, speaker, timeNear } from './log-text.ts';

/** Rows shown before "all" is asked for; on paper all of them. */
const FEW = 5;

/** The ledger's entries about an incident and its alarm, newest first; null = not fetched yet. */
export function useIncidentLog(i: Pick<Incident, 'id' | 'alarm'>, changes: unknown) {
  const { commands } = useApp();
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [failed, setFailed] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed incident has new entries in the ledger
  useEffect(() => {
    const stop = new AbortController();
    const subjects = [i.id, ...(i.alarm ? [i.alarm] : [])];
    Promise.all(subjects.map((subject) => commands.ledger({ subject, limit: 200 }, stop.signal)))
      .then((lists) => {
        const began = Math.min(...(lists[0] ?? []).map((e) => e.at));
        // an alarm may have gone on and off many times before: only this incident's time counts
        const own = lists.flatMap((list, k) => (k === 0 ? list : list.filter((e) => e.at >= began - 600_000)));
        setEntries(own.sort((a, b) => b.seq - a.seq));
        setFailed(false);
      })
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [commands, i.id, i.alarm, changes]);
  return { entries, failed };
}

/** 现场记录: everything the ledger holds about it. */
export function Log({ incident: i, onOpen }: { incident: Incident; onOpen: (hash: string) => void }) {
  const { t, at, language } = useText();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  const [all, setAll] = useState(false);
  const { entries, failed } = useIncidentLog(i, i);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const context = { t, world, language, time: (ms: number, near: number) => timeNear(ms, near, offset, at) };
  const known = i.marks
    .map((m, k) => ({
      key: `${k}`,
      at: m.at as number,
      who: actorName(context, m.actor),
      what: t(`step.${m.step}`),
      said: m.note ?? '',
      file: '',
    }))
    .reverse();
  const rows = entries?.length
    ? entries.map((e) => ({
        key: String(e.seq),
        at: e.at as number,
        who: speaker(context, e),
        ...logText(context, e),
        file: e.kind === 'incident.attached' ? (e.body as { hash: string }).hash : '',
      }))
    : known;
  const today = at(rows[0]?.at ?? 0).date;
  return (
    <Panel
      id="log"
      title={t('dossier.log')}
      sub={
        <>
          <span>{failed ? t('dossier.logFailed') : t('dossier.logCount', { n: rows.length })}</span>
          {rows.length > FEW && (
            <button type="button" className="plain fold" aria-expanded={all} onClick={() => setAll(!all)}>
              {t(all ? 'dossier.fewer' : 'dossier.all')}
            </button>
          )}
        </>
      }
      fresh={fresh}
    >
      <ul className={`log ${all ? 'all' : ''}`}>
        {rows.map((r, k) => (
          <li key={r.key} className={k >= FEW ? 'rest' : ''}>
            <span className="fig">{at(r.at).date === today ? at(r.at).hms : `${at(r.at).date} ${at(r.at).hm}`}</span>
            <b title={r.who}>{r.who}</b>
            <span>
              {r.file ? (
                <button type="button" className="plain" onClick={() => onOpen(r.file)}>
                  {r.what}
                </button>
              ) : (
                r.what
              )}
              {r.said && <q>{r.said}</q>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
