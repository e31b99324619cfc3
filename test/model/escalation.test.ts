import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { type CentreInput, zCentre } from '../../model/centre.ts';
import { dueFacts, nextDue } from '../../model/escalation.ts';
import { fold } from '../../model/fold/fold.ts';
import { possibleSteps } from '../../model/incident.ts';
import type { StepForm } from '../../model/incident-forms.ts';
import { decideStep, reportedFact } from '../../model/incident-step.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { zIncidentReport } from '../../model/report.ts';
import { emptyWorld, incidentOf, type World } from '../../model/world.ts';
import { centre as base, chain, leaves, setUp } from '../support/facts.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T0 = Date.parse('2026-11-18T09:00:00+08:00'); // a Wednesday
const hours = (n: number) => ({ n, unit: 'urgent-hour' as const });

const centreOf = (escalation: CentreInput['escalation'] = {}) =>
  zCentre.parse({
    ...base,
    categories: [
      {
        code: 'parking',
        name: { zh: '占道停车', en: 'Parking' },
        priority: 3,
        limits: { file: hours(1), dispatch: hours(1), handle: hours(4) },
      },
      {
        code: 'late',
        name: { zh: '派遣起算', en: 'From dispatch' },
        priority: 3,
        limits: { handle: { n: 3, unit: 'work-hour' }, handleFrom: 'dispatch' },
      },
    ],
    escalation,
  });

/** A ledger one may append to at any moment, and a clock that ticks when told to. */
class Centre {
  world: World = emptyWorld;
  readonly told: Fact[] = [];
  private readonly facts: { fact: Fact; at: number; actor?: string }[] = [];
  constructor(escalation?: CentreInput['escalation']) {
    for (const fact of setUp)
      this.append(fact.kind === 'centre.configured' ? { kind: fact.kind, body: centreOf(escalation) } : fact, T0 - 1);
  }
  append(fact: Fact, at: number) {
    this.facts.push({ fact, at });
    const entry = chain([{ fact, at }])[0]!;
    this.world = fold(this.world, [{ ...entry, seq: this.world.seq + 1 } as Entry]);
  }
  report(id: string, at: number, more: object = {}) {
    const form = { kind: 'incident', at: new Date(at).toISOString(), lngLat: [104, 30], category: 'parking', title: '占道', ...more };
    this.append(reportedFact(this.world, id, zIncidentReport.parse(form), leaves[0]!, at), at);
  }
  step(id: string, form: StepForm, at: number): boolean {
    const decision = decideStep(this.world, id, form, null, at);
    if (decision.ok) for (const fact of decision.facts) this.append(fact, at);
    return decision.ok;
  }
  tick(now: number): Fact[] {
    const due = dueFacts(this.world, now);
    for (const fact of due) this.append(fact, now);
    this.told.push(...due);
    return due;
  }
  incident(id: string) {
    return incidentOf(this.world, id)!;
  }
}
const short = (facts: readonly Fact[]) =>
  facts.map((f) => {
    const b = f.body as { clock?: string; share?: string; level?: string };
    return b.level ?? `${b.clock} ${b.share}`;
  });

