import { type Action, type Actor, may } from '../model/access.ts';
import { checkStep, type IncidentState, type IncidentStep } from '../model/incident.ts';
import type { Fact } from '../model/ledger.ts';
import { treeOf, type World } from '../model/world.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Refused } from './refused.ts';

/** What an operator does to incidents and alarms. Each is decided against the newest world, so of two who race one is refused. */
export interface Commands {
  step(actor: Actor, incident: string, request: StepRequest): Promise<{ ok: true; seq: number; state: IncidentState }>;
  acknowledge(actor: Actor, alarm: string, note?: string): Promise<{ ok: true; seq: number }>;
}
export interface StepRequest {
  readonly step: IncidentStep;
  readonly unit?: string;
  readonly note?: string;
}

export function openCommands(ledger: Ledger): Commands {
  return {
    async step(actor, id, { step, unit, note }) {
      let state: IncidentState = 'reported';
      const [entry] = await ledger.append(actor.id, (world) => {
        const incident = world.incidents.get(id);
        if (!incident) throw new Refused(404, 'incident', `no incident ${id} among the open and recent ones`);
        mustBeAllowed(actor, step, incident.area, world);
        const verdict = checkStep(incident.state, step, unit);
        if (!verdict.ok) throw new Refused(409, 'step', verdict.rule, { state: incident.state });
        if (step === 'dispatch' && !world.units.has(unit!)) throw new Refused(400, 'unit', `unit ${unit} is not registered`);
        state = verdict.to;
        return [stepFact(step, id, unit, note)];
      });
      return { ok: true, seq: entry!.seq, state };
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

function stepFact(step: IncidentStep, incident: string, unit: string | undefined, note: string | undefined): Fact {
  const body = { incident, ...(note ? { note } : {}) };
  switch (step) {
    case 'file':
      return { kind: 'incident.filed', body };
    case 'dispatch':
      return { kind: 'incident.dispatched', body: { ...body, unit: unit! } };
    case 'handle':
      return { kind: 'incident.handled', body };
    case 'verify':
      return { kind: 'incident.verified', body };
    case 'close':
      return { kind: 'incident.closed', body };
  }
}
