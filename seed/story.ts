import type { AreaCode, Seq } from '../model/brand.ts';
import { epochMs, seq } from '../model/brand.ts';
import { comingFacts, type DueFact } from '../model/escalation.ts';
import { fold } from '../model/fold/fold.ts';
import type { Incident } from '../model/incident.ts';
import type { StepForm, WhistleActForm, zWhistleForm } from '../model/incident-forms.ts';
import { type Decision, decideStep, reportedFact } from '../model/incident-step.ts';
import type { Entry, Fact } from '../model/ledger.ts';
import type { IncidentReport } from '../model/report.ts';
import { decideWhistle, decideWhistleAct } from '../model/whistle-step.ts';
import { emptyWorld, incidentOf, type World } from '../model/world.ts';
import { demoParsed } from './centre.ts';
import type { DemoUnit } from './people.ts';
import { permits } from './permits.ts';
import type { Street } from './street/street.ts';

/** A fact as the history door takes it, with its time as epoch milliseconds. */
export interface PastFact {
  readonly at: number;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What every story begins from: the centre, its places, units and permits, nothing that happened. */
export function groundOf(street: Street, units: readonly DemoUnit[]): World {
  return {
    ...emptyWorld,
    centre: demoParsed,
    areas: new Map(street.areas.map((a) => [a.code as AreaCode, a as never])),
    units: new Map(units.map((u, ix) => [u.id, { ...u, ix } as never])),
    permits: new Map(permits(street).map((p) => [p.id, p as never])),
  };
}

/**
 * What happens to one matter (and to those merged into it), in order of time, decided by the rules of the product: a story that
 * they refuse is a mistake of the seed and throws. Warnings and climbs that a clock brings about are told in between.
 */
export class Story {
  readonly facts: PastFact[] = [];
  private world: World;

  constructor(ground: World) {
    this.world = ground;
  }

  incident(id: string): Incident {
    const i = incidentOf(this.world, id);
    if (!i) throw new RangeError(`no incident ${id} in this story`);
    return i;
  }
  /** When the story has got to, epoch ms. */
  get at(): number {
    return this.facts.at(-1)?.at ?? 0;
  }

  report(at: number, id: string, report: Omit<IncidentReport, 'kind'>, area: string): void {
    const t = this.until(at);
    this.tell(t, reportedFact(this.world, id, { kind: 'incident', ...report } as IncidentReport, area as AreaCode, t));
  }
  take(at: number, id: string, form: StepForm): void {
    const t = this.until(at);
    this.decided(t, decideStep(this.world, id, form, null, t));
  }
  whistle(at: number, id: string, form: ReturnType<(typeof zWhistleForm)['parse']>): number {
    const t = this.until(at);
    this.decided(t, decideWhistle(this.world, id, form, null, t));
    return this.incident(id).whistles.length;
  }
  act(at: number, id: string, form: WhistleActForm): void {
    this.decided(this.until(at), decideWhistleAct(this.world, id, form, null));
  }

  /** Tell what the clocks bring about up to `moment`; returns the moment, which is never before what was told. */
  until(moment: number): number {
    const at = Math.max(Math.round(moment), this.at);
    for (;;) {
      let next: DueFact | null = null;
      for (const i of this.world.incidents.values()) {
        const first = comingFacts(this.world, i)[0];
        if (first && first.moment <= at && (!next || first.moment < next.moment)) next = first;
      }
      if (!next) return at;
      this.tell(next.moment, next.fact);
    }
  }

  private decided(at: number, decision: Decision): void {
    if (!decision.ok) throw new RangeError(`${decision.field}: ${decision.rule}`);
    for (const fact of decision.facts) this.tell(at, fact);
  }

  private tell(moment: number, fact: Fact): void {
    const at = Math.max(Math.round(moment), this.at);
    this.facts.push({ at, kind: fact.kind, body: fact.body as PastFact['body'] });
    const n = (this.world.seq + 1) as Seq;
    const entry = { ...fact, seq: seq(n), at: epochMs(at), actor: 'import', prev: '', hash: '' } as Entry;
    this.world = fold(this.world, [entry]);
  }
}
