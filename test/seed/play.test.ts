import { describe, expect, it } from 'vitest';
import { checkStep } from '../../model/incident.ts';
import { type Action, Desk, OPEN_HIGH, OPEN_LOW } from '../../seed/play/desk.ts';
import { applyToDesk } from '../../seed/play/play.ts';
import { Signals } from '../../seed/play/signals.ts';
import { Walkers } from '../../seed/play/walkers.ts';
import { dist, toMetres } from '../../seed/street/plane.ts';
import { walkGraph } from '../../seed/street/walk.ts';
import { crew, gauges, street } from './world.ts';

const graph = walkGraph(street);
const START = Date.parse('2026-11-18T09:00:00+08:00');

/** The day without a server: every action succeeds at once. */
function day(seed: number, hours: number) {
  const desk = new Desk(street, crew.units, seed);
  const log: string[] = [];
  const open: number[] = [];
  const refused: string[] = [];
  let n = 0;
  const tick = 5000;
  for (let t = START; t < START + hours * 3_600_000; t += tick) {
    for (const a of desk.advance(t, tick, 9 + (t - START) / 3_600_000)) {
      log.push(JSON.stringify(a));
      perform(a, t);
    }
    open.push(desk.open());
  }
  function perform(a: Action, t: number) {
    const entry = (kind: string, body: Record<string, unknown>) => applyToDesk(desk, { seq: ++n, at: t, kind, body }, t);
    if (a.do === 'report') {
      entry('incident.reported', {
        incident: `i-${n}`,
        category: a.category,
        priority: 3,
        area: street.courts[n % 400]!.code,
        deadline: t + 240 * 60_000,
      });
    } else if (a.do === 'step') {
      const { state } = desk.incidents.get(a.incident)!;
      const verdict = checkStep({ state, flow: 'ordinary', extension: null }, a.step);
      if (!verdict.ok) refused.push(verdict.rule);
      else entry(verdict.row.kind, { incident: a.incident, unit: a.unit });
    }
  }
  return { log, open, refused };
}

describe('the desk of the demonstration day', () => {
  it('keeps about 20 to 25 matters open, hour after hour, by steps the state machine allows', () => {
    const { open, refused } = day(1, 14);
    expect(refused).toEqual([]);
    const settled = open.slice(Math.floor(open.length * 0.4));
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(OPEN_LOW - 3);
    expect(Math.max(...settled)).toBeLessThanOrEqual(OPEN_HIGH + 3);
  });

  it('decides the same for the same seed, otherwise for another', () => {
    const first = day(3, 3).log;
    expect(day(3, 3).log).toEqual(first);
    expect(day(4, 3).log).not.toEqual(first);
  });
});

describe('patrol units', () => {
  const walk = (seed: number) => {
    const walkers = new Walkers(street, graph, crew.units, seed);
    const fixes = [];
    for (let k = 0; k < 400; k++) {
      walkers.advance(2000);
      fixes.push(walkers.fix(k % crew.units.length));
    }
    return fixes;
  };

  it('walk the same way for the same seed', () => {
    expect(walk(5)).toEqual(walk(5));
    expect(walk(6)).not.toEqual(walk(5));
  });

  it('move at the speed they report and never jump', () => {
    const walkers = new Walkers(street, graph, crew.units, 1);
    for (let k = 0; k < 300; k++) {
      const before = crew.units.map((_, i) => walkers.fix(i));
      walkers.advance(3000);
      crew.units.forEach((_, i) => {
        const now = walkers.fix(i);
        expect(dist(toMetres(before[i]!.lngLat), toMetres(now.lngLat))).toBeLessThan(6 * 3 + 14);
      });
    }
  });

  it('go where they are sent', () => {
    const walkers = new Walkers(street, graph, crew.units, 1);
    const goal = street.courts[200]!;
    walkers.send(crew.units[0]!.id, goal.code);
    let least = Number.POSITIVE_INFINITY;
    for (let k = 0; k < 1500; k++) {
      walkers.advance(1000);
      least = Math.min(least, dist(toMetres(walkers.fix(0).lngLat), goal.heart));
    }
    expect(least).toBeLessThan(15);
  });
});

describe('sensors', () => {
  const read = (seed: number, minutes: number) => {
    const signals = new Signals(gauges, seed, START);
    const out = [];
    for (let t = START; t < START + minutes * 60_000; t += 1000) out.push(...signals.advance(t, 1000, 9));
    return { out, signals };
  };

  it('report at the interval of their kind, the silent ones not at all, the same for the same seed', () => {
    const { out, signals } = read(2, 10);
    expect(read(2, 10).out).toEqual(out);
    const bySensor = new Map<string, number>();
    for (const r of out) bySensor.set(r.sensor, (bySensor.get(r.sensor) ?? 0) + 1);
    expect([...signals.silent].filter((id) => bySensor.has(id))).toEqual([]);
    const noise = gauges.filter((s) => s.kind === 'noise' && !signals.silent.has(s.id));
    for (const s of noise) expect(Math.abs((bySensor.get(s.id) ?? 0) - 60)).toBeLessThanOrEqual(2);
    expect(bySensor.size).toBe(gauges.length - signals.silent.size);
  });

  it('hold up an alarm that stands and let it go in its time', () => {
    const gas = gauges.find((s) => s.kind === 'gas')!;
    const signals = new Signals(gauges, 1, START, [{ sensor: gas.id, value: 18, active: true }]);
    const values: number[] = [];
    for (let t = START; t < START + 60 * 60_000; t += 1000) {
      for (const r of signals.advance(t, 1000, 9)) if (r.sensor === gas.id) values.push(r.value);
    }
    expect(values[0]).toBeGreaterThan(10);
    expect(values.at(-1)).toBeLessThan(8);
  });
});
