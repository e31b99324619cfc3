import type { Centre, SensorKind } from './centre.ts';
import type { Refusal } from './report.ts';

const tables = new WeakMap<Centre, ReadonlyMap<string, SensorKind>>();
/** The kind of a sensor; looked up once a centre and then known. */
export function sensorKindOf(centre: Centre, code: string): SensorKind | undefined {
  let table = tables.get(centre);
  if (!table) {
    table = new Map(centre.sensorKinds.map((k) => [k.code, k]));
    tables.set(centre, table);
  }
  return table.get(code);
}

/** A value that its kind cannot measure at all (量程) is a broken device, not a measurement. */
export function rangeRefusal(centre: Centre, kind: string, value: number): Refusal | null {
  const known = sensorKindOf(centre, kind);
  if (!known?.range || (value >= known.range.min && value <= known.range.max)) return null;
  const { min, max } = known.range;
  return {
    field: 'value',
    rule: `a sensor of kind ${kind} measures ${min} to ${max}${known.unit ? ` ${known.unit}` : ''}`,
    reason: 'range',
  };
}
