import fc from 'fast-check';
import type { Actor } from '../../model/access.ts';
import { epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Incident, IncidentStep } from '../../model/incident.ts';
import { transitions } from '../../model/incident.ts';
import type { StepForm } from '../../model/incident-forms.ts';
import { type Decision, decideStep, reportedFact } from '../../model/incident-step.ts';
import { type Entry, entryHash, type Fact, GENESIS } from '../../model/ledger.ts';
import { zIncidentReport } from '../../model/report.ts';
import { emptyWorld, everyIncident, incidentOf, type World } from '../../model/world.ts';
import { type Draw, drawnForm, leaves, setUp } from './facts.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');

/** A ledger in memory that steps are decided against and appended to, one after another. */
export class Walked {
  world: World = emptyWorld;
  at = T0;
  readonly entries: Entry[] = [];
  constructor() {
    this.append(setUp);
  }
  append(facts: readonly Fact[], actor = 'op') {
    for (const fact of facts) {
      const place = { seq: this.entries.length + 1, at: epochMs(this.at), actor, prev: this.entries.at(-1)?.hash ?? GENESIS };
      const open = { ...fact, ...place, hash: '' } as Entry;
      const entry = { ...open, hash: entryHash(open) } as Entry;
      this.world = fold(this.world, [entry]);
      this.entries.push(entry);
    }
  }
  report(id: string, more: object = {}, leaf = 0): Incident {
    const form = {
      kind: 'incident',
      at: new Date(this.at).toISOString(),
      lngLat: [104, 30],
      category: 'parking',
      title: id,
      source: 'hotline',
      ...more,
    };
    this.append([reportedFact(this.world, id, zIncidentReport.parse(form), leaves[leaf]!, this.at)]);
    return this.incident(id);
  }
  decide(id: string, form: StepForm, actor: Actor | null = null): Decision {
    return decideStep(this.world, id, form, actor, this.at);
  }
  /** @throws Error with the rule when it is refused */
  step(id: string, form: StepForm, actor: Actor | null = null): readonly Fact[] {
    const decision = this.decide(id, form, actor);
    if (!decision.ok) throw new Error(`${form.step}: ${decision.rule}`);
    this.append(decision.facts, actor?.id);
    return decision.facts;
  }
  /** Each step with a form that is right for it. */
  walk(id: string, ...steps: IncidentStep[]): Incident {
    for (const step of steps) this.step(id, formFor(step, this.at));
    return this.incident(id);
  }
  incident(id: string): Incident {
    return incidentOf(this.world, id)!;
  }
}

/** A form that is right for a step: unit u-1 leads, u-2 is sent to help. */
export const formFor = (step: IncidentStep, at: number, into = ''): StepForm =>
  step === 'dispatch'
    ? { step, unit: 'u-1', department: 'urban' }
    : step === 'reinforce'
      ? { step, unit: 'u-2' }
      : drawnForm(step, { pick: 0, a: 0, b: step === 'join' ? 0 : 1, gapMs: 0 }, at, into);

export interface WalkDraw extends Draw {
  readonly who: number;
  readonly which: number;
  readonly step: IncidentStep;
}
const arbDraws = (size: fc.ArrayConstraints) =>
  fc.array(
    fc.record({
      pick: fc.nat(9),
      a: fc.nat(99),
      b: fc.nat(99),
      gapMs: fc.nat(5_000_000),
      who: fc.nat(4),
      which: fc.nat(999),
      step: fc.constantFrom(...transitions.map((t) => t.step)),
    }),
    size,
  );
export const arbWalk = arbDraws({ minLength: 1, maxLength: 60, size: 'max' });
/** Steps that lead away from the work: taken less often, or nothing would ever be finished. */
const away: ReadonlySet<IncidentStep> = new Set<IncidentStep>(['decline', 'reject', 'return', 'suspend', 'void', 'merge']);

export interface Taken {
  readonly before: Incident;
  readonly step: IncidentStep;
  readonly decision: Decision;
  readonly after: Incident;
}
/** Walk at random, mostly by the steps that are possible, among five incidents of both flows; `see` is told of every try. */
export function walk(draws: readonly WalkDraw[], see: (taken: Taken, walked: Walked) => void = () => {}): Walked {
  const walked = new Walked();
  for (let n = 0; n < 5; n++)
    walked.report(`i-${n}`, { category: n % 2 ? 'quarrel' : 'parking', source: n === 4 ? 'sensor' : 'resident' }, n % 2);
  for (const d of draws) {
    walked.at += d.gapMs;
    const held = everyIncident(walked.world).sort((x, y) => (x.id < y.id ? -1 : 1));
    const before = held[d.who % held.length] ?? walked.report(`i-${walked.entries.length}`);
    const likely = transitions.filter((t) => t.from.includes(before.state) && (!t.flow || t.flow === before.flow));
    const onward = likely.filter((t) => !away.has(t.step));
    const some = d.pick < 6 && onward.length > 0 ? onward : likely;
    const step = d.pick < 9 && some.length > 0 ? some[d.which % some.length]!.step : d.step;
    const into = held.find((i) => i.id !== before.id && i.state !== 'merged')?.id ?? '';
    const form = drawnForm(step, d, walked.at, into);
    const decision = walked.decide(before.id, form);
    if (decision.ok) walked.append(decision.facts);
    see({ before, step, decision, after: walked.incident(before.id) }, walked);
  }
  return walked;
}
