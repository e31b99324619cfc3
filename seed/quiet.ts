import type { DemoSensor } from './devices.ts';
import { facilities } from './facilities.ts';
import { rngFor } from './rng.ts';
import type { Street } from './street/street.ts';

interface Usual {
  readonly base: readonly [number, number];
  /** how far it wanders about its base within minutes */
  readonly wander: number;
  /** how far it follows the hour: most at 15:00, least at 03:00 */
  readonly day: number;
  readonly least: number;
  readonly digits: number;
}
/** Quiet values of what measures, by kind: clear of every limit at any hour. */
const usual: Readonly<Record<string, Usual>> = {
  smoke: { base: [0.008, 0.025], wander: 0.004, day: 0, least: 0, digits: 3 },
  gas: { base: [0.3, 1.6], wander: 0.3, day: 0.4, least: 0, digits: 1 },
  thermal: { base: [22, 34], wander: 1, day: 6, least: 2, digits: 1 },
  'charge-sockets': { base: [3, 6], wander: 0.8, day: 1.5, least: 0, digits: 0 },
  'charge-load': { base: [2.5, 7], wander: 0.5, day: 1.2, least: 0, digits: 1 },
  'charge-temp': { base: [24, 33], wander: 0.8, day: 4, least: 8, digits: 1 },
  'water-level': { base: [0.42, 0.56], wander: 0.008, day: 0.02, least: 0.1, digits: 2 },
  noise: { base: [42, 48], wander: 1.3, day: 6, least: 32, digits: 1 },
  air: { base: [38, 62], wander: 2.5, day: 8, least: 4, digits: 0 },
  manhole: { base: [0.4, 2.5], wander: 0.2, day: 0, least: 0, digits: 1 },
  lamp: { base: [218, 226], wander: 1.1, day: -2, least: 0, digits: 1 },
  bin: { base: [20, 58], wander: 1.5, day: 8, least: 0, digits: 0 },
  crowd: { base: [90, 260], wander: 18, day: 80, least: 0, digits: 0 },
};
const digitsOf: Readonly<Record<string, number>> = { parking: 0, activity: 0 };
/** States a contact is in while nothing happens. */
const restState: Readonly<Record<string, number>> = { lift: 0, machine: 1, sos: 0, door: 0 };

const KNOT_MS = 240_000;

/** A sensor while nothing is the matter with it: a value for any moment, always the same for the same seed. */
export interface Quiet {
  readonly sensor: DemoSensor;
  readonly base: number;
  readonly salt: number;
  /** bays of a car park; 0 for others */
  readonly capacity: number;
}
export function quietOf(street: Street): (sensor: DemoSensor) => Quiet {
  const capacity = new Map(facilities(street, 0).map((f) => [f.id, f.capacity ?? 0]));
  const known = new Map<string, Quiet>();
  return (sensor) => {
    const q = known.get(sensor.id);
    if (q) return q;
    const r = rngFor(street.seed, `quiet ${sensor.id}`);
    const [lo, hi] = usual[sensor.kind]?.base ?? [0, 1];
    const salt = Math.floor(r() * 2 ** 31);
    const made = { sensor, base: lo + r() * (hi - lo), salt, capacity: capacity.get(sensor.facility ?? '') ?? 0 };
    known.set(sensor.id, made);
    return made;
  };
}

/** Spread over -1.7 … 1.7 with deviation 1, from two integers (a mixing step of MurmurHash3, as a generator without state). */
function noise(salt: number, n: number): number {
  let h = Math.imul(salt ^ (n | 0), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13) ^ Math.floor(n / 2 ** 32), 0xc2b2ae35);
  return (((h ^ (h >>> 16)) >>> 0) / 2 ** 32) * 3.4 - 1.7;
}
/** Goes smoothly from knot to knot. */
function drift(salt: number, at: number): number {
  const n = Math.floor(at / KNOT_MS);
  const t = at / KNOT_MS - n;
  const s = t * t * (3 - 2 * t);
  return noise(salt, n) * (1 - s) + noise(salt, n + 1) * s;
}

/** @param at epoch ms of the street @param hour of its day, 0 to 24 */
export function quietAt(q: Quiet, at: number, hour: number): number {
  const { kind } = q.sensor;
  const rest = restState[kind];
  if (rest !== undefined) return rest;
  const sun = Math.sin(((hour - 9) / 24) * 2 * Math.PI);
  if (kind === 'parking') return Math.round(q.capacity * (0.52 - 0.18 * sun + 0.05 * drift(q.salt, at)));
  if (kind === 'activity') {
    // minutes since the last movement: long at night, short by day, begun anew at every movement
    const asleep = hour < 6 || hour >= 22;
    const span = (asleep ? 420 : 55) * 60_000;
    return Math.round(((at + (q.salt % span)) % span) / 60_000);
  }
  const u = usual[kind];
  if (!u) throw new RangeError(`nothing is known of sensors of kind ${kind}`);
  const value = q.base + u.day * sun + u.wander * (drift(q.salt, at) + 0.3 * noise(q.salt ^ 0x5bd1, Math.floor(at / 1000)));
  return rounded(kind, Math.max(u.least, value));
}

/** As the device writes it. */
export const rounded = (kind: string, value: number): number => Number(value.toFixed(usual[kind]?.digits ?? digitsOf[kind] ?? 0));
