import type { BindingForm } from '../../model/device.ts';
import type { World } from '../../model/world.ts';

/** `index`: which of the bindings; `field` of it. */
export interface BindingMistake {
  readonly index: number;
  readonly field: 'device' | 'unit';
  readonly rule: string;
}

/**
 * Why bindings cannot be made, in their order. A device stands for one unit and a unit has one device: two that report as one unit would
 * pull its marker to and fro. No rule tells a device's number.
 * @param unitOf the unit a device is bound to; @param doorOf the door of the device a unit has
 */
export function* bindingMistakes(
  bindings: readonly BindingForm[],
  { units }: Pick<World, 'units'>,
  unitOf: (b: BindingForm) => string | null,
  doorOf: (unit: string) => string | null,
): Generator<BindingMistake> {
  const devices = new Map<string, number>();
  const takenUnits = new Map<string, number>();
  for (const [index, b] of bindings.entries()) {
    const bound = unitOf(b);
    const door = doorOf(b.unit);
    if (!units.has(b.unit)) yield { index, field: 'unit', rule: `unit ${b.unit} is not registered` };
    if (bound === b.unit) yield { index, field: 'device', rule: `bound to unit ${b.unit} already` };
    else if (bound !== null) yield { index, field: 'device', rule: `bound to unit ${bound}: release it there first` };
    else if (door !== null) yield { index, field: 'unit', rule: `unit ${b.unit} has a device at door ${door}: release that first` };
    const key = `${b.door} ${b.device}`;
    if (devices.has(key)) yield { index, field: 'device', rule: `the same device as number ${devices.get(key)! + 1} of the list` };
    else devices.set(key, index);
    if (takenUnits.has(b.unit)) yield { index, field: 'unit', rule: `the same unit as number ${takenUnits.get(b.unit)! + 1} of the list` };
    else takenUnits.set(b.unit, index);
  }
}
