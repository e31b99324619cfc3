import type { Sensor } from '../../model/world.ts';

/** Which sensors sit on one device together: only of kinds that a rule of two sensors is about. */
export class Devices {
  private readonly members = new Map<string, number[]>();

  /** @param sensorAt the sensor of an ix as it is registered now */
  constructor(
    private readonly sensorAt: (ix: number) => Sensor | undefined,
    private readonly lookers: ReadonlyMap<string, ReadonlySet<string>>,
  ) {}

  add(sensor: Sensor) {
    if (sensor.device === undefined || !this.matters(sensor.kind)) return;
    const list = this.members.get(sensor.device);
    if (!list) this.members.set(sensor.device, [sensor.ix]);
    else if (!list.includes(sensor.ix)) list.push(sensor.ix);
  }
  private matters(kind: string): boolean {
    if (this.lookers.has(kind)) return true;
    for (const kinds of this.lookers.values()) if (kinds.has(kind)) return true;
    return false;
  }

  /** The others on its device that are of such a kind. One that was moved to another device since is not among them. */
  others(of: Sensor, isKind: (kind: string) => boolean): Sensor[] {
    if (of.device === undefined) return [];
    return (this.members.get(of.device) ?? []).flatMap((ix) => {
      const s = this.sensorAt(ix);
      return s && ix !== of.ix && s.device === of.device && isKind(s.kind) ? [s] : [];
    });
  }
}
