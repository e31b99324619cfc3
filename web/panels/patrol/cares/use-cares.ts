import { useMemo } from 'react';
import { areaLabel } from '../../../../model/area.ts';
import { type CareRow, type CareStateName, careStateNames, listCares, toVisit } from '../../../../model/care.ts';
import { treeOf } from '../../../../model/world.ts';
import { useServer, useView } from '../../../app-context.ts';
import { type CareFigures, fetchCareFigures, fetchCareNames, type MaskedPerson } from '../../../cares-api.ts';
import { useNowEvery } from '../../../store/clock.ts';
import type { ServerState } from '../../../store/server-store.ts';
import type { TabParams } from '../../../store/view-store.ts';
import { useLive } from '../../incidents/use-live.ts';

/** 待访 is whoever should be gone to now; the others are single states, or all. */
export const careShows = ['due', 'overdue', 'grace', 'due-today', 'due-soon', 'done-today', 'all'] as const;
export type CareShow = (typeof careShows)[number];
export const figureShows = ['visited', 'missed'] as const;

/** The tab's filters as they stand in the address; what is not of the form is absent. */
export function readCareParams(p: TabParams) {
  return {
    show: careShows.find((s) => s === p.show) ?? 'due',
    kind: p.kind,
    unit: p.unit,
    q: p.q ?? '',
    /** the records of a figure instead of a state: those of `kind` visited in time, or not */
    record: figureShows.find((r) => r === p.record),
    chosen: p.care,
  };
}

const showsState = (show: CareShow, state: CareStateName) => (show === 'due' ? toVisit.has(state) : show === 'all' || show === state);
const caresChanged = (a: ServerState, b: ServerState) => a.world.cares !== b.world.cares;
const never = () => false;
const NAMES_MS = 10 * 60_000;

/** Masked names; asked again when somebody else is registered. */
export function useCareNames(): ReadonlyMap<string, MaskedPerson | null> | null {
  const n = useServer((s) => s.world.cares.size);
  const past = useServer((s) => s.past);
  const live = useLive(`care names ${n} ${past}`, (_, signal) => fetchCareNames(signal), { newer: never, idleMs: NAMES_MS });
  return live.data;
}

export interface FiguresLive {
  readonly data: CareFigures | null;
  readonly error: string | null;
}
/** 本月按期走访, by the server; counted anew when a visit has come in, and each minute of what is shown in the past. */
export function useCareFigures(): FiguresLive {
  const area = useView((s) => s.area);
  const past = useServer((s) => s.past);
  const minute = useNowEvery(60_000);
  const key = `care figures ${area ?? ''} ${past ? minute : ''}`;
  return useLive(key, (_, signal) => fetchCareFigures(area, signal), { newer: caresChanged, idleMs: 60_000 });
}

/** Everybody the filters but the state leave, and those of the state shown, at the moment shown. */
export function useCares(names: ReadonlyMap<string, MaskedPerson | null> | null, figures: CareFigures | null) {
  const now = useNowEvery(10_000);
  const cares = useServer((s) => s.world.cares);
  const centre = useServer((s) => s.world.centre);
  const areas = useServer((s) => s.world.areas);
  const units = useServer((s) => s.world.units);
  const area = useView((s) => s.area);
  const params = useView((s) => s.params);
  const { show, kind, unit, q, record, chosen } = readCareParams(params);
  const all = useMemo(() => {
    const tree = treeOf({ areas });
    const wanted = q.trim().toLowerCase();
    const says = (c: CareRow['care']) => [areaLabel(tree, c.area), units.get(c.unit ?? '')?.name, names?.get(c.id)?.name, c.id];
    const filter = {
      kind,
      unit,
      ...(area !== null && { isIn: (code: typeof area) => tree.isWithin(code, area) }),
      ...(wanted && { matches: (c: CareRow['care']) => says(c).some((x) => x?.toLowerCase().includes(wanted)) }),
    };
    return listCares({ cares, centre }, filter, now);
  }, [cares, centre, areas, units, area, kind, unit, q, names, now]);
  const rows = useMemo(() => {
    // the one that is open stays while it is open: what was recorded of it is read there
    if (!record) return all.filter((r) => showsState(show, r.state) || r.care.id === chosen);
    const ids = new Set((figures?.figures ?? []).filter((f) => !kind || f.kind === kind).flatMap((f) => f.records[record]));
    return all.filter((r) => ids.has(r.care.id));
  }, [all, show, record, figures, kind, chosen]);
  const counts = useMemo(() => {
    const n = Object.fromEntries(careStateNames.map((s) => [s, all.filter((r) => r.state === s).length])) as Record<CareStateName, number>;
    return { ...n, due: n.overdue + n.grace + n['due-today'], all: all.length };
  }, [all]);
  return { rows, counts, now, registered: cares.size };
}
