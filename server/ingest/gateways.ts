import { z } from 'zod';
import { zId } from '../../model/fields.ts';
import type { StateReport } from '../../model/report.ts';
import type { World } from '../../model/world.ts';
import { sensorsOfDevice } from './devices.ts';

const ids = z.array(zId).max(5000).default([]);
/** What a gateway says it carries: ids of sensors or devices, or lists by kind. `devices`: every sensor of that device. */
export const zCarried = z.union([
  z
    .array(zId)
    .max(5000)
    .transform((sensors) => ({ sensors, units: [] as string[], cameras: [] as string[], devices: sensors })),
  z.strictObject({ sensors: ids, units: ids, cameras: ids, devices: ids }),
]);
type Carried = z.output<typeof zCarried>;

interface Gateway {
  carried: Carried | null;
  online: boolean;
  /** what its silence took off line, to come back with it */
  down: readonly StateReport[];
}
const MAX_GATEWAYS = 10_000;

/**
 * 网关: MQTT gives a connection one last will, a gateway speaks for many devices. It announces them (`devices`, retained) and lays its
 * will on its own `state`: cut off, all of them go off line; back again, those it took off line come back, and no others.
 */
export class Gateways {
  private readonly known = new Map<string, Gateway>();
  constructor(private readonly isOnline: (of: StateReport['of'], id: string) => boolean) {}

  /** @returns states to take over: a list that comes after the news that its gateway is gone; and ids nobody has registered */
  announce(id: string, carried: Carried, world: World): { readonly states: StateReport[]; readonly unknown: string[] } | null {
    const gateway = this.of(id);
    if (!gateway) return null;
    gateway.carried = carried;
    const isKnown = (of: 'sensors' | 'units' | 'cameras') => (x: string) => world[of].has(x);
    const isCarrier = (x: string) => sensorsOfDevice(world, x).length > 0;
    const unknown = [
      ...carried.units.filter((x) => !isKnown('units')(x)),
      ...carried.cameras.filter((x) => !isKnown('cameras')(x)),
      ...[...new Set([...carried.sensors, ...carried.devices])].filter((x) => !isKnown('sensors')(x) && !isCarrier(x)),
    ];
    return { states: gateway.online ? [] : this.takeOff(gateway, world), unknown };
  }

  /** @returns states of its devices to take over */
  state(id: string, online: boolean, world: World): StateReport[] {
    const gateway = this.of(id);
    if (!gateway) return [];
    gateway.online = online;
    if (!online) return this.takeOff(gateway, world);
    const back = gateway.down.map((s) => ({ ...s, online: true }));
    gateway.down = [];
    return back;
  }

  private takeOff(gateway: Gateway, world: World): StateReport[] {
    const { sensors = [], units = [], cameras = [], devices = [] } = gateway.carried ?? {};
    const all = [...new Set([...sensors.filter((x) => world.sensors.has(x)), ...devices.flatMap((d) => sensorsOfDevice(world, d))])].map(
      (x) => state('sensor', x),
    );
    all.push(...units.filter((x) => world.units.has(x)).map((x) => state('unit', x)));
    all.push(...cameras.filter((x) => world.cameras.has(x)).map((x) => state('camera', x)));
    const off = all.filter((s) => this.isOnline(s.of, s.id));
    gateway.down = [...gateway.down, ...off];
    return off;
  }

  private of(id: string): Gateway | null {
    let gateway = this.known.get(id);
    if (!gateway && this.known.size < MAX_GATEWAYS) {
      gateway = { carried: null, online: true, down: [] };
      this.known.set(id, gateway);
    }
    return gateway ?? null;
  }
}

const state = (of: StateReport['of'], id: string): StateReport => ({ kind: 'state', of, id, online: false });
