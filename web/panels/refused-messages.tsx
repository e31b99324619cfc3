import './refused-messages.css';
import { useEffect, useState } from 'react';
import type { RefusedMessage } from '../../model/wire.ts';
import { useServer } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { useText } from '../design/use-text.ts';
import { ApiError, get } from '../http.ts';
import { useRealNow } from '../store/clock.ts';

interface Answer {
  readonly refusals: readonly RefusedMessage[];
  readonly unknown: readonly { device: string; door: string; where: string; messages: number; lastAt: number }[];
}
const ASK_MS = 5000;
/** the server keeps so many of each door */
const KEPT = 200;

/** 最近拒收: what each door turned away and why, and the devices that nobody has registered. */
export function RefusedMessages() {
  const { t } = useText();
  const moment = useMoment();
  const role = useServer((s) => s.actor?.role);
  const mayLook = role === 'supervisor' || role === 'admin';
  const { answer, error } = useRefusals(mayLook);
  if (!mayLook) return <p className="t3">{t('refused.only')}</p>;
  if (error) return <p className="t3">{t('refused.failed', { rule: error })}</p>;
  if (!answer) return null;
  const doors = [...new Set(answer.refusals.map((r) => r.door))].sort();
  return (
    <section className="fc-refused" aria-label={t('refused.title')}>
      <h3>
        {t('refused.title')} <small>{t('refused.sub', { n: KEPT })}</small>
      </h3>
      {doors.length === 0 && <p className="t3">{t('refused.none')}</p>}
      {answer.unknown.length > 0 && (
        <>
          <h4>
            {t('refused.unknown')} {grouped(answer.unknown.length)} <small>{t('refused.unknownSub')}</small>
          </h4>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('refused.device')}</th>
                <th scope="col">{t('sources.door')}</th>
                <th scope="col">{t('refused.where')}</th>
                <th scope="col" className="fc-num">
                  {t('refused.messages')}
                </th>
                <th scope="col" className="fc-num">
                  {t('refused.time')}
                </th>
              </tr>
            </thead>
            <tbody>
              {answer.unknown.map((u) => (
                <tr key={`${u.door} ${u.device}`}>
                  <th scope="row">{u.device}</th>
                  <td>{u.door}</td>
                  <td>{u.where}</td>
                  <td className="fc-num" data-label={t('refused.messages')}>
                    {grouped(u.messages)}
                  </td>
                  <td className="fc-num">{moment(u.lastAt)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {doors.map((door) => (
        <OfDoor key={door} door={door} list={answer.refusals.filter((r) => r.door === door)} />
      ))}
    </section>
  );
}

function OfDoor({ door, list }: { door: string; list: readonly RefusedMessage[] }) {
  const { t } = useText();
  const moment = useMoment();
  return (
    <>
      <h4>
        {door} {grouped(list.length)}
      </h4>
      <table className="fc-of-door">
        <thead>
          <tr>
            <th scope="col">{t('refused.time')}</th>
            <th scope="col">{t('refused.where')}</th>
            <th scope="col">{t('refused.mapping')}</th>
            <th scope="col">{t('refused.why')}</th>
            <th scope="col">{t('refused.begins')}</th>
          </tr>
        </thead>
        <tbody>
          {list.map((r, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: equal messages may come in the same millisecond
            <tr key={`${r.at} ${i}`}>
              <td>{moment(r.at)}</td>
              <td>{r.where}</td>
              <td data-label={t('refused.mapping')}>{r.mapping ?? '—'}</td>
              <td>
                <b>{r.field}</b> {r.rule}
              </td>
              <td className="fc-begins">
                <code>{r.payload}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** What was refused on another day says which: a door keeps its refusals until newer ones come. */
function useMoment() {
  const { at } = useText();
  const now = useRealNow();
  return (ms: number) => (at(ms).date === at(now).date ? at(ms).hms : `${at(ms).date} ${at(ms).hms}`);
}

function useRefusals(mayLook: boolean) {
  const [state, setState] = useState<{ answer: Answer | null; error: string | null }>({ answer: null, error: null });
  useEffect(() => {
    if (!mayLook) return;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async () => {
      try {
        setState({ answer: await get<Answer>('/api/v1/doors/refusals', {}, stop.signal), error: null });
      } catch (e) {
        if (!stop.signal.aborted) setState((s) => ({ ...s, error: e instanceof ApiError ? e.message : String(e) }));
      }
      if (!stop.signal.aborted) timer = setTimeout(look, ASK_MS);
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [mayLook]);
  return state;
}
