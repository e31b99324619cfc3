import { useMemo } from 'react';
import { type RoundProgress, roundsNow } from '../../../model/rounds.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useNowEvery } from '../../store/clock.ts';
import { narrow } from '../../store/view-store.ts';
import { useMapBeside } from '../sensing/map-slot.ts';
import { RoundCard } from './round-card.tsx';
import { PastRounds } from './rounds-past.tsx';
import { roundsShade } from './rounds-shade.ts';

const layers = { units: true, sensors: false, cameras: false, incidents: false, density: false } as const;
const shows = ['today', 'past'] as const;

/** 巡防 · 巡查: today's rounds with their stops in the expected order, and those of past days with what was missed. */
export function RoundsTab() {
  const { t } = useText();
  const params = useView((s) => s.params);
  const area = useView((s) => s.area);
  const world = useServer((s) => s.world);
  const now = useNowEvery(5000);
  const fresh = useFreshness();
  const { centre, rounds, visits, areas } = world;
  const today = useMemo(() => {
    const tree = treeOf({ areas });
    return roundsNow({ centre, rounds, visits }, now).filter(
      ({ round }) => area === null || tree.isWithin(round.area, area) || round.stops.some((s) => tree.isWithin(s, area)),
    );
  }, [centre, rounds, visits, areas, area, now]);
  const past = params.show === 'past';
  const missed = params.missed === 'only';
  const chosen = today.find((p) => p.round.id === params.round);
  const words = useMemo(
    () => ({
      title: chosen?.round.name ?? '',
      made: t('patrolRounds.legend.made'),
      open: t('patrolRounds.legend.open'),
      next: t('patrolRounds.next'),
    }),
    [t, chosen?.round.name],
  );
  const shade = useMemo(() => (chosen ? roundsShade(chosen, words) : undefined), [chosen, words]);
  useMapBeside(useMemo(() => ({ layers, ...(shade && { shade }) }), [shade]));
  const count = (state: RoundProgress['state']) => today.filter((p) => p.state === state).length;
  const shown = missed ? today.filter((p) => p.state === 'over' && p.missed.length > 0) : today;
  return (
    <Panel
      id="rounds"
      className="pt-rounds"
      title={t(past ? 'patrolRounds.past' : 'patrolRounds.title')}
      {...(past
        ? {}
        : { n: today.length, sub: t('patrolRounds.sub', { running: count('running'), over: count('over'), ahead: count('ahead') }) })}
      fresh={fresh}
    >
      <Choices past={past} missed={missed} />
      {past ? (
        <PastRounds missed={missed} />
      ) : shown.length === 0 ? (
        <p className="empty">{t(rounds.size === 0 ? 'patrolRounds.none' : 'patrolRounds.noneToday')}</p>
      ) : (
        <div className="pt-scroll">
          {byWindow(shown).map(([window, list]) => (
            <section key={window} className="pt-window" aria-label={window}>
              <h3>
                <b className="fig">{window}</b>
                <span className="t3">
                  {t(`patrolRounds.state.${list[0]!.state}`)} ·{' '}
                  {t('patrolRounds.made', {
                    made: list.reduce((n, p) => n + p.visited.length, 0),
                    all: list.reduce((n, p) => n + p.round.stops.length, 0),
                  })}
                </span>
              </h3>
              <ul>
                {list.map((p) => (
                  <RoundCard key={p.round.id} of={p} open={p.round.id === params.round} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
    </Panel>
  );
}

/** 上午 08:00-12:00 and so on, in order of their beginning. */
function byWindow(list: readonly RoundProgress[]): [string, RoundProgress[]][] {
  const out = new Map<string, RoundProgress[]>();
  for (const p of list) {
    const key = `${p.round.from}-${p.round.to}`;
    const group = out.get(key);
    if (group) group.push(p);
    else out.set(key, [p]);
  }
  return [...out];
}

function Choices({ past, missed }: { past: boolean; missed: boolean }) {
  const { t } = useText();
  const { view } = useApp();
  return (
    <div className="pt-filters">
      <fieldset className="pt-states pt-measures">
        <legend className="sr">{t('patrolRounds.show')}</legend>
        {shows.map((s) => (
          <button
            key={s}
            type="button"
            data-show={s}
            aria-pressed={past === (s === 'past')}
            onClick={() => narrow(view, { show: s === 'past' ? s : undefined })}
          >
            {t(`patrolRounds.shows.${s}`)}
          </button>
        ))}
      </fieldset>
      <label className="pt-check">
        <input type="checkbox" checked={missed} onChange={(e) => narrow(view, { missed: e.target.checked ? 'only' : undefined })} />
        {t('patrolRounds.only')}
      </label>
    </div>
  );
}
