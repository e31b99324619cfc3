import { STATUS_ONLINE } from '../../model/frame.ts';
import { ON_DUTY_MS, type TelemetrySummary } from '../../model/kpi.ts';
import type { World } from '../../model/world.ts';
import type { LatestStore } from './latest.ts';

export const isUnitOnDuty = (latest: LatestStore, ix: number, now: number) =>
  ((latest.status[ix] ?? 0) & STATUS_ONLINE) !== 0 && now - (latest.at[ix] ?? 0) <= ON_DUTY_MS;

/** The server keeps this bit: it clears it after five of the sensor's own intervals in silence (model/staleness). */
export const isSensorOnline = (latest: LatestStore, ix: number) => ((latest.sensorStatus[ix] ?? 0) & STATUS_ONLINE) !== 0;

/** Sum up the latest table for the figures; `now` epoch ms. Linear in units and sensors: once in a few seconds is enough. */
export function summarize(world: World, latest: LatestStore, now: number): TelemetrySummary {
  const unitsOnDuty: string[] = [];
  let positionsAt = 0;
  for (const unit of world.units.values()) {
    positionsAt = Math.max(positionsAt, latest.at[unit.ix] ?? 0);
    if (isUnitOnDuty(latest, unit.ix, now)) unitsOnDuty.push(unit.id);
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
