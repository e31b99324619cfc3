import type { Latest } from '../model/latest.ts';
import { incidentOf, type World } from '../model/world.ts';
import type { Archive } from './archive.ts';
import type { Film } from './film/film.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Refused } from './refused.ts';
import type { IncidentLists } from './store/incident-lists.ts';
import type { PastLists } from './store/incidents-then.ts';

/** What an answer is made of, now or at a moment of the past. */
export interface Then {
  /** the moment, epoch ms */
  readonly at: number;
  readonly world: World;
  readonly lists: IncidentLists;
  /** what moved then */
  readonly latest: () => Promise<Latest>;
}
export type AsOf = (asked: number | undefined) => Promise<Then>;
/** Of the same answer what the ledger alone tells. */
export type WorldAsOf = (asked: number | undefined) => Promise<Pick<Then, 'at' | 'world'>>;

/** The list of incidents may lag behind the ledger for so long. */
const WAIT_MS = 3000;

/** @throws Refused 400 for a moment that is to come */
export function worldAsOf({ ledger, now }: { readonly ledger: Pick<Ledger, 'world' | 'worldAt'>; readonly now: () => number }): WorldAsOf {
  return async (asked) => {
    if (asked === undefined) return { at: now(), world: ledger.world };
    if (asked > now()) throw new Refused(400, 'asOf', 'in the future');
    return { at: asked, world: await ledger.worldAt(asked) };
  };
}

export function openAsOf(parts: {
  readonly ledger: Pick<Ledger, 'world' | 'worldAt'>;
  readonly archive: Pick<Archive, 'reached'>;
  readonly lists: IncidentLists;
  readonly pastLists: PastLists;
  readonly film: Pick<Film, 'table'>;
  readonly latest: Latest;
  readonly now: () => number;
}): AsOf {
  const { archive, lists, pastLists, film, latest } = parts;
  const worldThen = worldAsOf(parts);
  return async (asked) => {
    const { at, world } = await worldThen(asked);
    if (asked === undefined) return { at, world, lists, latest: async () => latest };
    const then = { seq: world.seq, at: asked, held: (id: string) => incidentOf(world, id) };
    const past = pastLists.asOf(then, (seq) => archive.reached(seq, WAIT_MS));
    return { at, world, lists: past, latest: async () => film.table(asked, world) };
  };
}
