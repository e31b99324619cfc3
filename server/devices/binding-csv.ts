import { type BindingForm, zBinding } from '../../model/device.ts';
import type { World } from '../../model/world.ts';
import { type CsvMistake, readCsvTable } from '../csv-table.ts';
import { bindingMistakes } from './binding-mistakes.ts';
import type { DeviceRegister } from './open-devices.ts';

export const bindingColumns = {
  door: { zh: '入口', needed: true },
  device: { zh: '设备号', needed: true },
  unit: { zh: '力量编号', needed: true },
} as const;

/** Bindings from a table: all of them, or every mistake in order of lines. */
export function readBindingCsv(
  bytes: Uint8Array,
  world: Pick<World, 'units'>,
  devices: Pick<DeviceRegister, 'unitOf' | 'deviceOf'>,
): { readonly bindings: readonly BindingForm[] } | { readonly mistakes: readonly CsvMistake[] } {
  const { rows, mistakes } = readCsvTable(bytes, bindingColumns);
  const bindings: BindingForm[] = [];
  const lineOf: number[] = [];
  for (const { line, cells } of rows) {
    const read = zBinding.safeParse(cells);
    for (const { path, message } of read.error?.issues ?? []) mistakes.push({ line, column: String(path[0] ?? ''), rule: message });
    if (!read.success) continue;
    bindings.push(read.data);
    lineOf.push(line);
  }
  const unitOf = (b: BindingForm) => devices.unitOf(b.door, b.device);
  for (const { index, field, rule } of bindingMistakes(bindings, world, unitOf, (unit) => devices.deviceOf(unit)?.door ?? null))
    mistakes.push({
      line: lineOf[index]!,
      column: field,
      rule: rule.replace(/number (\d+) of the list/, (_, n) => `line ${lineOf[n - 1]}`),
    });
  return mistakes.length ? { mistakes: mistakes.sort((a, b) => a.line - b.line) } : { bindings };
}