describe('what falls due', () => {
  it('warns of each clock at three quarters and at its end, and climbs one level at a time to the one above the street', () => {
    const c = new Centre({ everyMinutes: 30 });
    c.report('i-1', T0);
    const seen: [number, string][] = [];
    for (let m = 0; m <= 8 * 60; m++) for (const what of short(c.tick(T0 + m * MINUTE))) seen.push([m, what]);
    expect(seen).toEqual([
      [45, 'file warn'],
      [60, 'file due'],
      [180, 'handle warn'],
      [240, 'handle due'],
      [240, 'grid'],
      [270, 'community'],
      [300, 'street'],
      [330, 'above'],
    ]);
    expect(c.incident('i-1').levels.map((l) => l.level)).toEqual(['micro', 'grid', 'community', 'street', 'above']);
    expect(c.told.filter((f) => f.kind === 'incident.escalated').every((f) => (f.body as { byRule?: true }).byRule)).toBe(true);
    expect(nextDue(c.world, c.incident('i-1'))).toBeNull();
  });
  it('lets an urgent one jump to the level the rule names when it first climbs', () => {
    const c = new Centre({ everyMinutes: 30, startAt: { '1': 'community', '2': 'nowhere' } });
    c.report('i-1', T0, { priority: 1 });
    c.report('i-2', T0, { priority: 2 });
    c.tick(T0 + 4.5 * HOUR);
    expect(c.incident('i-1').levels.map((l) => l.level)).toEqual(['micro', 'community', 'street']);
    expect(c.incident('i-2').levels.map((l) => l.level)).toEqual(['micro', 'grid', 'community']);
  });
  it('counts no time in which the clock stood still, and starts from a new deadline anew', () => {
    const c = new Centre({ everyMinutes: 60 });
    c.report('i-1', T0);
    c.step('i-1', { step: 'file' }, T0 + MINUTE);
    c.step('i-1', { step: 'dispatch', unit: 'u-1' }, T0 + 2 * MINUTE);
    expect(short(c.tick(T0 + 4 * HOUR + 30 * MINUTE))).toEqual(['handle warn', 'handle due', 'grid']);
    c.step('i-1', { step: 'suspend', reason: '等待配件', reviewAt: epochMs(T0 + 100 * HOUR) }, T0 + 4 * HOUR + 30 * MINUTE);
    expect(c.tick(T0 + 90 * HOUR)).toEqual([]);
    c.step('i-1', { step: 'resume' }, T0 + 90 * HOUR);
    expect(c.tick(T0 + 90 * HOUR + 29 * MINUTE)).toEqual([]); // told once of a deadline that stays missed
    expect(short(c.tick(T0 + 90 * HOUR + 30 * MINUTE))).toEqual(['community']);
    c.step('i-1', { step: 'dispatch', unit: 'u-1' }, T0 + 91 * HOUR);
    c.step('i-1', { step: 'ask-extension', reason: '面积大', more: hours(100) }, T0 + 91 * HOUR);
    c.step('i-1', { step: 'grant-extension' }, T0 + 91 * HOUR);
    expect(short(c.tick(T0 + 104 * HOUR))).toEqual(['handle due', 'street']); // three quarters had passed and were told of
  });
  it('is silent when handled, and after a rework goes on where it stood', () => {
    const c = new Centre({ everyMinutes: 60 });
    c.report('i-1', T0);
    c.step('i-1', { step: 'file' }, T0);
    c.step('i-1', { step: 'dispatch', unit: 'u-1' }, T0);
    c.step('i-1', { step: 'handle' }, T0 + 3 * HOUR - 1);
    expect(c.tick(T0 + 50 * HOUR)).toEqual([]);
    c.step('i-1', { step: 'rework', reason: '未清净' }, T0 + 50 * HOUR);
    expect(short(c.tick(T0 + 50 * HOUR))).toEqual(['handle warn', 'handle due', 'grid']);
    expect(short(c.tick(T0 + 51 * HOUR))).toEqual(['community']);
  });
  it('takes the clock of dispatch up again where a suspension left it', () => {
    const c = new Centre();
    c.report('i-1', T0);
    c.step('i-1', { step: 'file' }, T0);
    c.step('i-1', { step: 'suspend', reason: '待核', reviewAt: epochMs(T0 + HOUR) }, T0 + 30 * MINUTE);
    c.step('i-1', { step: 'resume' }, T0 + 20 * HOUR);
    expect(c.incident('i-1').clocks.dispatch).toMatchObject({ due: T0 + 20.5 * HOUR, warn: T0 + 20.25 * HOUR });
    expect(short(c.tick(T0 + 20.5 * HOUR))).toEqual(['dispatch warn', 'dispatch due']);
  });
  it('lets the clock go on when an extension asked for falls with the step', () => {
    const c = new Centre();
    for (const [id, step] of [
      ['i-1', { step: 'handle' }],
      ['i-2', { step: 'return', reason: '非本部门' }],
    ] as const) {
      c.report(id, T0);
      c.step(id, { step: 'file' }, T0);
      c.step(id, { step: 'dispatch', unit: 'u-1' }, T0);
      c.step(id, { step: 'ask-extension', reason: '等待', more: hours(1) }, T0 + HOUR);
      c.step(id, step as StepForm, T0 + 6 * HOUR);
      expect(c.incident(id)).toMatchObject({ pausedAt: null, extension: null, deadline: T0 + 9 * HOUR });
    }
  });
});

