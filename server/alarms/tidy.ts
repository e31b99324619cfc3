import { alarmId } from '../../model/alarm.ts';
import { priorityOfRule } from '../../model/alarm-rule.ts';
import { clearedFacts, revisedFacts } from '../../model/alarm-step.ts';
import type { EpochMs } from '../../model/brand.ts';
import type { Fact } from '../../model/ledger.ts';
import type { World } from '../../model/world.ts';
import { incidentFacts, suppressions, type Told } from './alarm-facts.ts';
import type { RuleSets } from './rule-sets.ts';

/**
 * What standing alarms come to after their rules were changed and the newest readings judged by them: those that still stand go by the rule
 * as it is now. One that became a P1 by it is an incident where its rule says so, as if it had just been raised.
 */
export function revisionFacts(world: World, sets: RuleSets, now: EpochMs): Fact[] {
  const told: Told = new Map();
  return [...world.alarms.values()].flatMap((alarm) => {
    const sensor = world.sensors.get(alarm.sensor);
    const judges = sensor ? sets.of(sensor).judges : [];
    const rule = judges.find((j) => j.rule.code === alarm.rule)?.rule;
    const facts = sensor && rule ? revisedFacts(alarm, rule) : [];
    if (facts.length === 0 || priorityOfRule(rule!) >= alarm.priority) return facts;
    const { area, value, first } = alarm;
    return [
      ...facts,
      ...incidentFacts(world, { sensor: sensor!, area, rule: rule!, judges, value, at: first.at, active: true }, told, now),
    ];
  });
}

/**
 * What standing alarms come to after rules, places or sensors were changed: an alarm whose rule is no longer in force for its sensor is
 * cleared (nobody is asked to reset what no rule watches), and what suppresses what is made as the rules now say.
 */
export function tidyFacts(world: World, sets: RuleSets, now: EpochMs): Fact[] {
  const ruled = [...world.alarms.values()].flatMap((alarm) => {
    const sensor = world.sensors.get(alarm.sensor);
    if (!sensor) return [];
    const { judges } = sets.of(sensor);
    return [{ alarm, sensor, judges, rule: judges.find((j) => j.rule.code === alarm.rule)?.rule }];
  });
  const standing = new Set(ruled.flatMap(({ alarm, rule }) => (rule && alarm.active ? [alarm.id] : [])));
  const told: Told = new Map();
  const cleared = ruled.flatMap(({ alarm, sensor, rule }) =>
    rule ? [] : clearedFacts(world, { code: alarm.rule, latch: false }, { sensor, value: alarm.value, at: now }),
  );
  const shown = ruled.flatMap(({ alarm, sensor, rule }): Fact[] => {
    const by = alarm.suppressedBy;
    if (by === null || (rule?.suppressedWhile === by && standing.has(alarmId(sensor.id, by)))) return [];
    told.set(alarm.id, null);
    return [{ kind: 'alarm.unsuppressed', body: { alarm: alarm.id } }];
  });
  const hides = ruled.flatMap(({ alarm, sensor, rule, judges }) => {
    if (!rule || !alarm.active) return [];
    const { area, value } = alarm;
    return suppressions(world, { sensor, area, rule, judges, value, at: now, active: true }, told);
  });
  return [...cleared, ...shown, ...hides];
}
