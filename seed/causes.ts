import { alarmId } from '../model/alarm.ts';
import { type AlarmRule, limitOf } from '../model/alarm-rule.ts';
import { ruleForSensor, rulesByKind } from '../model/alarm-rules.ts';
import type { AreaCode } from '../model/brand.ts';
import { emptyWorld, type World } from '../model/world.ts';
import { alarmRules } from './alarm-rules.ts';
import { demoParsed } from './centre.ts';
import type { DemoSensor } from './devices.ts';
import { facilities } from './facilities.ts';
import { rounded } from './quiet.ts';
import { between, pick, type Rng, rngFor, shuffle, weighted } from './rng.ts';
import { lift } from './sensor-kinds.ts';
import type { Street } from './street/street.ts';

type Time = 'any' | 'day' | 'night' | 'evening';
/** What raises the alarms of one rule on the street, how often on an ordinary day, for how long and how far beyond the limit. */
interface Cause {
  readonly key: `${string}/${string}`;
  readonly perDay: number;
  /** shortest and longest usual length */
  readonly minutes: readonly [number, number];
  /** value at its height: a range, one of some states, or parts of the sensor's own limit */
  readonly peak:
    | { readonly from: number; readonly to: number }
    | { readonly oneOf: readonly number[] }
    | { readonly limitBy: readonly [number, number] };
  /** height of the device's other sensor, for a rule of two */
  readonly there?: readonly [number, number];
  readonly time?: Time;
  /** seconds until it is at its height; 70 otherwise */
  readonly rampS?: number;
  /** share that lasts for days, because nobody comes */
  readonly stale?: number;
  /** share that flutters about its limit instead of staying beyond it */
  readonly chatter?: number;
}
const range = (from: number, to: number) => ({ from, to });

/**
 * About 150 alarms a day on the whole street, as one operator can take (EEMUA 191), about 5 % of the first priority, 15 % of the
 * second, 80 % of the others.
 */
export const causes: readonly Cause[] = [
  { key: 'smoke/high', perDay: 6.5, minutes: [4, 22], peak: range(0.115, 0.32), time: 'evening' },
  { key: 'smoke/high-high', perDay: 0.5, minutes: [9, 26], peak: range(0.45, 1.3) },
  { key: 'smoke/no-data', perDay: 7, minutes: [25, 300], peak: range(0, 0), stale: 0.04 },
  { key: 'gas/high', perDay: 4.5, minutes: [6, 30], peak: range(10.8, 17), time: 'evening' },
  { key: 'gas/high-high', perDay: 1.4, minutes: [9, 32], peak: range(22, 38), time: 'evening' },
  { key: 'gas/no-data', perDay: 5, minutes: [20, 240], peak: range(0, 0), stale: 0.03 },
  { key: 'thermal/high', perDay: 1, minutes: [8, 40], peak: range(74, 96), time: 'day' },
  { key: 'charge-sockets/full', perDay: 9, minutes: [45, 260], peak: { limitBy: [1, 1] }, time: 'evening' },
  { key: 'charge-load/high', perDay: 8, minutes: [20, 110], peak: range(14.6, 18.5), time: 'evening' },
  { key: 'charge-load/hot-load', perDay: 0.4, minutes: [8, 24], peak: range(15.2, 19), there: [64, 78] },
  { key: 'charge-temp/high', perDay: 2, minutes: [8, 40], peak: range(62, 72), time: 'day' },
  { key: 'water-level/high', perDay: 3, minutes: [40, 240], peak: range(0.88, 1.1) },
  { key: 'water-level/high-high', perDay: 0.3, minutes: [40, 150], peak: range(1.26, 1.5) },
  { key: 'water-level/rising', perDay: 0.8, minutes: [10, 30], peak: range(0.71, 0.74), rampS: 240 },
  { key: 'noise/high', perDay: 15, minutes: [5, 45], peak: range(72, 85), time: 'day' },
  { key: 'noise/night', perDay: 11, minutes: [8, 70], peak: range(57.5, 67), time: 'night' },
  { key: 'air/high', perDay: 10, minutes: [20, 150], peak: range(158, 260), time: 'day' },
  { key: 'manhole/high', perDay: 3.5, minutes: [15, 90], peak: range(17, 50), chatter: 0.07 },
  { key: 'lamp/low', perDay: 12, minutes: [40, 330], peak: range(118, 184), time: 'night', stale: 0.05, chatter: 0.03 },
  { key: 'lift/trapped', perDay: 1.2, minutes: [9, 28], peak: { oneOf: [lift.trapped] }, time: 'day' },
  {
    key: 'lift/stopped',
    perDay: 9,
    minutes: [15, 160],
    peak: { oneOf: [lift.stopped, lift.stopped, lift.noPower] },
    stale: 0.03,
    chatter: 0.05,
  },
  { key: 'bin/high', perDay: 15, minutes: [50, 330], peak: range(92, 99), time: 'day', stale: 0.02 },
  { key: 'machine/down', perDay: 2.5, minutes: [20, 260], peak: { oneOf: [0] } },
  { key: 'sos/pressed', perDay: 3, minutes: [2, 14], peak: { oneOf: [1] } },
  { key: 'activity/still', perDay: 2.5, minutes: [15, 80], peak: range(724, 860), time: 'day' },
  { key: 'door/night-open', perDay: 6, minutes: [8, 60], peak: { oneOf: [1] }, time: 'night' },
  { key: 'door/left-open', perDay: 6, minutes: [40, 160], peak: { oneOf: [1] }, time: 'day' },
  { key: 'crowd/high', perDay: 4.5, minutes: [20, 90], peak: range(860, 1180), time: 'evening' },
  { key: 'crowd/high-high', perDay: 0.4, minutes: [15, 50], peak: range(1380, 1700), time: 'evening' },
  { key: 'parking/full', perDay: 7, minutes: [30, 190], peak: { limitBy: [1, 1.04] }, time: 'day' },
];
const causeOf = new Map(causes.map((c) => [c.key as string, c]));
export const PER_DAY = causes.reduce((s, c) => s + c.perDay, 0);

