import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Actor } from '../../model/access.ts';
import type { Status } from '../../model/wire.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import type { PlacesData } from '../map-contract.ts';

/**
 * How the screen stands to its server. `stale`: the socket is open but nothing has come for a while; `disconnected`: the
 * first seconds after a cut; `reconnecting`: further attempts are under way; `refused`: the server will not have us.
 */
export type LinkPhase = 'connecting' | 'live' | 'stale' | 'disconnected' | 'reconnecting' | 'refused';

/** What came from the server, by id. Only web/link.ts writes it, and of a moment of the past web/replay/. */
export interface ServerState {
  readonly phase: LinkPhase;
  /** why the server refused the join */
  readonly refusal: string | null;
  readonly world: World;
  /** a snapshot has arrived: the world is real */
  readonly loaded: boolean;
  readonly actor: Actor | null;
  readonly demo: boolean;
  readonly status: Status | null;
  /** 回放: this is a moment of the past (`frozenAt`), nothing can be done in it */
  readonly past: boolean;
  /** server clock minus this screen's clock, ms */
  readonly clockOffset: number;
  /**
   * When the last message of any kind came, epoch ms by the server's clock. A cell that is written in place: it changes
   * several times a second and nobody is woken for it; the clock reads it once a second.
   */
  readonly heard: { at: number };
  /** the moment the shown data stops at while cut off, epoch ms by the server's clock; null = running */
  readonly frozenAt: number | null;
  /** attempts since the cut */
  readonly attempts: number;
  readonly places: PlacesData | null;
  /** why the geometry could not be fetched */
  readonly placesError: string | null;
}

export type ServerStore = StoreApi<ServerState>;

export const createServerStore = (): ServerStore =>
  createStore<ServerState>(() => ({
    phase: 'connecting',
    refusal: null,
    world: emptyWorld,
    loaded: false,
    actor: null,
    demo: false,
    status: null,
    past: false,
    clockOffset: 0,
    heard: { at: 0 },
    frozenAt: null,
    attempts: 0,
    places: null,
    placesError: null,
  }));

export const isCut = (s: Pick<ServerState, 'phase'>) => s.phase === 'disconnected' || s.phase === 'reconnecting' || s.phase === 'refused';

/** The moment shown, epoch ms by the server's clock; stands still while cut off. */
export const shownNow = (s: ServerState) => s.frozenAt ?? Date.now() + s.clockOffset;
