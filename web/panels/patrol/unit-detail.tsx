import { useMemo } from 'react';
import { areaLabel } from '../../../model/area.ts';
import { dayStart } from '../../../model/centre.ts';
import { unitStatus } from '../../../model/patrol.ts';
import { roundsNow } from '../../../model/rounds.ts';
import { treeOf, type Unit, type World } from '../../../model/world.ts';
import { useApp, useServer } from '../../app-context.ts';
import { kmh } from '../../design/format.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useNow, useNowEvery } from '../../store/clock.ts';
import { locatorOf } from '../../store/locator.ts';
import { seenOf } from '../../store/units.ts';
import { toPatrol } from '../../store/view-store.ts';
import { StateMark } from './state-mark.tsx';
import { UnitActs } from './unit-acts.tsx';
import { UnitLog } from './unit-log.tsx';
import { tasksByUnit } from './unit-rows.ts';

/** 力量档案: what is known of one unit as of the moment shown, and what can be done about it. */
export function UnitDetail({ id }: { id: string }) {
  const { t } = useText();
  const unit = useServer((s) => s.world.units.get(id));
  if (!unit) return <p className="empty">{t('detail.gone', { id })}</p>;
  return (
    <>
      <Facts unit={unit} />
      <UnitActs key={`acts ${id}`} unit={unit} />
      <Visits unit={unit} />
      <Rounds unit={unit} />
      <UnitLog key={`log ${id}`} unit={unit} />
    </>
  );
}

