import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { AreaCode } from '../../model/brand.ts';
import { isOnTime, transitions } from '../../model/incident.ts';
import { type StepForm, zWhistleForm } from '../../model/incident-forms.ts';
import { type Decision, decideStep, reportedFact } from '../../model/incident-step.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { zIncidentReport } from '../../model/report.ts';
import { decideWhistle, decideWhistleAct } from '../../model/whistle-step.ts';
import { Watched } from '../../seed/causes.ts';
import { callers, onDutyOf } from '../../seed/people.ts';
import { type Action, Desk, OPEN_HIGH, OPEN_LOW } from '../../seed/play/desk.ts';
import { Hands } from '../../seed/play/hands.ts';
import { scenePicture } from '../../seed/play/picture.ts';
import { Signals } from '../../seed/play/signals.ts';
import { HANDS_OFF_MS } from '../../seed/play/turns.ts';
import { Walkers } from '../../seed/play/walkers.ts';
import { quietOf } from '../../seed/quiet.ts';
import { dist, toMetres } from '../../seed/street/plane.ts';
import { walkGraph } from '../../seed/street/walk.ts';
import { crew, gauges, openedLedger, street } from './world.ts';

const graph = walkGraph(street);
const watched = new Watched(street, gauges);
const quiet = quietOf(street);
const START = Date.parse('2026-11-18T09:00:00+08:00');

/** The day without a server: every action is judged by the product's rules and succeeds at once; whoever is sent is there in two minutes. */
function day(seed: number, hours: number, tick = 5000) {
  const desk = new Desk({ street, units: onDutyOf(crew.units), callers: callers(street), seed });
  const ledger = openedLedger(START - 1000);
  const log: string[] = [];
  const open: number[] = [];
  const refused: string[] = [];
  const kinds = new Set<string>();
  let oldest = 0;
  let n = 0;
  for (let t = START; t < START + hours * 3_600_000; t += tick) {
    for (const a of desk.advance(t, tick, 9 + (t - START) / 3_600_000, () => null)) {
      log.push(JSON.stringify(a));
      perform(a, t);
    }
    if ((t - START) % (4 * 3_600_000) === 3_600_000) byRule(t);
    open.push(desk.open());
    for (const { incident } of desk.matters.values()) oldest = Math.max(oldest, t - incident.reportedAt);
  }
  /** A gas alarm of the first priority becomes an incident by itself: nobody but the desk looks after it. */
  function byRule(t: number) {
    const gas = gauges.find((s) => s.kind === 'gas')!;
    const said = { kind: 'incident', at: new Date(t).toISOString(), category: 'gas-over', source: 'sensor', title: '可燃气体严重超限' };
    const report = { ...zIncidentReport.parse({ ...said, lngLat: gas.lngLat, alarm: `${gas.id}/high-high` }), priority: 1 as const };
    n += 1;
    const { kind, body } = reportedFact(ledger.world, `i-${n}`, report, gas.area as AreaCode, t);
    const reading = { sensor: gas.id, value: 24, limit: 20, at: t };
    desk.take({ ...ledger.add(t, kind, { ...body, reading }), actor: gas.id }, t, false);
  }
  function write(t: number, decision: Decision) {
    if (!decision.ok) refused.push(`${decision.field}: ${decision.rule}`);
    else for (const f of decision.facts) add(t, f);
  }
  function add(t: number, fact: Fact) {
    kinds.add(fact.kind);
    desk.take(ledger.add(t, fact.kind, fact.body), t, true);
  }
  function perform(a: Action, t: number) {
    const { world } = ledger;
    if (a.do === 'report') {
      const { do: _, caller, ...fields } = a;
      const area = street.courts[n % 400]!.code as AreaCode;
      n += 1;
      add(t, reportedFact(world, `i-${n}`, zIncidentReport.parse({ kind: 'incident', at: new Date(t).toISOString(), ...fields }), area, t));
    } else if (a.do === 'step') {
      const unit = a.choose ? { unit: desk.someone(a.incident) } : {};
      write(t, decideStep(world, a.incident, { ...a.form, ...unit } as StepForm, null, t));
    } else if (a.do === 'whistle') write(t, decideWhistle(world, a.incident, zWhistleForm.parse(a.form), null, t));
    else if (a.do === 'act') write(t, decideWhistleAct(world, a.incident, a.form, null));
  }
  return { log, open, refused, kinds, oldest, ledger };
}