/** Hours in which a cause is at work, with how much more likely it is then. */
const likely: Record<Time, (hour: number) => number> = {
  any: () => 1,
  day: (h) => (h >= 7 && h < 21 ? 1.6 : 0.05),
  night: (h) => (h >= 22.2 || h < 5 ? 3.4 : 0),
  evening: (h) => (h >= 17 && h < 22 ? 3 : h >= 11 && h < 13.5 ? 2 : h < 6 ? 0.1 : 0.5),
};

/** Something that takes a sensor beyond a limit for a while. Times in epoch ms of the street. */
export interface Excursion {
  readonly sensor: DemoSensor;
  readonly rule: string;
  readonly from: number;
  readonly until: number;
  readonly peak: number;
  /** the other sensor of its device and what it reads meanwhile */
  readonly there?: { readonly sensor: DemoSensor; readonly peak: number };
  readonly rampMs: number;
  /** how often it goes to and fro; 1 = it stays */
  readonly flutters: number;
}
/** One flutter to and fro. */
export const FLUTTER_MS = 34_000;
const RAMP_S = 70;

/** The sensors of the street with the rules that watch them. */
export class Watched {
  readonly sensors: readonly DemoSensor[];
  /** centre, areas, sensors and rules: what the rules of the product need to decide */
  readonly world: World;
  private readonly byKind = new Map<string, readonly DemoSensor[]>();
  private readonly rules: ReturnType<typeof rulesByKind>;

  constructor(street: Street, sensors: readonly DemoSensor[]) {
    this.sensors = sensors;
    const rules = alarmRules(sensors, facilities(street, 0));
    this.world = {
      ...emptyWorld,
      centre: demoParsed,
      areas: new Map(street.areas.map((a) => [a.code as AreaCode, a as never])),
      sensors: new Map(sensors.map((s, ix) => [s.id, { ...s, ix } as never])),
      rules: new Map(rules.map((r) => [`${r.kind}/${r.code}`, r])),
    };
    this.rules = rulesByKind(this.world);
    // the same few are the worst of their kind, month after month
    for (const kind of this.rules.keys())
      this.byKind.set(
        kind,
        shuffle(
          rngFor(street.seed, `worst ${kind}`),
          sensors.filter((s) => s.kind === kind),
        ),
      );
  }

