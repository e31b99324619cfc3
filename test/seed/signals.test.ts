import { describe, expect, it } from 'vitest';
import { alarmId } from '../../model/alarm.ts';
import { calmMemory, judgeOf, type RuleMemory } from '../../model/alarm-judge.ts';
import { valueHolds } from '../../model/alarm-rule.ts';
import { isWithinHours } from '../../model/hours.ts';
import { hourOf, valueAt } from '../../seed/alarm-times.ts';
import { causes, Watched } from '../../seed/causes.ts';
import { demoKinds } from '../../seed/centre.ts';
import { history } from '../../seed/history.ts';
import { pastReadings, WEEK_MS, weekOf } from '../../seed/play/backfill.ts';
import { Signals } from '../../seed/play/signals.ts';
import { quietAt, quietOf } from '../../seed/quiet.ts';
import { rngFor } from '../../seed/rng.ts';
import { crew, gauges, openedLedger, street } from './world.ts';

const NOW = Date.parse('2026-11-18T14:26:08+08:00');
const watched = new Watched(street, gauges);
const quiet = quietOf(street);
const OFFSET = 480;

/** The world the demonstration opens on; the last two days tell it as well as the month. */
function opened() {
  const ledger = openedLedger(NOW - 40 * 86_400_000);
  for (const f of history({ street, sensors: gauges, units: crew.units, now: NOW, days: 2 }))
    if (f.kind.startsWith('alarm.')) ledger.add(f.at, f.kind, f.body);
  return ledger.world;
}

/** Every rule of every sensor, judged by the product's judge as readings come in. */
class Judges {
  readonly memories = new Map<string, RuleMemory>();
  readonly raised = new Set<string>();
  readonly cleared = new Set<string>();
  private readonly judges = new Map(gauges.map((s) => [s.id, watched.rulesOf(s).map((rule) => judgeOf(rule, OFFSET))]));
  private readonly latest = new Map<string, number>();
  private readonly byDevice = new Map<string, (typeof gauges)[number][]>();

  constructor() {
    for (const s of gauges) if (s.device) this.byDevice.set(s.device, [...(this.byDevice.get(s.device) ?? []), s]);
  }

  take(sensor: string, value: number, at: number) {
    this.latest.set(sensor, value);
    const gauge = watched.world.sensors.get(sensor)!;
    const there = (kind: string) =>
      (this.byDevice.get(gauge.device ?? '') ?? []).flatMap((s) => (s.kind === kind ? (this.latest.get(s.id) ?? []) : []));
    for (const judge of this.judges.get(sensor)!) {
      const id = alarmId(sensor, judge.rule.code);
      const was = this.memories.get(id) ?? calmMemory;
      const due = judge.delayEnds(was);
      const evidence = { clock: at, value, silent: 0, there };
      const waited = due !== null && due < at ? judge.after(was, { ...evidence, at: due, isReading: false }) : was;
      const now = judge.after(waited, { ...evidence, at, isReading: true });
      this.memories.set(id, now);
      if (now.active && !was.active) this.raised.add(id);
      if (!now.active && was.active) this.cleared.add(id);
    }
  }
}

