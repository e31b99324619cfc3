import type { Incident } from '../../../model/incident.ts';
import { useApp, useServer } from '../../app-context.ts';
import { duration } from '../../design/format.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { departmentName, levelName, unitName } from './log-text.ts';

/** 出动力量: who was sent, and how far each has come. */
export function Crew({ incident: i }: { incident: Incident }) {
  const { t, at, language } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  if (i.crew.length === 0 && !i.department) return null;
  return (
    <Panel
      id="crew"
      title={t('crew.title')}
      n={i.crew.length}
      {...(i.department ? { sub: t('crew.department', { name: departmentName(world, i.department, language) }) } : {})}
      fresh={fresh}
    >
      {i.crew.length === 0 && <p className="t3">{t('crew.none')}</p>}
      <ul className="crew">
        {i.crew.map((c) => (
          <li key={c.unit}>
            <button type="button" onClick={() => view.setState({ selection: { kind: 'unit', id: c.unit } })}>
              <b>{unitName(world, c.unit)}</b>
              <span>{c.lead ? t('crew.lead') : ''}</span>
              <span className="fig">{t('crew.sent', { at: at(c.sentAt).hms })}</span>
              <span className="fig">{c.acceptedAt === null ? '—' : t('crew.accepted', { at: at(c.acceptedAt).hms })}</span>
              <span className="fig">{c.arrivedAt === null ? '—' : t('crew.arrived', { at: at(c.arrivedAt).hms })}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** 上报层级: which level of the tree answers now, and how long each had it. */
export function Levels({ incident: i }: { incident: Incident }) {
  const { t, at, language } = useText();
  const now = useNow();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  if (i.levels.length === 0) return null;
  const name = (l: Incident['levels'][number]) => levelName({ world, t, language }, l.level, l.area);
  const current = i.levels.at(-1)!;
  const end = i.closedAt ?? now;
  return (
    <Panel id="levels" title={t('levels.title')} sub={t('levels.now', { level: name(current) })} fresh={fresh}>
      <ol className="lvls">
        {i.levels.map((l, k) => (
          <li key={`${l.level} ${l.at}`} className={l === current ? 'on' : ''}>
            <b>{name(l)}</b>
            <span className="fig">
              {t('levels.since', { at: at(l.at).hms, d: duration(Math.max(0, (i.levels[k + 1]?.at ?? end) - l.at)) })}
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** 解决 and 满意, as the caller says, and whether the caller was answered; of a dispute what was agreed. */
export function Verdict({ incident: i }: { incident: Incident }) {
  const { t, at } = useText();
  const fresh = useFreshness();
  if (!i.verdict && i.answeredAt === null && !i.agreement && i.state !== 'closed') return null;
  const v = i.verdict;
  return (
    <Panel id="verdict" title={t('verdict.title')} fresh={fresh}>
      <p className="verdict">
        {i.agreement && (
          <b>
            {t(`verdict.outcome.${i.agreement.outcome}`)}
            {i.agreement.organ && ` · ${t(`verdict.organ.${i.agreement.organ}`)}`}
            {i.agreement.kept !== null && ` · ${t(i.agreement.kept ? 'verdict.kept' : 'verdict.broken')}`}
          </b>
        )}
        <b>
          {v ? t(v.solved ? 'verdict.solved' : 'verdict.unsolved') : t('verdict.notAsked')}
          {v?.satisfaction && ` · ${t(`verdict.satisfaction.${v.satisfaction}`)}`}
        </b>
        <span>
          {i.answeredAt === null
            ? t('verdict.notAnswered')
            : t('verdict.answered', { at: `${at(i.answeredAt).date} ${at(i.answeredAt).hm}` })}
        </span>
      </p>
    </Panel>
  );
}
