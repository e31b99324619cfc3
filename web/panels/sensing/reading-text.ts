import type { Bilingual } from '../../../model/brand.ts';
import type { SensorKind } from '../../../model/centre.ts';
import { plainNumber } from '../../design/format.ts';

/** 12.4 %LEL; of a kind whose values are states, the name of the state. */
export function readingText(kind: SensorKind | undefined, value: number, say: (b: Bilingual) => string): string {
  const state = kind?.states?.find((s) => s.value === Math.round(value));
  if (state) return say(state.name);
  return `${plainNumber(value)}${kind?.unit ? ` ${kind.unit}` : ''}`;
}