describe('what sensors read', () => {
  it('is clear of every limit while nothing happens, at any hour', () => {
    const wrong = new Set<string>();
    for (const s of gauges) {
      const { range, states } = demoKinds.get(s.kind)!;
      const q = quiet(s);
      for (let at = NOW; at < NOW + 86_400_000; at += 13 * 60_000) {
        const value = quietAt(q, at, hourOf(at));
        if (states ? !states.some((x) => x.value === value) : value < range!.min || value > range!.max) wrong.add(`${s.kind} ${value}`);
        for (const { test, code, hours } of watched.rulesOf(s)) {
          if (test.is === 'rate' || test.is === 'no-data' || !isWithinHours(hours, at, OFFSET)) continue;
          if (valueHolds(test.is === 'both' ? test.here : test, value, true)) wrong.add(`${s.kind}/${code} ${value}`);
        }
      }
    }
    expect([...wrong]).toEqual([]);
  });

  it('holds every alarm that stands when the day is joined, and raises none beside, for the first minute', () => {
    const standing = [...opened().alarms.values()].filter((a) => a.active);
    expect(standing.length).toBeGreaterThan(12);
    const judges = new Judges();
    for (const a of standing) judges.memories.set(a.id, { held: true, since: NOW - 600_000, active: true, past: [] });
    const signals = new Signals(watched, quiet, 1, NOW, standing);
    for (let t = NOW; t <= NOW + 60_000; t += 500) for (const r of signals.advance(t, 500, hourOf(t))) judges.take(r.sensor, r.value, t);
    const sensors = new Set(standing.map((a) => a.sensor));
    expect([...judges.cleared]).toEqual([]);
    expect([...judges.raised].filter((id) => !sensors.has(id.slice(0, id.indexOf('/'))))).toEqual([]);
    const lost = standing.filter((a) => a.rule === 'no-data').map((a) => a.sensor);
    expect(lost.filter((s) => !signals.voiceless().has(s))).toEqual([]);
  });

  it('reaches what each cause is meant to raise', () => {
    const missed = causes.filter((c) => {
      const [kind, code] = c.key.split('/') as [string, string];
      if (code === 'no-data') return false;
      const sensor = watched.of(kind)[0]!;
      const start = c.time === 'night' ? NOW + 9 * 3_600_000 : NOW - 3 * 3_600_000;
      const e = { ...watched.excursion(sensor, code, rngFor(3, c.key), start + 20_000), flutters: 1 };
      const judges = new Judges();
      const step = Math.min(60_000, (demoKinds.get(kind)!.states ? 10 : demoKinds.get(kind)!.intervalS) * 1000);
      for (let t = start; t < e.until + 60_000 && !judges.raised.has(alarmId(sensor.id, code)); t += step)
        for (const s of [e.there?.sensor, sensor]) if (s) judges.take(s.id, valueAt(quiet(s), e, t)!, t);
      return !judges.raised.has(alarmId(sensor.id, code));
    });
    expect(missed.map((c) => c.key)).toEqual([]);
  });
});

describe('what gateways remember', () => {
  it('is the beginning of the curve of every standing alarm', () => {
    const standing = [...opened().alarms.values()]
      .filter((a) => a.active)
      .map((a) => ({ ...a, raisedAt: new Date(a.raisedAt).toISOString() }));
    const past = pastReadings(watched, quiet, standing, NOW);
    const gas = standing.find((a) => a.rule === 'high-high')!;
    const curve = past.filter((p) => p.sensor === gas.sensor).map((p) => ({ ...p, at: Date.parse(p.at) }));
    expect(curve[0]!.value).toBeLessThan(3);
    expect(curve.at(-1)!.value).toBeGreaterThan(20);
    expect(past.filter((p) => Date.parse(p.at) >= NOW)).toEqual([]);
    // one that has just fallen silent says nothing, or it would be taken for heard again
    const lost = standing.filter((a) => a.rule === 'no-data').map((a) => ({ ...a, raisedAt: new Date(NOW - 60_000).toISOString() }));
    expect([lost.length, pastReadings(watched, quiet, lost, NOW)]).toEqual([1, []]);
  });

  it('is a week of every sensor that speaks, in range, with the excursions of the history in it', () => {
    const skip = new Set([gauges[3]!.id]);
    const count = new Map<string, number>();
    const beyond = new Map<string, number>();
    let total = 0;
    let wrong = 0;
    for (const p of weekOf(watched, quiet, street.seed, NOW, skip)) {
      const at = Date.parse(p.at);
      const { kind } = watched.world.sensors.get(p.sensor)!;
      const { range, states } = demoKinds.get(kind)!;
      if (at < NOW - WEEK_MS || at > NOW - 20 * 60_000) wrong += 1;
      if (states ? !states.some((s) => s.value === p.value) : p.value < range!.min || p.value > range!.max) wrong += 1;
      if (kind === 'gas' && p.value >= 10) beyond.set(p.sensor, at);
      count.set(p.sensor, (count.get(p.sensor) ?? 0) + 1);
      total += 1;
    }
    expect(wrong).toBe(0);
    expect(total).toBeLessThan(500_000);
    expect([count.has(gauges[3]!.id), count.size]).toEqual([false, gauges.length - 1]);
    expect(Math.min(...count.values())).toBeGreaterThan(200);
    const facts = history({ street, sensors: gauges, units: crew.units, now: NOW, days: 7 });
    const told = new Set(
      facts.flatMap((f) => (f.kind === 'alarm.raised' && f.at < NOW - 86_400_000 && f.body.rule === 'high' ? [f.body.sensor] : [])),
    );
    const gas = gauges.filter((s) => s.kind === 'gas' && told.has(s.id)).map((s) => s.id);
    expect(gas.length).toBeGreaterThan(3);
    expect(gas.filter((id) => !beyond.has(id))).toEqual([]);
  });
});