const steps = [
  'file',
  'dispatch',
  'accept',
  'handle',
  'rework',
  'verify',
  'close',
  'reopen',
  'return',
  'ask-extension',
  'grant-extension',
  'deny-extension',
  'suspend',
  'resume',
  'escalate',
  'void',
  'decline',
] as const;
const formOf = (step: (typeof steps)[number], now: number): StepForm =>
  ({
    step,
    reason: '原因',
    ...(step === 'dispatch' ? { unit: 'u-1' } : {}),
    ...(step === 'ask-extension' ? { more: hours(2) } : {}),
    ...(step === 'suspend' ? { reviewAt: epochMs(now + HOUR) } : {}),
  }) as unknown as StepForm;
const arbLife = fc.record({
  category: fc.constantFrom('parking', 'late', 'other'),
  priority: fc.constantFrom(1, 2, 3, 4),
  steps: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 5 * 60 }), pick: fc.nat(99) }), { maxLength: 12 }),
});
const arbLives = fc.array(arbLife, { minLength: 1, maxLength: 3 });

/** Live the lives, ticking every `every` minutes and, as any follower of the ledger would, before each step. */
function live(lives: typeof arbLives extends fc.Arbitrary<infer T> ? T : never, every: number | null) {
  const c = new Centre({ everyMinutes: 45, startAt: { '1': 'street' } });
  const events = lives.flatMap((life, n) => {
    let minute = n * 7;
    const taken = life.steps.map((s) => {
      minute += s.gap;
      return { n, minute, pick: s.pick };
    });
    return [{ n, minute: n * 7, pick: -1 }, ...taken];
  });
  events.sort((a, b) => a.minute - b.minute);
  const end = (events.at(-1)?.minute ?? 0) + 24 * 60;
  let clock = 0;
  const runTo = (minute: number) => {
    if (every !== null) for (; clock < minute; clock += every) c.tick(T0 + clock * MINUTE);
    c.tick(T0 + minute * MINUTE);
  };
  for (const { n, minute, pick } of events) {
    runTo(minute);
    const [id, now] = [`i-${n}`, T0 + minute * MINUTE];
    if (pick < 0) c.report(id, now, { category: lives[n]!.category, priority: lives[n]!.priority });
    else {
      const able = possibleSteps(c.incident(id)).filter((s): s is (typeof steps)[number] => (steps as readonly string[]).includes(s));
      if (able.length) c.step(id, formOf(able[pick % able.length]!, now), now);
    }
  }
  runTo(end);
  return c;
}

describe('however the ticks fall', () => {
  it('the same facts come in the same order, and none twice', () => {
    fc.assert(
      fc.property(arbLives, fc.integer({ min: 1, max: 400 }), (lives, every) => {
        const awake = live(lives, every);
        const asleep = live(lives, null);
        expect(awake.told).toEqual(asleep.told);
        expect(dueFacts(awake.world, awake.world.at)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
  it('an incident climbs upwards only, and never past the top', () => {
    const ladder = ['micro', 'grid', 'community', 'street', 'above'];
    fc.assert(
      fc.property(arbLives, (lives) => {
        const c = live(lives, 10);
        for (const i of [...c.world.incidents.values(), ...c.world.ended.values()]) {
          const heights = i.levels.map((l) => ladder.indexOf(l.level));
          for (const [k, h] of heights.entries()) if (k > 0) expect(h).toBeGreaterThan(heights[k - 1]!);
          expect(new Set(i.warned).size).toBe(i.warned.length);
        }
      }),
      { numRuns: 60 },
    );
  });
  it('the moment of the next one is the first at which anything is due', () => {
    fc.assert(
      fc.property(arbLives, (lives) => {
        const c = live(
          lives.map((l) => ({ ...l, steps: l.steps.slice(0, 4) })),
          null,
        );
        c.report('i-9', c.world.at);
        for (const i of c.world.incidents.values()) {
          const next = nextDue(c.world, i);
          if (next === null) expect(dueFacts(c.world, Number.MAX_SAFE_INTEGER, [i.id])).toEqual([]);
          else {
            expect(dueFacts(c.world, next - 1, [i.id])).toEqual([]);
            expect(dueFacts(c.world, next, [i.id])).not.toEqual([]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
