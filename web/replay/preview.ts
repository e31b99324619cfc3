import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LngLat } from '../../model/brand.ts';
import { decodeFrame, STATUS_ONLINE } from '../../model/frame.ts';
import { isOnDuty } from '../../model/patrol.ts';
import { worldFromJson } from '../../model/world.ts';
import type { FilmApi } from './film-api.ts';

/** What a hand over the strip points at, before it is asked for. Counts and positions come a little later. */
export interface Preview {
  /** epoch ms */
  readonly at: number;
  readonly found: {
    readonly incidents: number;
    readonly alarms: number;
    /** where units on duty stood */
    readonly ghosts: readonly LngLat[];
  } | null;
}

export interface Previewer {
  readonly state: StoreApi<{ readonly preview: Preview | null }>;
  /** null = the hand is gone */
  show(at: number | null): void;
}

/** One question at a time; of what is pointed at meanwhile only the last is asked. A picture that cannot be had is no preview. */
export function createPreviewer(film: Pick<FilmApi, 'moment'>): Previewer {
  const state = createStore<{ preview: Preview | null }>(() => ({ preview: null }));
  let wanted: number | null = null;
  let busy = false;
  const turn = async () => {
    const at = wanted;
    if (busy || at === null) return;
    busy = true;
    try {
      const { world: json, frame } = await film.moment(at);
      const world = worldFromJson(json);
      const unitAt = new Map([...world.units.values()].map((u) => [u.ix, u]));
      const ghosts: LngLat[] = [];
      for (const { positions: p } of decodeFrame(frame).segments)
        for (let i = 0; i < p.length; i++)
          if (isOnDuty(world, unitAt.get(p.ix[i]!) ?? {}, { at: p.at[i]!, online: (p.status[i]! & STATUS_ONLINE) !== 0 }, at))
            ghosts.push([(p.lng[i] as number) / 1e7, (p.lat[i] as number) / 1e7]);
      if (wanted !== null)
        state.setState({ preview: { at: wanted, found: { incidents: world.incidents.size, alarms: world.alarms.size, ghosts } } });
    } catch {
      // the seek itself will say why
    }
    busy = false;
    if (wanted !== at) void turn();
  };
  return {
    state,
    show(at) {
      wanted = at;
      state.setState(({ preview }) => ({ preview: at === null ? null : { at, found: preview?.found ?? null } }));
      void turn();
    },
  };
}
