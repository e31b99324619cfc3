import { zAlarmRule } from '../../model/alarm-rule.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import { type CentreInput, zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import { latest as latestTable, reserve } from '../../model/latest.ts';
import { type Entry, type Fact, zSensorSpec } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { readingsOfLedger } from '../../server/alarms/outrun.ts';
import { openWatch, type Watch } from '../../server/alarms/watch.ts';
import type { Timers } from '../../server/due-clock.ts';
import { openImportQuiet } from '../../server/import-quiet.ts';
import { chain } from '../support/facts.ts';
import { fixtureCentre, LEAVES, middleOf, STREET, WEST } from '../support/fixture-street.ts';

export const T0 = Date.parse('2026-11-18T09:00:00+08:00');
export const SECOND = 1_000;
export const MINUTE = 60_000;

const area = (code: string, level: string, parent: string | null) => ({
  code: areaCode(code),
  name: level === 'community' ? '西社区' : code,
  level,
  parent: parent === null ? null : areaCode(parent),
  households: 0,
  people: 0,
});
const areas = [
  area(STREET, 'street', null),
  area(WEST, 'community', STREET),
  area(`${WEST}001`, 'grid', WEST),
  area(LEAVES[0], 'micro', `${WEST}001`),
  area(LEAVES[1], 'micro', `${WEST}001`),
];
export const sensor = (id: string, kind = 'gas', more: object = {}) =>
  zSensorSpec.parse({ id, kind, name: id, lngLat: middleOf(0), area: LEAVES[0], ...more });
/** A kind without limits of its own, heard every minute. */
export const bareKind = (code: string) => ({
  code,
  name: { zh: code, en: code },
  alarm: { zh: code, en: code },
  unit: '',
  priority: 3 as const,
  intervalS: 60,
});
export const centre = (more: Partial<CentreInput> = {}) => zCentre.parse({ ...fixtureCentre, ...more });
export const rule = (code: string, test: object, more: object = {}): Fact => ({
  kind: 'rule.set',
  body: { rule: zAlarmRule.parse({ kind: 'gas', code, name: { zh: `规则${code}`, en: code }, test, priority: 2, ...more }) },
});

/** A watch over a ledger and a latest table in memory, a clock set by hand, timers that run when it passes them. */
export async function room(sensors: readonly ReturnType<typeof sensor>[], kinds = ['gas'].map(bareKind)) {
  let world: World = emptyWorld;
  let now = T0;
  const entries: Entry[] = [];
  const listeners = new Set<(entries: readonly Entry[], world: World) => void>();
  const timers = new Map<object, { at: number; run: () => void }>();
  const offline: string[] = [];
  const latest = latestTable();
  const errors: unknown[] = [];
  const state = { failing: false };

  const write = (facts: readonly Fact[], actor = 'op', at = now) => {
    const made = facts.map((fact, i) => ({ ...chain([{ fact, at, actor }])[0]!, seq: world.seq + 1 + i }) as Entry);
    world = fold(world, made);
    entries.push(...made);
    if (made.length) for (const tell of listeners) tell(made, world);
    return made;
  };
  const ledger = {
    get world() {
      return world;
    },
    append: async (actor: string, decide: (w: World) => readonly Fact[], at?: number) => {
      const facts = decide(world);
      if (state.failing) throw new Error('disk full');
      return write(facts, actor, at ?? now);
    },
    follow(listener: (entries: readonly Entry[], world: World) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: async (after: number, limit: number) => entries.filter((e) => e.seq > after).slice(0, limit),
  };
  const set: Timers['set'] = (run, ms) => {
    const key = {};
    timers.set(key, { at: now + ms, run });
    return () => timers.delete(key);
  };
  const open = async () =>
    openWatch({
      ledger: ledger as never,
      latest,
      offline: (id) => offline.push(id),
      placeOf: (s) => s.area,
      quiet: await openImportQuiet(ledger as never, () => now),
      restOn: await readingsOfLedger(ledger as never, async (ms) => entries.findLast((e) => e.at <= ms)?.seq ?? 0),
      now: () => now,
      timers: { set },
      onError: (error) => errors.push(error),
    });
  write([
    { kind: 'centre.configured', body: centre({ sensorKinds: kinds }) },
    { kind: 'boundaries.published', body: { version: 1, hash: 'a'.repeat(64), validFrom: epochMs(T0), areas } },
    { kind: 'sensors.registered', body: { sensors: [...sensors] } },
  ]);
  entries.length = 0;
  let watch: Watch = await open();
  /** Let time pass up to `to`, running what is due on the way. */
  async function pass(to: number) {
    for (;;) {
      const next = [...timers].sort(([, a], [, b]) => a.at - b.at)[0];
      if (!next || next[1].at > to) break;
      timers.delete(next[0]);
      now = Math.max(now, next[1].at);
      next[1].run();
      await new Promise(setImmediate);
    }
    now = to;
  }
  await pass(T0); // what it does after a start is done
  const setRule = (r: Fact) => write([r]);
  return {
    get world() {
      return world;
    },
    entries,
    offline,
    errors,
    state,
    latest,
    write,
    setRule,
    stats: () => watch.stats(),
    /** A reading at its device time, heard now. @returns whether the sensor is in alarm */
    async read(id: string, value: number, at = now) {
      const s = world.sensors.get(id)!;
      const heard = watch.hear(s, { value, at: epochMs(at), receivedAt: epochMs(now) });
      reserve(latest.sensors, s.ix);
      if (!(at <= latest.sensors.at[s.ix]!)) {
        latest.sensors.at[s.ix] = at;
        latest.sensors.value[s.ix] = value;
      }
      await heard.durable;
      return heard.alarm;
    },
    pass,
    async restart() {
      await watch.close();
      watch = await open();
    },
    /** The process dies before telemetry is on the disk: of this sensor it comes back with a value of before, or none (`at` NaN). */
    async die(id: string, value: number, at: number) {
      const { ix } = world.sensors.get(id)!;
      reserve(latest.sensors, ix);
      latest.sensors.at[ix] = at;
      latest.sensors.value[ix] = value;
      await this.restart();
    },
    close: () => watch.close(),
    /** [second, kind, alarm or incident's alarm] of the entries that rules wrote, `raised`, `cleared` … */
    told: () =>
      entries
        .filter((e) => e.actor !== 'op' && e.actor !== 'import')
        .map((e) => {
          const b = e.body as { alarm?: string };
          return `${Math.round((e.at - T0) / SECOND)} ${e.kind.replace('alarm.', '')} ${b.alarm}`;
        }),
  };
}
