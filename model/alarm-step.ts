import { type Action, type Actor, may } from './access.ts';
import { type Alarm, alarmId, partsOfAlarm } from './alarm.ts';
import type { AlarmAct, AlarmActForm } from './alarm-forms.ts';
import { type AlarmRule, limitOf, priorityOfRule, SHELVE_MAX_MINUTES } from './alarm-rule.ts';
import { ruleOf } from './alarm-rules.ts';
import { alarmSource } from './alarm-source.ts';
import { type AreaCode, type EpochMs, epochMs } from './brand.ts';
import type { Fact } from './ledger.ts';
import { type Sensor, treeOf, type World } from './world.ts';

/** What people do to an alarm comes to these facts, or breaks this rule. Pure, as decideStep of an incident. */
export type AlarmDecision =
  | { readonly ok: true; readonly facts: readonly Fact[] }
  /** 403 not allowed · 404 no such source or rule · 409 not possible as things stand · 400 a figure beyond what the rule allows */
  | { readonly ok: false; readonly status: 400 | 403 | 404 | 409; readonly field: string; readonly rule: string };
const refuse = (status: 400 | 403 | 404 | 409, field: string, rule: string): AlarmDecision => ({ ok: false, status, field, rule });

/** The right that each act asks for. */
export const alarmRights: Record<AlarmAct, Action> = {
  acknowledge: 'acknowledge',
  note: 'acknowledge',
  reset: 'acknowledge',
  shelve: 'shelve',
  unshelve: 'shelve',
  remove: 'maintain',
  return: 'maintain',
};
const MINUTE = 60_000;

/**
 * @param id of an alarm; also of one in its normal state where it is shelved or taken out of service before it is raised
 * @param actor null = a rule of the house or an import
 * @param now epoch ms
 */
export function decideAlarm(world: World, id: string, form: AlarmActForm, actor: Actor | null, now: number): AlarmDecision {
  const alarm = world.alarms.get(id);
  const { sensor: sensorId, rule: code } = partsOfAlarm(id);
  const from = alarmSource(world, sensorId);
  if (!alarm && !from) return refuse(404, 'alarm', `no alarm ${id}: no such sensor or unit`);
  const area = alarm ? alarm.area : from!.area;
  const allowed = actor ? may(actor, alarmRights[form.act], area, treeOf(world)) : { ok: true as const };
  if (!allowed.ok) return refuse(403, 'actor', allowed.rule);
  const rule = from && ruleOf(world, from.of, code);
  if (!alarm && !rule) return refuse(404, 'alarm', `no rule ${code} for sensors of kind ${from!.of}`);
  const lngLat = alarm?.lngLat ?? from!.lngLat;
  if (!lngLat) return refuse(409, 'alarm', 'it is in its normal state: an alarm of a unit has a place only while it stands');
  /** what an entry says that may be the first of its alarm */
  const source = { alarm: id, sensor: sensorId, rule: code, priority: alarm?.priority ?? priorityOfRule(rule!), area, lngLat };
  const normal = (): AlarmDecision => refuse(404, 'alarm', `no alarm ${id}: it is in its normal state`);
  const one = (fact: Fact): AlarmDecision => ({ ok: true, facts: [fact] });
  switch (form.act) {
    case 'acknowledge':
      if (!alarm) return normal();
      if (alarm.acked) return refuse(409, 'alarm', 'already acknowledged');
      return one({ kind: 'alarm.acknowledged', body: { alarm: id, ...(form.note ? { note: form.note } : {}) } });
    case 'reset':
      if (!alarm) return normal();
      if (!alarm.latched) return refuse(409, 'alarm', alarm.active ? 'its condition is still active' : 'it is not latched');
      return one({ kind: 'alarm.reset', body: { alarm: id, ...(form.note ? { note: form.note } : {}) } });
    case 'shelve': {
      const most = rule?.shelveMaxMinutes ?? SHELVE_MAX_MINUTES;
      if (form.kind === 'timed' && form.minutes === undefined) return refuse(400, 'minutes', 'needed for a timed shelf');
      if ((form.minutes ?? 0) > most) return refuse(400, 'minutes', `at most ${most} by its rule`);
      if (alarm?.outOfService) return refuse(409, 'alarm', 'it is out of service');
      if (form.kind === 'one-shot' && !alarm?.active)
        return refuse(409, 'kind', 'a one-shot shelf ends with the alarm, and it is not active');
      const until = epochMs(now + (form.minutes ?? most) * MINUTE);
      return one({
        kind: 'alarm.shelved',
        body: { ...source, shelf: { kind: form.kind, until, reason: form.reason, by: actor?.id ?? 'import' } },
      });
    }
    case 'unshelve':
      return alarm?.shelf ? one({ kind: 'alarm.unshelved', body: { alarm: id } }) : refuse(409, 'alarm', 'it is not shelved');
    case 'remove':
      if (alarm?.outOfService) return refuse(409, 'alarm', 'already out of service');
      return one({ kind: 'alarm.removed', body: { ...source, reason: form.reason } });
    case 'return':
      return alarm?.outOfService ? one({ kind: 'alarm.returned', body: { alarm: id } }) : refuse(409, 'alarm', 'it is not out of service');
    case 'note':
      return alarm ? one({ kind: 'alarm.noted', body: { alarm: id, text: form.text } }) : normal();
  }
}

/** What a source says to the rules: where it stands, what it measured and when. */
export interface Judged {
  readonly sensor: Pick<Sensor, 'id' | 'lngLat'>;
  readonly area: AreaCode | null;
  readonly value: number;
  /** device time */
  readonly at: EpochMs;
}

/**
 * The condition of a rule became true, or (`again`) has been for so long that it asks again. None where it is active already: a
 * repeated message, a second server or a value that goes on rising makes no second alarm.
 */
export function raisedFacts(world: World, rule: AlarmRule, j: Judged, again = false): Fact[] {
  const id = alarmId(j.sensor.id, rule.code);
  const before = world.alarms.get(id);
  if (again ? !before?.active || !before.acked : before?.active) return [];
  return [
    {
      kind: 'alarm.raised',
      body: {
        alarm: id,
        sensor: j.sensor.id,
        rule: rule.code,
        priority: priorityOfRule(rule),
        value: j.value,
        limit: limitOf(rule.test),
        at: j.at,
        lngLat: j.sensor.lngLat,
        area: j.area,
        ...(again ? { again: true as const } : {}),
      },
    },
  ];
}
/**
 * A standing alarm goes by its rule as it is now: priority and limit, where they are others. One that was acknowledged as less urgent asks
 * again. None for an alarm that has cleared: it keeps what it was raised by.
 */
export function revisedFacts(alarm: Alarm, rule: AlarmRule): Fact[] {
  const priority = priorityOfRule(rule);
  const limit = limitOf(rule.test);
  if (!alarm.active || (alarm.priority === priority && alarm.limit === limit)) return [];
  const again = alarm.acked && priority < alarm.priority;
  return [{ kind: 'alarm.revised', body: { alarm: alarm.id, priority, limit, ...(again ? { again: true as const } : {}) } }];
}
/** The condition is no longer true. None where it was not. */
export function clearedFacts(
  world: World,
  rule: Pick<AlarmRule, 'code' | 'latch'>,
  j: Pick<Judged, 'value' | 'at'> & { readonly sensor: { readonly id: string } },
): Fact[] {
  const id = alarmId(j.sensor.id, rule.code);
  if (!world.alarms.get(id)?.active) return [];
  return [{ kind: 'alarm.cleared', body: { alarm: id, value: j.value, at: j.at, ...(rule.latch ? { latch: true as const } : {}) } }];
}
