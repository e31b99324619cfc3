import { useEffect, useMemo, useState } from 'react';
import { areaLabel } from '../../../model/area.ts';
import { dayKey } from '../../../model/centre.ts';
import type { Entry } from '../../../model/ledger.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { useNowEvery } from '../../store/clock.ts';
import { narrow } from '../../store/view-store.ts';
import { RoundStops } from './round-card.tsx';

const DAYS = 7;
const MOST = 2000;
const SHOWN = 400;
type Closed = Entry<'round.closed'>;

/** 往日巡查: facts of the ledger of rounds whose window is over, the latest first; one opens to what was visited and what was missed. */
export function PastRounds({ missed }: { missed: boolean }) {
  const { t } = useText();
  const area = useView((s) => s.area);
  const params = useView((s) => s.params);
  const world = useServer((s) => s.world);
  const { entries, failed } = useClosed();
  const tree = treeOf(world);
  const list = (entries ?? []).filter(
    ({ body }) => (area === null || tree.isWithin(body.area, area)) && (!missed || body.missed.length > 0),
  );
  if (failed !== null) return <p className="p2">{t('patrolRounds.pastFailed', { rule: failed })}</p>;
  if (entries === null) return <p className="t3">{t('patrolRounds.loading')}</p>;
  if (list.length === 0) return <p className="empty">{t('patrolRounds.pastNone')}</p>;
  return (
    <div className="pt-scroll">
      <p className="pt-round-note t3">
        {t('patrolRounds.pastSub', { days: DAYS, missed: list.reduce((n, e) => n + e.body.missed.length, 0) })}
        {list.length > SHOWN && ` · ${t('patrolRounds.cut', { n: SHOWN })}`}
      </p>
      <table className="pt-table pt-past">
        <thead>
          <tr>
            {(['day', 'window', 'round', 'made', 'missed', 'order'] as const).map((c) => (
              <th key={c} scope="col" className={`pt-p-${c}`}>
                {t(`patrolRounds.col.${c}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.slice(0, SHOWN).map((e) => (
            <Row key={e.seq} entry={e} open={params.closed === String(e.seq)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Closings of the last days, the latest first; asked again when a round is closed and when another day begins. */
function useClosed() {
  const { commands } = useApp();
  const now = useNowEvery(60_000);
  const rounds = useServer((s) => s.world.rounds);
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  const day = dayKey(now, offset);
  const [entries, setEntries] = useState<readonly Closed[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const from = useMemo(() => Date.parse(`${day}T00:00:00Z`) - offset * 60_000 - DAYS * 86_400_000, [day, offset]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a closed round has changed the rounds of the world
  useEffect(() => {
    const stop = new AbortController();
    commands
      .ledger({ kinds: ['round.closed'], from, limit: MOST }, stop.signal)
      .then((found) => {
        setEntries(found.filter((e): e is Closed => e.kind === 'round.closed').reverse());
        setFailed(null);
      })
      .catch((e: unknown) => stop.signal.aborted || setFailed(e instanceof Error ? e.message : String(e)));
    return () => stop.abort();
  }, [commands, from, rounds]);
  return { entries, failed };
}

function Row({ entry: { seq, body }, open }: { entry: Closed; open: boolean }) {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const round = world.rounds.get(body.round);
  const all = body.visited.length + body.missed.length;
  const stops = round?.stops ?? [...body.visited.map((v) => v.area), ...body.missed];
  const known = new Set([...body.visited.map((v) => v.area), ...body.missed]);
  return (
    <>
      <tr className={open ? 'sel' : ''} data-closed={seq} data-missed={body.missed.length}>
        <td className="fig">{body.day.slice(5)}</td>
        <td className="fig">{round ? t('patrolRounds.window', { from: round.from, to: round.to }) : '—'}</td>
        <td>
          <button
            type="button"
            className="pt-link"
            data-row={seq}
            aria-expanded={open}
            onClick={() => narrow(view, { closed: open ? undefined : String(seq) })}
          >
            {areaLabel(treeOf(world), body.area)} · {round?.name ?? body.round}
          </button>
        </td>
        <td className="fig">{t('patrolRounds.progress', { made: body.visited.length, all })}</td>
        <td>
          {body.missed.length > 0 ? (
            <span className="p3">
              <PriorityGlyph priority={3} u={13} /> {t('patrolRounds.missed', { n: body.missed.length })}
            </span>
          ) : (
            t('patrolRounds.complete')
          )}
        </td>
        <td>{t(body.inOrder ? 'patrolRounds.inOrder' : 'patrolRounds.outOfOrder')}</td>
      </tr>
      {open && (
        <tr className="pt-open">
          <td colSpan={6}>
            <RoundStops stops={stops.filter((s) => known.has(s))} visited={body.visited} next={null} over />
          </td>
        </tr>
      )}
    </>
  );
}