describe('the desk of the demonstration day', () => {
  it('keeps about 20 to 25 matters open, hour after hour, by steps the state machine allows', () => {
    const { open, refused, oldest } = day(1, 14);
    expect(refused).toEqual([]);
    // nothing lies for ever: a suspended one and one that waits for room to close take the longest
    expect(oldest / 3_600_000).toBeLessThan(9);
    const settled = open.slice(Math.floor(open.length * 0.4));
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(OPEN_LOW - 3);
    expect(Math.max(...settled)).toBeLessThanOrEqual(OPEN_HIGH + 3);
  });

  it('takes every way of the closed loop within some days, P1 mostly in time', () => {
    const kinds = new Set<string>();
    const gas: boolean[] = [];
    for (let seed = 1; seed <= 6; seed++) {
      const { kinds: seen, refused, ledger } = day(seed, 14, 20_000);
      expect(refused).toEqual([]);
      for (const k of seen) kinds.add(k);
      for (const i of ledger.world.ended.values()) if (i.priority === 1) gas.push(isOnTime(i));
    }
    const steps = transitions.map((t) => t.kind).filter((k) => !['incident.voided', 'incident.reopened', 'incident.escalated'].includes(k));
    const acts = ['answered', 'arrived', 'urged', 'released', 'rated', 'blown'].map((k) => `incident.whistle-${k}`);
    expect([...steps, ...acts].filter((k) => !kinds.has(k))).toEqual([]);
    expect(gas.length).toBeGreaterThan(0);
    expect(gas.filter(Boolean).length / gas.length).toBeGreaterThanOrEqual(0.7);
  });

  it('leaves alone what a visitor has touched, for some minutes; workers and departments go on', () => {
    const desk = new Desk({ street, units: crew.units, callers: [], seed: 1 });
    const ledger = openedLedger(START - 1000);
    const report = { kind: 'incident', at: new Date(START).toISOString(), category: 'order', title: '占道经营', lngLat: [104.03, 30.61] };
    const tell = (t: number, own: boolean, facts: readonly Fact[]) => {
      for (const f of facts) desk.take(ledger.add(t, f.kind, f.body), t, own);
    };
    const take = (t: number, form: StepForm) => {
      const decision = decideStep(ledger.world, 'i-1', form, null, t);
      if (!decision.ok) throw new Error(decision.rule);
      tell(t, false, decision.facts);
    };
    const about = (t: number) => desk.advance(t, 0, 9, () => true).flatMap((a) => (a.do === 'step' ? [a.form.step] : []));
    tell(START, true, [reportedFact(ledger.world, 'i-1', zIncidentReport.parse(report), null, START)]);
    expect(about(START + 3 * 60_000)).toEqual(['file']);
    take(START + 3 * 60_000, { step: 'file' });
    expect(about(START + 3 * 60_000 + HANDS_OFF_MS - 1)).toEqual([]);
    take(START + 9 * 60_000, { step: 'dispatch', unit: crew.units[0]!.id });
    expect(about(START + 12 * 60_000)).toEqual(['accept']);
    take(START + 12 * 60_000, { step: 'accept' });
    expect(about(START + 14 * 60_000)).toEqual([]);
    expect(about(START + 12 * 60_000 + HANDS_OFF_MS)).toEqual(['arrive']);
  });

  it('takes up again what a visitor reopens, though it had let go of it', async () => {
    const desk = new Desk({ street, units: crew.units, callers: [], seed: 1 });
    const ledger = openedLedger(START - 1000);
    const entries: Entry[] = [];
    const take = (facts: readonly Fact[]) => {
      for (const f of facts) entries.push(ledger.add(START + entries.length * 60_000, f.kind, f.body));
    };
    const report = { kind: 'incident', at: new Date(START).toISOString(), category: 'order', title: '占道经营', lngLat: [104.03, 30.61] };
    take([reportedFact(ledger.world, 'i-1', zIncidentReport.parse(report), null, START)]);
    for (const form of [
      { step: 'decline', reason: '不属本街道辖区' },
      { step: 'reopen', reason: '属本街道' },
    ] as StepForm[]) {
      const decision = decideStep(ledger.world, 'i-1', form, null, START + entries.length * 60_000);
      if (!decision.ok) throw new Error(decision.rule);
      take(decision.facts);
    }
    const last = entries.at(-1)!;
    const server = {
      ask: async () => null,
      upload: async () => null,
      entries: async (after: number) => (after < last.seq ? [last as never] : []),
      entriesOf: async () => entries as never,
    };
    const hands = new Hands(server, desk, new Walkers(street, graph, crew.units, 1), last.seq - 1);
    await hands.follow(() => START + 3_600_000);
    expect(desk.matters.get('i-1')?.incident.state).toBe('filed');
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
    expect(walkers.isThere(crew.units[0]!.id, goal.code)).toBe(true);
    expect(walkers.isThere(crew.units[1]!.id, goal.code)).toBe(null);
    // and stay until they are released
    walkers.advance(1_200_000);
    expect(dist(toMetres(walkers.fix(0).lngLat), goal.heart)).toBeLessThan(15);
    walkers.release(crew.units[0]!.id);
    walkers.advance(1_200_000);
    expect(dist(toMetres(walkers.fix(0).lngLat), goal.heart)).toBeGreaterThan(15);
  });
});

describe('sensors', () => {
  const read = (seed: number, minutes: number) => {
    const signals = new Signals(watched, quiet, seed, START);
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
    const signals = new Signals(watched, quiet, 1, START, [{ id: `${gas.id}/high`, sensor: gas.id, rule: 'high', value: 14 }]);
    const values: number[] = [];
    for (let t = START; t < START + 60 * 60_000; t += 1000) {
      for (const r of signals.advance(t, 1000, 9)) if (r.sensor === gas.id) values.push(r.value);
    }
    expect(values[0]).toBeGreaterThan(10);
    expect(values.at(-1)).toBeLessThan(8);
  });
});

describe('a photo of the scene', () => {
  it('is a PNG any reader takes, the same for the same incident', async () => {
    const file = scenePicture('i-1');
    expect(scenePicture('i-1')).toEqual(file);
    expect(scenePicture('i-2')).not.toEqual(file);
    const { info, data } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([480, 360, 3]);
    expect(new Set(data).size).toBeGreaterThan(20);
  });
});
