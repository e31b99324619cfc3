import { alarmId } from '../../model/alarm.ts';
import { clearedFacts } from '../../model/alarm-step.ts';
import type { EpochMs } from '../../model/brand.ts';
import type { Fact } from '../../model/ledger.ts';
import type { World } from '../../model/world.ts';
import { suppressions, type Told } from './alarm-facts.ts';
import type { RuleSets } from './rule-sets.ts';

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
