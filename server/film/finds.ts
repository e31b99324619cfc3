import type { Actor } from '../../model/access.ts';
import type { EntryKind } from '../../model/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Happening, Happenings, Mark } from '../store/happenings.ts';
import { scopeOf } from '../stream/scope.ts';
import { inTurn } from './in-turn.ts';

/** What one steps from and to where no kinds are named; of alarms those of priority 1 and 2. */
export const usualKinds: readonly EntryKind[] = ['incident.reported', 'incident.closed', 'incident.whistle-blown', 'alarm.raised'];
const MOST_MARKS = 300;
/** happenings looked through at a time, and pages of them for who sees little: then there is none near */
const PAGE = 100;
const PAGES = 20;
const DENSITY_MS = 5_000;

export interface Density {
  readonly from: number;
  readonly to: number;
  readonly binMs: number;
  readonly counts: readonly number[];
  readonly marks: readonly Omit<Mark, 'area'>[];
}
export interface Finds {
  /** @throws Refused 400 when the time is empty */
  density(actor: Actor, from: number, to: number, bins: number): Promise<Density>;
  event(
    actor: Actor,
    asked: {
      readonly at: number;
      readonly seq?: number | undefined;
      readonly dir: 'next' | 'prev';
      readonly kinds?: readonly string[] | undefined;
    },
  ): Promise<Omit<Happening, 'area'> | null>;
}

/** Where in the past something is to be found. A reader hears of what lies within the own area by the boundaries of now. */
export function openFinds({
  ledger,
  happenings,
  now,
}: {
  ledger: Pick<Ledger, 'world'>;
  happenings: Happenings;
  now: () => number;
}): Finds {
  const densities = inTurn<Density>({ atOnce: 1, waiting: 32, keep: 16, keepMs: DENSITY_MS, now });

  async function density(actor: Actor, from: number, to: number, bins: number): Promise<Density> {
    const { sees } = scopeOf(actor, ledger.world);
    const binMs = Math.ceil((to - from) / bins);
    const counts = new Array<number>(bins).fill(0);
    for (const { bin, area, n } of await happenings.density(from, to, binMs)) if (sees(area)) counts[bin]! += n;
    const marks = (await happenings.marks(from, to, MOST_MARKS * 10)).filter((m) => sees(m.area)).slice(0, MOST_MARKS);
    return { from, to, binMs, counts, marks: marks.map(({ area: _, ...mark }) => mark) };
  }

  return {
    async density(actor, from, to, bins) {
      if (to <= from) throw new Refused(400, 'to', 'later than from');
      if (bins < 1) throw new Refused(400, 'bins', 'at least 1');
      return densities(`${scopeOf(actor, ledger.world).name} ${from} ${to} ${bins}`, () => density(actor, from, to, bins));
    },
    async event(actor, { at, seq, dir, kinds }) {
      const { sees } = scopeOf(actor, ledger.world);
      // everything of the very moment is behind, or ahead: one does not stay where one is
      let from = { at, seq: seq ?? (dir === 'next' ? Number.MAX_SAFE_INTEGER : 0) };
      for (let page = 0; page < PAGES; page++) {
        const near = await happenings.near({ ...from, dir, kinds: kinds ?? usualKinds, grave: kinds === undefined, limit: PAGE });
        const found = near.find((h) => sees(h.area));
        if (found) return { at: found.at, seq: found.seq, kind: found.kind, subject: found.subject };
        const last = near.at(-1);
        if (!last || near.length < PAGE) return null;
        from = { at: last.at, seq: last.seq };
      }
      return null;
    },
  };
}
