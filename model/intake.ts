import { type Actor, may } from './access.ts';
import type { AreaCode } from './brand.ts';
import type { IncidentReport, Refusal } from './report.ts';
import { treeOf, type World } from './world.ts';

/**
 * Who may say what of an incident when handing it in. A machine tells what it measures; priority is the desk's to give, a deadline
 * that of a source with its own (a hotline ticket); an incident is made of an alarm once.
 */
export function intakeRefusal(world: World, report: IncidentReport, actor: Actor, area: AreaCode | null): Refusal | null {
  const { caller, priority, due, alarm, source } = report;
  if (actor.role === 'device' && caller) return notAllowed('caller', 'role device may not name a caller');
  const ranked = priority === undefined ? null : may(actor, 'file', area, treeOf(world));
  if (ranked && !ranked.ok) return notAllowed('priority', `only who may file gives a priority: ${ranked.rule}`);
  if (due !== undefined && (actor.role === 'device' || actor.role === 'worker')) {
    return notAllowed('due', `role ${actor.role} may not give a deadline`);
  }
  if (alarm === undefined) return null;
  if (source !== 'sensor') return { field: 'source', rule: 'an incident made of an alarm has the source sensor', reason: 'form' };
  const known = world.alarms.get(alarm);
  if (!known) return { field: 'alarm', rule: `no alarm ${alarm}: it is in its normal state`, reason: 'unknown-id' };
  for (const other of world.incidents.values()) {
    if (other.alarm === alarm && other.reportedAt >= known.raisedAt) {
      return { field: 'alarm', rule: `incident ${other.id} is already made of it`, reason: 'conflict' };
    }
  }
  return null;
}

const notAllowed = (field: string, rule: string): Refusal => ({ field, rule, reason: 'not-allowed' });
