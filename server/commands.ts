import type { z } from 'zod';
import { type Action, type Actor, may } from '../model/access.ts';
import type { Incident, IncidentState } from '../model/incident.ts';
import type { StepForm, WhistleActForm, zWhistleForm } from '../model/incident-forms.ts';
import { type Decision, decideStep } from '../model/incident-step.ts';
import type { Entry } from '../model/ledger.ts';
import { decideWhistle, decideWhistleAct } from '../model/whistle-step.ts';
import { incidentOf, treeOf, type World } from '../model/world.ts';
import { type Foreseen, foresee } from './foresee.ts';
import type { Ledger } from './ledger/ledger.ts';
import { holding, type Recall, type Recalled, recalledFact } from './recall.ts';
import { Refused } from './refused.ts';

type Done = { readonly ok: true; readonly seq: number };
/** One line of a bulk answer: what was done or, in a preview, would be. */
export type BulkResult =
  | { readonly incident: string; readonly ok: true; readonly seq?: number; readonly state: IncidentState; readonly what?: Foreseen }
  | { readonly incident: string; readonly ok: false; readonly error: Refused['body']['error'] };

/** What people do to incidents. Each is decided against the newest world, so of two who race one is refused. */
export interface Commands {
  step(actor: Actor, incident: string, form: StepForm): Promise<Done & { state: IncidentState }>;
  /** @returns the whistle's number among those of the incident */
  whistle(actor: Actor, incident: string, form: z.output<typeof zWhistleForm>): Promise<Done & { whistle: number }>;
  whistleAct(actor: Actor, incident: string, form: WhistleActForm): Promise<Done>;
  /** The same step on many, each for itself: one that is refused holds up no other. */
  bulk(actor: Actor, incidents: readonly string[], form: StepForm): Promise<BulkResult[]>;
  /** What `bulk` would do as things stand. Appends nothing. */
  preview(actor: Actor, incidents: readonly string[], form: StepForm): Promise<BulkResult[]>;
}

/** The world of the decision does not hold the incident. */
class LetGo extends Error {}

export function openCommands(ledger: Ledger, recall: Recall, now: () => number): Commands {
  /**
   * Decide on one incident and append what follows. One that the world has let go of is brought back in the same append; somebody else
   * who brings it back meanwhile does no harm, for then the world holds it.
   */
  async function take(actor: Actor, id: string, decide: (world: World) => Decision) {
    let past: Recalled | null | undefined;
    for (;;) {
      let state: IncidentState = 'reported';
      const append = (world: World) => {
        const held = incidentOf(world, id) !== undefined;
        if (!held && (past === undefined || (past && past.day !== world.day))) throw new LetGo();
        const recalled = held || !past ? null : past;
        const shown = recalled ? holding(world, recalled) : world;
        const decision = decide(shown);
        if (!decision.ok) throw refusedAs(decision, incidentOf(shown, id));
        state = decision.state;
        return recalled ? [recalledFact(recalled), ...decision.facts] : decision.facts;
      };
      try {
        return { entries: await ledger.append(actor.id, append), state };
      } catch (error) {
        if (!(error instanceof LetGo)) throw error;
        past = await recall(id);
      }
    }
  }
  const seqOf = (entries: readonly Entry[]) => entries.at(-1)!.seq;

  const commands: Commands = {
    async step(actor, id, form) {
      const { entries, state } = await take(actor, id, (world) => decideStep(world, id, form, actor, now()));
      return { ok: true, seq: seqOf(entries), state };
    },
    async whistle(actor, id, form) {
      const { entries } = await take(actor, id, (world) => decideWhistle(world, id, form, actor, now()));
      const blown = entries.find((e) => e.kind === 'incident.whistle-blown')!;
      return { ok: true, seq: blown.seq, whistle: blown.body.whistle };
    },
    async whistleAct(actor, id, form) {
      const { entries } = await take(actor, id, (world) => decideWhistleAct(world, id, form, actor));
      return { ok: true, seq: seqOf(entries) };
    },

    bulk: (actor, ids, form) =>
      eachFor(ids, async (incident) => {
        const { seq, state } = await commands.step(actor, incident, form);
        return { incident, ok: true, seq, state };
      }),
    preview: (actor, ids, form) =>
      eachFor(ids, async (incident) => {
        const { world } = ledger;
        const past = incidentOf(world, incident) ? null : await recall(incident);
        const shown = past ? holding(world, past) : world;
        const decision = decideStep(shown, incident, form, actor, now());
        if (!decision.ok) throw refusedAs(decision, incidentOf(shown, incident));
        return { incident, ok: true, state: decision.state, what: foresee(shown, incident, decision) };
      }),
  };
  return commands;
}

/** All at once, in the order given; what is refused becomes its line, what fails otherwise fails the whole when all have ended. */
async function eachFor(ids: readonly string[], work: (id: string) => Promise<BulkResult>): Promise<BulkResult[]> {
  const settled = await Promise.allSettled(ids.map(work));
  return settled.map((s, n): BulkResult => {
    if (s.status === 'fulfilled') return s.value;
    if (!(s.reason instanceof Refused)) throw s.reason;
    return { incident: ids[n]!, ok: false, error: s.reason.body.error };
  });
}

/** @throws Refused 403 with the rule of `may()`. */
export function mustBeAllowed(actor: Actor, action: Action, area: Parameters<typeof may>[2], world: World) {
  const verdict = may(actor, action, area, treeOf(world));
  if (!verdict.ok) throw new Refused(403, 'actor', verdict.rule);
}

/** A decision against a step; to those who may take it, with where the incident stands and what happened to it last. */
export function refusedAs({ status, field, rule }: Exclude<Decision, { ok: true }>, incident: Incident | undefined): Refused {
  const last = status === 403 ? undefined : incident?.marks.at(-1);
  const stands = incident && last ? { state: incident.state, last: { step: last.step, at: last.at, actor: last.actor } } : {};
  return new Refused(status, field, rule, stands);
}