function Facts({ unit }: { unit: Unit }) {
  const { t, at, span, say } = useText();
  const { latest, view } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const places = useServer((s) => s.places);
  const seen = seenOf(latest, unit);
  const fresh = useFreshness(seen?.at ?? 0, PERIOD.positions);
  const status = unitStatus(world, unit, seen, now);
  const doubted = world.patrols.get(unit.id)?.doubted;
  const tree = treeOf(world);
  const where = seen && places ? locatorOf(places).locate(seen.lngLat) : null;
  const shift = world.centre?.shifts.find((s) => s.code === unit.shift);
  const tasks = useMemo(() => tasksByUnit(world.incidents), [world.incidents]).get(unit.id) ?? [];
  const rows: readonly (readonly [key: string, value: React.ReactNode])[] = [
    [
      t('unitPage.status'),
      <span key="s" className={`pt-status pt-f-${status.state}`} data-status={status.state}>
        <StateMark state={status.state} /> {t(`unitState.${status.state}`)}
        {status.since !== null && (
          <small className="fig t3"> {t('unitPage.since', { at: at(status.since).hm, span: span(Math.max(0, now - status.since)) })}</small>
        )}
      </span>,
    ],
    [
      t('unitPage.fix'),
      seen ? (
        <span key="f" className="fig">
          {t('unitPage.fixOf', { at: at(seen.at).hms, span: span(Math.max(0, now - seen.at)) })}
        </span>
      ) : (
        t('patrolUnits.never')
      ),
    ],
    ...(doubted
      ? [
          [
            t('unitPage.doubt'),
            <span key="d" className="pt-doubt">
              {t('unitPage.doubtOf', {
                reason: t(`devices.quarantine.reasons.${doubted.reason}`),
                tells: t(`devices.quarantine.tells.${doubted.reason}`),
              })}{' '}
              <button type="button" className="plain" onClick={() => toPatrol(view, 'devices', { apart: unit.id })}>
                {t('unitPage.quarantine')}
              </button>
            </span>,
          ] as const,
        ]
      : []),
    ...(seen
      ? [
          [t('unitPage.where'), where ? areaLabel(tree, where) : t('patrolUnits.outside')] as const,
          [
            t('unitPage.speed'),
            <span key="v" className="fig">
              {t('patrolUnits.speed', { n: kmh(seen.speed) })}
            </span>,
          ] as const,
        ]
      : []),
    [t('unitPage.duty'), unit.area ? areaLabel(tree, unit.area) : t('patrolUnits.noArea')],
    [t('unitPage.team'), unit.team || t('patrolUnits.noTeam')],
    [t('unitPage.shift'), shift ? say(shift.name) : t('unitPage.noShift')],
    [
      t('unitPage.tasks'),
      tasks.length === 0
        ? t('unitPage.noTasks')
        : tasks.map((task) => (
            <button key={task} type="button" className="plain" onClick={() => view.setState({ selection: { kind: 'incident', id: task } })}>
              {world.incidents.get(task)?.title ?? task}
            </button>
          )),
    ],
  ];
  return (
    <Panel id="unit" className="pt-unit" title={unit.name} sub={t(`roles.${unit.role}`)} fresh={fresh}>
      <dl className="facts">
        {rows.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

/** Visits the world keeps of today, the latest first; all others are in the ledger. */
function visitsOf(visits: World['visits'], unit: string, from: number, to: number) {
  const out: { area: Parameters<World['visits']['get']>[0]; at: number }[] = [];
  for (const [area, v] of visits)
    for (const { unit: who, at } of v.today) if (who === unit && at >= from && at <= to) out.push({ area, at });
  return out.sort((a, b) => b.at - a.at);
}

function Visits({ unit }: { unit: Unit }) {
  const { t, at } = useText();
  const { view } = useApp();
  const now = useNowEvery(5000);
  const fresh = useFreshness();
  const visits = useServer((s) => s.world.visits);
  const areas = useServer((s) => s.world.areas);
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  const tree = treeOf({ areas });
  const start = dayStart(now, offset);
  const list = useMemo(() => visitsOf(visits, unit.id, start, now + 5000), [visits, unit.id, start, now]);
  const places = new Set(list.map((v) => v.area)).size;
  return (
    <Panel
      id="unit-visits"
      title={t('unitPage.visits')}
      n={list.length}
      {...(list.length ? { sub: t('unitPage.visitsSub', { n: places }) } : {})}
      fresh={fresh}
    >
      {list.length === 0 && <p className="t3">{t('unitPage.noVisits')}</p>}
      <ul className="pt-list">
        {list.slice(0, 20).map((v) => (
          <li key={`${v.area} ${v.at}`}>
            <span className="fig">{at(v.at).hm}</span>
            <button type="button" className="pt-link" onClick={() => view.setState({ selection: { kind: 'area', id: v.area } })}>
              {areaLabel(tree, v.area)}
            </button>
          </li>
        ))}
        {list.length > 20 && <li className="t3">{t('queue.more', { n: list.length - 20 })}</li>}
      </ul>
    </Panel>
  );
}

/** Today's rounds it may make: those that name it, or that lead through its own area. */
function Rounds({ unit }: { unit: Unit }) {
  const { t } = useText();
  const { view } = useApp();
  const now = useNowEvery(5000);
  const fresh = useFreshness();
  const world = useServer((s) => s.world);
  const tree = treeOf(world);
  const { centre, rounds, visits } = world;
  const today = useMemo(() => roundsNow({ centre, rounds, visits }, now), [centre, rounds, visits, now]);
  const own = unit.area;
  const list = today.filter(({ round }) =>
    round.units ? round.units.includes(unit.id) : own !== null && (tree.isWithin(round.area, own) || tree.isWithin(own, round.area)),
  );
  return (
    <Panel id="unit-rounds" title={t('unitPage.rounds')} n={list.length} fresh={fresh}>
      {list.length === 0 && <p className="t3">{t('unitPage.noRounds')}</p>}
      <ul className="pt-list">
        {list.slice(0, 12).map((p) => (
          <li key={p.round.id}>
            <span className="fig">{t('unitPage.roundOf', { from: p.round.from, to: p.round.to })}</span>
            <button type="button" className="pt-link" onClick={() => toPatrol(view, 'rounds', { round: p.round.id })}>
              {areaLabel(tree, p.round.area)} · {p.round.name}
            </button>
            <span className="fig">
              {p.visited.length}/{p.round.stops.length} {t(`patrolRounds.state.${p.state}`)}
            </span>
          </li>
        ))}
        {list.length > 12 && <li className="t3">{t('queue.more', { n: list.length - 12 })}</li>}
      </ul>
    </Panel>
  );
}
