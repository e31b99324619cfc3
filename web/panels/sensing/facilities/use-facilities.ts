import { useMemo } from 'react';
import { facilityKinds, serviceTabs } from '../../../../model/facility.ts';
import { type FacilityFigures, facilityFigures, facilityIndex, facilityMatches, type Said } from '../../../../model/facility-figures.ts';
import { STATUS_ONLINE } from '../../../../model/frame.ts';
import { treeOf } from '../../../../model/world.ts';
import { useApp, useServer, useView } from '../../../app-context.ts';
import { type FacilityAnswer, fetchFacilities } from '../../../facilities-api.ts';
import { useNow } from '../../../store/clock.ts';
import type { TabParams } from '../../../store/view-store.ts';
import { useLive } from '../../incidents/use-live.ts';

export const shows = ['list', 'matrix', 'tours'] as const;
export type Show = (typeof shows)[number];

/** The tab's filters as they stand in the address; what is not of the form is absent. */
export function readParams(p: TabParams) {
  return {
    show: shows.find((s) => s === p.show) ?? 'list',
    kind: facilityKinds.find((k) => k === p.fkind),
    tab: serviceTabs.find((s) => s === p.ftab),
    open: p.open === 'now',
    q: p.fq ?? '',
    chosen: p.fac,
    tour: p.tour,
  };
}

const ASK_MS = 60_000;
const never = () => false;

/** What the server counts, told by facility; asked once a minute: it is about days. */
export interface Counted {
  readonly rows: ReadonlyMap<string, FacilityAnswer['rows'][number]>;
  readonly error: string | null;
  readonly at: number | null;
}
export function useCounted(): Counted {
  const live = useLive('facilities', (_, signal) => fetchFacilities(signal), { newer: never, idleMs: ASK_MS });
  return useMemo(
    () => ({ rows: new Map(live.data?.rows.map((r) => [r.id, r])), error: live.error, at: live.data?.at ?? null }),
    [live.data, live.error],
  );
}

/** Figures of the facilities the filters leave, once a second at the moment shown. */
export function useFacilities(): { readonly figures: readonly FacilityFigures[]; readonly now: number; readonly registered: number } {
  const { latest } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const area = useView((s) => s.area);
  const params = useView((s) => s.params);
  const { facilities, centre, alarms, areas, sensors } = world;
  const index = useMemo(() => facilityIndex({ sensors }), [sensors]);
  const { kind, tab, open, q } = readParams(params);
  const openAt = open ? Math.floor(now / 60_000) * 60_000 : undefined;
  const shown = useMemo(() => {
    const tree = treeOf({ areas });
    const isIn = area === null ? undefined : (a: Parameters<typeof tree.isWithin>[0] | null) => a !== null && tree.isWithin(a, area);
    const filter = { kind, tab, openAt, q, isIn };
    return [...facilities.values()].filter((f) => facilityMatches(f, filter, centre?.utcOffsetMinutes ?? 0));
  }, [facilities, areas, area, kind, tab, openAt, q, centre]);
  const said: Said = ({ ix }) => {
    const at = latest.valueAt[ix];
    return at ? { value: latest.value[ix]!, at, online: (latest.sensorStatus[ix]! & STATUS_ONLINE) !== 0 } : undefined;
  };
  return { figures: shown.map((f) => facilityFigures(f, { centre, alarms }, index, said, now)), now, registered: facilities.size };
}
