import { type DemoUnit, onDutyOf } from './people.ts';

/** A vehicle whose terminal speaks JT/T 808. */
export interface DemoTerminal {
  readonly unit: string;
  /** the number of its SIM: 1400000xxxx, which no operator assigns */
  readonly phone: string;
}

const PER_ROLE = 3;

/** Vehicles of police and urban management: three each of those on duty. */
export function terminals(units: readonly DemoUnit[]): DemoTerminal[] {
  const onDuty = onDutyOf(units);
  const vehicles = (['police', 'urban'] as const).flatMap((role) => onDuty.filter((u) => u.role === role).slice(0, PER_ROLE));
  return vehicles.map((u, i) => ({ unit: u.id, phone: `1400000${String(i + 1).padStart(4, '0')}` }));
}

type Ask = <T>(path: string, body?: unknown) => Promise<T>;
/** Gives the vehicles their terminals, as of now. Where devices have been bound before, whoever did so knows better. */
export async function bindTerminals(ask: Ask, units: () => readonly DemoUnit[] | Promise<readonly DemoUnit[]>): Promise<void> {
  const { entries } = await ask<{ entries: unknown[] }>('/api/v1/ledger?kind=device.bound&limit=1');
  if (entries.length > 0) return;
  const devices = terminals(await units()).map(({ unit, phone }) => ({ door: 'jt808', device: phone, unit }));
  await ask('/api/v1/devices/bind', { devices });
}
