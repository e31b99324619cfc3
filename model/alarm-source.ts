import type { AreaCode, LngLat } from './brand.ts';
import { UNIT_KIND } from './centre.ts';
import type { Sensor, Unit, World } from './world.ts';

/**
 * 告警来源: what an alarm is of. Its field `sensor` holds the id of a sensor, or of a unit whose button was pressed. `of`: the kind its rules
 * are of. `area`: where a sensor stands; a unit's own area, not where it is. `lngLat`: null for a unit, whose alarms carry the place of the fix.
 */
export type SourceOfAlarm =
  | {
      readonly kind: 'sensor';
      readonly id: string;
      readonly name: string;
      readonly of: string;
      readonly area: AreaCode | null;
      readonly lngLat: LngLat;
      readonly sensor: Sensor;
      readonly unit?: undefined;
    }
  | {
      readonly kind: 'unit';
      readonly id: string;
      readonly name: string;
      readonly of: string;
      readonly area: AreaCode | null;
      readonly lngLat: null;
      readonly unit: Unit;
      readonly sensor?: undefined;
    };

/** @param id an alarm's `sensor` @returns undefined where neither a sensor nor a unit is registered under it */
export function alarmSource(world: Pick<World, 'sensors' | 'units'>, id: string): SourceOfAlarm | undefined {
  const sensor = world.sensors.get(id);
  if (sensor) return { kind: 'sensor', id, name: sensor.name, of: sensor.kind, area: sensor.area, lngLat: sensor.lngLat, sensor };
  const unit = world.units.get(id);
  return unit && { kind: 'unit', id, name: unit.name, of: UNIT_KIND.code, area: unit.area, lngLat: null, unit };
}
/** The code of the kind an alarm's rules are of; undefined where its source is gone. */
export const kindOfSource = (world: Pick<World, 'sensors' | 'units'>, id: string): string | undefined => alarmSource(world, id)?.of;
