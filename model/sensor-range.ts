import { type Centre, sensorKindOf } from './centre.ts';
import type { Refusal } from './report.ts';

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
