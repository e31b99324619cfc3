import { areaLabel } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import type { RoundProgress, RoundStop } from '../../../model/rounds.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer } from '../../app-context.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';

/** One round of today: how far it has come; opened, its stops. */
export function RoundCard({ of: p, open }: { of: RoundProgress; open: boolean }) {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const tree = treeOf(world);
  const all = p.round.stops.length;
  const missed = p.state === 'over' ? p.missed.length : 0;
  return (
    <li className={`pt-round ${open ? 'sel' : ''}`} data-round={p.round.id} data-made={p.visited.length} data-stops={all}>
      <button
        type="button"
        data-row={p.round.id}
        aria-expanded={open}
        onClick={() => narrow(view, { round: open ? undefined : p.round.id })}
      >
        <b>{areaLabel(tree, p.round.area)}</b>
        <span className="pt-bar" aria-hidden="true">
          <i style={{ width: `${(100 * p.visited.length) / all}%` }} />
        </span>
        <span className="fig">{t('patrolRounds.progress', { made: p.visited.length, all })}</span>
        <span className="pt-next">
          {missed > 0 ? (
            <span className="p3">
              <PriorityGlyph priority={3} u={13} /> {t('patrolRounds.missed', { n: missed })}
            </span>
          ) : p.next ? (
            `${t('patrolRounds.next')} ${areaLabel(tree, p.next)}`
          ) : p.state === 'over' ? (
            t('patrolRounds.complete')
          ) : (
            ''
          )}
        </span>
      </button>
      {open && (
        <>
          <p className="pt-round-note t3">
            {p.round.name} · {t('patrolRounds.stops')} ·{' '}
            {t(!p.round.ordered ? 'patrolRounds.order.free' : p.inOrder ? 'patrolRounds.order.ordered' : 'patrolRounds.order.broken')}
            {p.closed && ` · ${t('patrolRounds.closed')}`}
          </p>
          <RoundStops stops={p.round.stops} visited={p.visited} next={p.next} over={p.state === 'over'} />
        </>
      )}
    </li>
  );
}

/** 点位 in the expected order: who was there and when, what was missed, what comes next. */
export function RoundStops(props: {
  readonly stops: readonly AreaCode[];
  readonly visited: readonly RoundStop[];
  readonly next: AreaCode | null;
  readonly over: boolean;
}) {
  const { t, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const tree = treeOf(world);
  const made = new Map(props.visited.map((v) => [v.area, v]));
  return (
    <ol className="pt-stops">
      {props.stops.map((stop, i) => {
        const v = made.get(stop);
        const state = v ? 'made' : stop === props.next ? 'next' : props.over ? 'missed' : 'open';
        return (
          <li key={stop} className={`pt-stop pt-stop-${state}`} data-stop={stop} data-stop-state={state}>
            <span className="fig t3">{i + 1}</span>
            <button type="button" className="pt-link" onClick={() => view.setState({ selection: { kind: 'area', id: stop } })}>
              {areaLabel(tree, stop)}
            </button>
            {v ? (
              <button type="button" className="pt-link" onClick={() => view.setState({ selection: { kind: 'unit', id: v.unit } })}>
                {t('patrolRounds.visited', { at: at(v.at).hm, who: world.units.get(v.unit)?.name ?? v.unit })}
              </button>
            ) : (
              <span className={state === 'missed' ? 'p3' : 't3'}>
                {state === 'missed' && <PriorityGlyph priority={3} u={12} />}{' '}
                {t(state === 'missed' ? 'patrolRounds.missedStop' : state === 'next' ? 'patrolRounds.next' : 'patrolRounds.notYet')}
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}
