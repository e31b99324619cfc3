import { useEffect, useState } from 'react';
import type { Entry } from '../../model/ledger.ts';
import { useApp, useServer } from '../app-context.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { useText } from '../design/use-text.ts';
import { logText, speaker, timeNear } from './dossier/log-text.ts';

const FEW = 8;

/** 经过: what the ledger holds about one alarm, newest first. `changes`: asked again when it is another. */
export function AlarmHistory({ id, changes }: { id: string; changes: unknown }) {
  const { t, at, language } = useText();
  const { commands } = useApp();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [failed, setFailed] = useState(false);
  const [all, setAll] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed alarm has new entries in the ledger
  useEffect(() => {
    const stop = new AbortController();
    commands
      .ledger({ subject: id, limit: 200 }, stop.signal)
      .then((list) => {
        setEntries([...list].sort((a, b) => b.seq - a.seq));
        setFailed(false);
      })
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [commands, id, changes]);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const c = { t, world, language, time: (ms: number, near: number) => timeNear(ms, near, offset, at) };
  const rows = entries ?? [];
  const today = rows[0] ? at(rows[0].at).date : '';
  return (
    <Panel
      id="alarm-log"
      title={t('alarmDetail.history')}
      sub={
        <>
          <span>{failed ? t('alarmDetail.historyFailed') : t('alarmDetail.historyCount', { n: rows.length })}</span>
          {rows.length > FEW && (
            <button type="button" className="plain fold" aria-expanded={all} onClick={() => setAll(!all)}>
              {t(all ? 'dossier.fewer' : 'dossier.all')}
            </button>
          )}
        </>
      }
      fresh={fresh}
    >
      {entries?.length === 0 && <p className="empty">{t('alarmDetail.historyNone')}</p>}
      <ul className={`log ${all ? 'all' : ''}`}>
        {rows.map((e, k) => {
          const { what, said } = logText(c, e);
          const who = speaker(c, e);
          return (
            <li key={e.seq} className={k >= FEW && !all ? 'rest' : ''} data-kind={e.kind}>
              <span className="fig">{at(e.at).date === today ? at(e.at).hms : `${at(e.at).date} ${at(e.at).hm}`}</span>
              <b title={who}>{who}</b>
              <span>
                {what}
                {said && <q>{said}</q>}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
