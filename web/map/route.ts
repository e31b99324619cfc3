import { distanceM } from '../../geo/distance.ts';
import type { LngLat } from '../../model/brand.ts';
import type { MapViewProps } from '../map-contract.ts';
import { words } from './words.ts';

/** A straight line, not a way through the streets: it says so. */
export interface Route {
  readonly from: LngLat;
  readonly to: LngLat;
  readonly text: string;
}

/** From the unit under way to the chosen incident, at its latest fix; null when none is on its way or it was never seen. */
export function routeOf({ world, view, units, language }: MapViewProps): Route | null {
  const incident = view.selection?.kind === 'incident' ? world.incidents.get(view.selection.id) : undefined;
  const unit = incident?.state === 'dispatched' && incident.unit ? world.units.get(incident.unit) : undefined;
  if (!incident || !unit || !((units.at[unit.ix] ?? 0) > 0)) return null;
  const from: LngLat = [(units.lng[unit.ix] as number) / 1e7, (units.lat[unit.ix] as number) / 1e7];
  return { from, to: incident.lngLat, text: words(language).straight(unit.name, Math.round(distanceM(from, incident.lngLat) / 10) * 10) };
}
