import { judgeOf } from '../../model/alarm-judge.ts';
import { ruleForSensor, ruleOf } from '../../model/alarm-rules.ts';
import { clearedFacts } from '../../model/alarm-step.ts';
import { epochMs } from '../../model/brand.ts';
import { UNIT_KIND } from '../../model/centre.ts';
import { isWithinHours } from '../../model/hours.ts';
import type { Fact } from '../../model/ledger.ts';
import { SOS_RULE } from '../../model/patrol.ts';
import type { Unit, World } from '../../model/world.ts';
import { factsOf } from '../alarms/alarm-facts.ts';
import type { HeardFix } from './patrol-watch.ts';

/** The button is pressed, or released: what the newest world does not know of it yet. @param now epoch ms */
export function sosFacts(world: World, unit: Unit, fix: HeardFix, now: number): Fact[] {
  const general = ruleOf(world, UNIT_KIND.code, SOS_RULE);
  if (!general) return [];
  const at = epochMs(fix.at);
  if (!fix.sos) return clearedFacts(world, general, { sensor: { id: unit.id }, value: 0, at });
  const area = fix.area ?? unit.area;
  const rule = ruleForSensor(world, general, { id: unit.id, area });
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  if (!rule.enabled || !isWithinHours(rule.hours, now, offset)) return [];
  const sensor = { id: unit.id, lngLat: fix.lngLat };
  return factsOf(world, [{ sensor, area, rule, judges: [judgeOf(rule, offset)], active: true, value: 1, at }], now);
}
