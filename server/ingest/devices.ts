import type { Sensor, World } from '../../model/world.ts';

const byDevice = new WeakMap<ReadonlyMap<string, Sensor>, ReadonlyMap<string, readonly string[]>>();

/** Ids of the sensors that this device carries. Built once per registration. */
export function sensorsOfDevice({ sensors }: Pick<World, 'sensors'>, device: string): readonly string[] {
  let index = byDevice.get(sensors);
  if (!index) {
    const made = new Map<string, string[]>();
    for (const s of sensors.values()) {
      if (s.device === undefined) continue;
      const list = made.get(s.device);
      if (list) list.push(s.id);
      else made.set(s.device, [s.id]);
    }
    byDevice.set(sensors, made);
    index = made;
  }
  return index.get(device) ?? [];
}
