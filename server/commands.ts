import { type Action, type Actor, may } from '../model/access.ts';
import type { Incident, IncidentState } from '../model/incident.ts';
import type { StepForm } from '../model/incident-forms.ts';
import { type Decision, decideStep } from '../model/incident-step.ts';
import { incidentOf, treeOf, type World } from '../model/world.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Refused } from './refused.ts';

/** What an operator does to incidents and alarms. Each is decided against the newest world, so of two who race one is refused. */
export interface Commands {
  step(actor: Actor, incident: string, form: StepForm): Promise<{ ok: true; seq: number; state: IncidentState }>;
  acknowledge(actor: Actor, alarm: string, note?: string): Promise<{ ok: true; seq: number }>;
}
export function openCommands(ledger: Ledger, now: () => number): Commands {
  return {
    async step(actor, id, form) {
      let state: IncidentState = 'reported';
      const entries = await ledger.append(actor.id, (world) => {
        const decision = decideStep(world, id, form, actor, now());
        if (!decision.ok) throw refusedAs(decision, incidentOf(world, id));
        state = decision.state;
        return decision.facts;
      });
      return { ok: true, seq: entries.at(-1)!.seq, state };
    },

    async acknowledge(actor, id, note) {
      const [entry] = await ledger.append(actor.id, (world) => {
        const alarm = world.alarms.get(id);
        if (!alarm) throw new Refused(404, 'alarm', `no alarm ${id}: it is in its normal state`);
        mustBeAllowed(actor, 'acknowledge', alarm.area, world);
        if (alarm.state === 'acked') throw new Refused(409, 'alarm', 'already acknowledged', { state: alarm.state });
        return [{ kind: 'alarm.acknowledged', body: { alarm: id, ...(note ? { note } : {}) } }];
      });
      return { ok: true, seq: entry!.seq };
    },
  };
}

/** @throws Refused 403 with the rule of `may()`. */
export function mustBeAllowed(actor: Actor, action: Action, area: Parameters<typeof may>[2], world: World) {
  const verdict = may(actor, action, area, treeOf(world));
  if (!verdict.ok) throw new Refused(403, 'actor', verdict.rule);
}

/** A decision against a step, with where the incident stands and what happened to it last. */
export function refusedAs({ status, field, rule }: Exclude<Decision, { ok: true }>, incident: Incident | undefined): Refused {
  const last = incident?.marks.at(-1);
  const stands = incident && last ? { state: incident.state, last: { step: last.step, at: last.at, actor: last.actor } } : {};
  return new Refused(status, field, rule, stands);
}
