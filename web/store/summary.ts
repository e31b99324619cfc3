import { STATUS_ONLINE } from '../../model/frame.ts';
import type { TelemetrySummary } from '../../model/kpi.ts';
import { isOnDuty } from '../../model/patrol.ts';
import type { Unit, World } from '../../model/world.ts';
import type { LatestStore } from './latest.ts';
import { seenOf } from './units.ts';

/** 在岗 as of `now`, epoch ms: on shift and heard. */
export function isUnitOnDuty(world: Pick<World, 'centre'>, latest: LatestStore, unit: Unit, now: number): boolean {
  const seen = seenOf(latest, unit);
  return seen !== null && isOnDuty(world, unit, seen, now);
}

/** The server keeps this bit: it clears it after five of the sensor's own intervals in silence (model/staleness). */
export const isSensorOnline = (latest: LatestStore, ix: number) => ((latest.sensorStatus[ix] ?? 0) & STATUS_ONLINE) !== 0;

/** Sum up the latest table for the figures; `now` epoch ms. Linear in units and sensors: once in a few seconds is enough. */
export function summarize(world: World, latest: LatestStore, now: number): TelemetrySummary {
  const unitsOnDuty: string[] = [];
  let positionsAt = 0;
  for (const unit of world.units.values()) {
    positionsAt = Math.max(positionsAt, latest.at[unit.ix] ?? 0);
    if (isUnitOnDuty(world, latest, unit, now)) unitsOnDuty.push(unit.id);
  }
  const sensorsOffline: string[] = [];
  let sensorsOnline = 0;
  let readingsAt = 0;
  for (const sensor of world.sensors.values()) {
    readingsAt = Math.max(readingsAt, latest.valueAt[sensor.ix] ?? 0);
    if (isSensorOnline(latest, sensor.ix)) sensorsOnline += 1;
    else sensorsOffline.push(sensor.id);
  }
  return { unitsOnDuty, sensorsOnline, sensorsOffline, positionsAt, readingsAt };
}
