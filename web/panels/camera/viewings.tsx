import { useEffect, useState } from 'react';
import { ruleOfAlarm } from '../../../model/alarm-rules.ts';
import type { Entry } from '../../../model/ledger.ts';
import { incidentOf } from '../../../model/world.ts';
import { useApp, useServer } from '../../app-context.ts';
import { fetchViewings } from '../../cameras-api.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useLive } from './live.tsx';

type Viewing = Entry<'camera.viewed'>;
const HOURS = 24;
const ROWS = 60;
const ASK_MS = 30_000;
/** A view that was just asked for is an entry by then. */
const SOON_MS = 1000;

/** 调阅记录: who looked through which camera, when, on account of what; straight from the ledger. Accounts, never names. */
export function Viewings() {
  const { t, at, say } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const { entries, heardAt, failed } = useViewings();
  const fresh = useFreshness(heardAt, ASK_MS);
  const why = ({ incident, alarm }: Viewing['body']) => {
    if (incident) return t('cameras.whyIncident', { no: incidentOf(world, incident)?.no ?? incident });
    if (!alarm) return t('cameras.whyNone');
    const rule = ruleOfAlarm(world, alarm);
    return t('cameras.whyAlarm', { name: rule ? say(rule.name) : alarm });
  };
  const title = t('cameras.viewings');
  return (
    <Panel
      id="viewings"
      className="cm-viewings"
      title={title}
      {...(entries ? { sub: t('cameras.viewingsOf', { h: HOURS, n: entries.length }) } : {})}
      fresh={fresh}
    >
      {failed && <p className="empty">{t('cameras.viewingsFailed', { rule: failed })}</p>}
      {entries?.length === 0 && <p className="empty">{t('cameras.noViewings', { h: HOURS })}</p>}
      {entries && entries.length > 0 && (
        <table>
          <thead>
            <tr>
              {(['when', 'who', 'which', 'why'] as const).map((c) => (
                <th key={c} scope="col">
                  {t(`cameras.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, ROWS).map((e) => (
              <tr key={e.seq}>
                <td className="fig">{at(e.at).hms}</td>
                <td>{e.actor}</td>
                <td>
                  <button
                    type="button"
                    className="plain"
                    onClick={() => view.setState({ selection: { kind: 'camera', id: e.body.camera } })}
                  >
                    {world.cameras.get(e.body.camera)?.name ?? e.body.camera}
                  </button>
                </td>
                <td>{why(e.body)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {entries && entries.length > ROWS && <p className="t3">{t('cameras.more', { n: entries.length - ROWS })}</p>}
    </Panel>
  );
}

/** The last day's, asked for again at intervals, and soon after a picture was opened here. */
function useViewings() {
  const { wishes } = useLive();
  const [state, setState] = useState<{ entries: readonly Viewing[] | null; heardAt: number; failed: string | null }>({
    entries: null,
    heardAt: 0,
    failed: null,
  });
  const { server } = useApp();
  useEffect(() => {
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const now = () => Date.now() + server.getState().clockOffset;
    async function ask() {
      try {
        const entries = await fetchViewings(now() - HOURS * 3_600_000, gone.signal);
        setState({ entries, heardAt: now(), failed: null });
      } catch (error) {
        if (!gone.signal.aborted) setState((s) => ({ ...s, failed: error instanceof Error ? error.message : String(error) }));
      }
      if (!gone.signal.aborted) timer = setTimeout(() => void ask(), ASK_MS);
    }
    timer = setTimeout(() => void ask(), wishes.length ? SOON_MS : 0);
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [server, wishes]);
  return state;
}