  of(kind: string): readonly DemoSensor[] {
    return this.byKind.get(kind) ?? [];
  }
  /** The rule as it holds for this very sensor. */
  rule(sensor: DemoSensor, code: string): AlarmRule {
    const rule = this.rules.get(sensor.kind)?.find((r) => r.code === code);
    if (!rule) throw new RangeError(`no rule ${sensor.kind}/${code}`);
    return ruleForSensor(this.world, rule, this.world.sensors.get(sensor.id)!);
  }
  rulesOf(sensor: DemoSensor): AlarmRule[] {
    return (this.rules.get(sensor.kind) ?? []).map((r) => this.rule(sensor, r.code));
  }
  /** Of alarms of the same sensor those that none of the others hides by design. */
  gravest<A extends { readonly id: string; readonly sensor: string; readonly rule: string }>(alarms: readonly A[]): A[] {
    const ids = new Set(alarms.map((a) => a.id));
    return alarms.filter((a) => {
      const sensor = this.sensors.find((s) => s.id === a.sensor);
      const rule = sensor && this.rulesOf(sensor).find((r) => r.code === a.rule);
      return rule && !(rule.suppressedWhile && ids.has(alarmId(a.sensor, rule.suppressedWhile)));
    });
  }
  /** Another sensor of the same device. */
  beside(sensor: DemoSensor, kind: string): DemoSensor {
    return this.of(kind).find((s) => s.device === sensor.device)!;
  }

  /** Any cause that is at work at this hour, on a sensor it suits; the bad ones of a kind far oftener. */
  draw(r: Rng, at: number, hour: number): Excursion {
    const cause = weighted(
      r,
      causes.map((c) => [c, c.perDay * likely[c.time ?? 'any'](hour)] as const),
    );
    const list = this.of(cause.key.slice(0, cause.key.indexOf('/')));
    return this.excursion(list[Math.floor(r() ** 2.2 * list.length)]!, cause.key.slice(cause.key.indexOf('/') + 1), r, at);
  }
  /** How many times more alarms than on average begin at this hour. */
  haste(hour: number): number {
    return causes.reduce((s, c) => s + c.perDay * likely[c.time ?? 'any'](hour), 0) / PER_DAY;
  }

  excursion(sensor: DemoSensor, code: string, r: Rng, at: number): Excursion {
    const cause = causeOf.get(`${sensor.kind}/${code}`);
    if (!cause) throw new RangeError(`nothing raises ${sensor.kind}/${code}`);
    const rule = this.rule(sensor, code);
    const flutters = r() < (cause.chatter ?? 0) ? 4 + Math.floor(r() * 9) : 1;
    // who lives alone has not moved for as long as the limit says before it is an alarm at all
    const before = sensor.kind === 'activity' ? limitOf(rule.test) : rule.onDelayS / 60;
    const usual = before + between(r, ...cause.minutes);
    const minutes = r() < (cause.stale ?? 0) ? between(r, 25, 70) * 60 : usual;
    const length = flutters > 1 ? flutters * FLUTTER_MS : minutes * 60_000;
    const { peak: p } = cause;
    const peak =
      'oneOf' in p ? pick(r, p.oneOf) : 'limitBy' in p ? limitOf(rule.test) * between(r, ...p.limitBy) : between(r, p.from, p.to);
    const there =
      cause.there && rule.test.is === 'both'
        ? { there: { sensor: this.beside(sensor, rule.test.kind), peak: rounded(rule.test.kind, between(r, ...cause.there)) } }
        : {};
    const rampMs = flutters > 1 ? 1000 : (cause.rampS ?? RAMP_S) * 1000;
    return {
      sensor,
      rule: code,
      from: at,
      until: Math.round(at + length),
      peak: rounded(sensor.kind, peak),
      ...there,
      rampMs,
      flutters,
    };
  }
}
