import { type Clock, clockNames, workTimeOf } from '../../../model/clock.ts';
import { firstMark, handledAt, type Incident } from '../../../model/incident.ts';
import { useServer } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { useLimitText } from './limit-text.ts';

/** When each clock stopped counting; null = it still runs. */
const stoppedAt = (i: Incident, name: (typeof clockNames)[number]): number | null => {
  if (name === 'file') return firstMark(i, 'file')?.at ?? i.closedAt;
  if (name === 'dispatch') return i.marks.findLast((m) => m.step === 'dispatch')?.at ?? i.closedAt;
  return handledAt(i) ?? i.closedAt ?? i.pausedAt;
};

/** 立案 派遣 处置: each limit with its unit and what set it, its end, and how much is used. */
export function Clocks({ incident: i }: { incident: Incident }) {
  const { t, at } = useText();
  const limit = useLimitText();
  const now = useNow();
  const centre = useServer((s) => s.world.centre);
  const fresh = useFreshness();
  const calendar = clockNames.map((n) => i.clocks[n]?.calendar).find((v) => v);
  /** per cent of the time this clock counts that is used; over 100 when overdue */
  const used = (c: Clock, until: number) => {
    const work = workTimeOf(centre);
    const total = work.between(c.from, c.due, c.unit);
    return total <= 0 ? 100 : Math.round((100 * Math.max(0, work.between(c.from, until, c.unit))) / total);
  };
  return (
    <Panel id="clocks" title={t('clocks.title')} {...(calendar ? { sub: t('clocks.sub', { version: calendar }) } : {})} fresh={fresh}>
      <ul className="clk">
        {clockNames.map((name) => {
          const c = i.clocks[name];
          const share = c ? used(c, stoppedAt(i, name) ?? now) : 0;
          return (
            <li key={name} className={share > 100 ? 'over' : ''}>
              <b>{t(`clocks.${name}`)}</b>
              {c ? (
                <>
                  <span>{t('clocks.basis', { limit: c.n === null ? t('clocks.given') : limit(c), at: at(c.from).hm })}</span>
                  <span className="fig">{t('clocks.due', { date: at(c.due).date, at: at(c.due).hm })}</span>
                  <span className="sla">
                    <i style={{ width: `${Math.min(100, share)}%` }} />
                  </span>
                  <em>
                    {t('clocks.used', { share })}
                    {c.by !== 'category' && ` · ${t(`clocks.by.${c.by}`)}`}
                  </em>
                </>
              ) : (
                <span className="t3">{t(name === 'dispatch' && i.state === 'reported' ? 'clocks.notStarted' : 'clocks.none')}</span>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
