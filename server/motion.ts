import type { LngLat } from '../model/brand.ts';
import { STATUS_ONLINE } from '../model/frame.ts';
import { isKnown, type Latest } from '../model/latest.ts';
import type { World } from '../model/world.ts';
import type { Places } from './places.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { Motion } from './world-view.ts';

/** What moves, now. */
export function motionNow(telemetry: Pick<Telemetry, 'units' | 'sensors'>): Motion {
  return {
    units: new Map([...telemetry.units()].map((u) => [u.id, u])),
    sensors: new Map([...telemetry.sensors()].map((s) => [s.id, s])),
  };
}

/** What moved, from the latest table as of some moment. `locate`: by the boundaries of that world (`Places.of`). */
export function motionOf(table: Latest, world: World, locate: Places['locate']): Motion {
  const { units: u, sensors: s } = table;
  const units = [...world.units.values()].flatMap(({ id, ix }) => {
    if (!isKnown(u, ix)) return [];
    const lngLat: LngLat = [u.lng[ix]! / 1e7, u.lat[ix]! / 1e7];
    const online = (u.status[ix]! & STATUS_ONLINE) !== 0;
    const area = locate(lngLat);
    return [[id, { lngLat, heading: u.heading[ix]!, speed: u.speed[ix]!, at: u.at[ix]! as never, area, online }] as const];
  });
  const sensors = [...world.sensors.values()].flatMap(({ id, ix }) => {
    if (!isKnown(s, ix)) return [];
    return [[id, { value: s.value[ix]!, at: s.at[ix]! as never, online: (s.status[ix]! & STATUS_ONLINE) !== 0 }] as const];
  });
  return { units: new Map(units), sensors: new Map(sensors) };
}

/** Whether a unit or sensor is known to be on line. */
export function isOnline({ units, sensors }: Latest, world: World, of: 'unit' | 'sensor', id: string): boolean {
  const ix = (of === 'unit' ? world.units : world.sensors).get(id)?.ix;
  const table = of === 'unit' ? units : sensors;
  return ix !== undefined && isKnown(table, ix) && (table.status[ix]! & STATUS_ONLINE) !== 0;
}
