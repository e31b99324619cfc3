import { alarmId } from '../../model/alarm.ts';
import type { RuleJudge } from '../../model/alarm-judge.ts';
import { type AlarmRule, limitOf, priorityOfRule } from '../../model/alarm-rule.ts';
import { clearedFacts, type Judged, raisedFacts } from '../../model/alarm-step.ts';
import { areaLabel } from '../../model/area.ts';
import { UNIT_KIND } from '../../model/centre.ts';
import { isOpen } from '../../model/incident.ts';
import { reportedFact } from '../../model/incident-step.ts';
import type { Fact } from '../../model/ledger.ts';
import { incidentOf, type Sensor, treeOf, type World } from '../../model/world.ts';
import { cut } from '../cut-text.ts';
import { incidentId } from '../incident-id.ts';

/** A rule of a source that came true, or is no longer. `value`: what it holds against its limit. */
export interface SourceChange extends Judged {
  readonly rule: AlarmRule;
  readonly active: boolean;
  /** every rule in force of that source, a suppressing one before those it suppresses */
  readonly judges: readonly RuleJudge[];
}
/** The same of a sensor. */
export interface Change extends SourceChange {
  readonly sensor: Sensor;
}

/**
 * What changes come to in a world that may already know some of them: none twice. What a cause hides is hidden before it is raised and
 * shown again after it is cleared, so that nobody is called for what is about to be hidden.
 * @param now epoch ms
 */
export function factsOf(world: World, changes: readonly SourceChange[], now: number): Fact[] {
  const order = (c: SourceChange) => c.judges.findIndex((j) => j.rule.code === c.rule.code);
  const cleared = changes.filter((c) => !c.active).sort((a, b) => order(b) - order(a));
  const raised = changes.filter((c) => c.active).sort((a, b) => order(a) - order(b));
  const told: Told = new Map();
  return [...cleared.flatMap((c) => clear(world, c, told)), ...raised.flatMap((c) => raise(world, c, told, now))];
}

/** alarm -> what it is suppressed by after the facts told so far in this append */
export type Told = Map<string, string | null>;
const suppressedBy = (world: World, told: Told, id: string) =>
  told.has(id) ? told.get(id)! : (world.alarms.get(id)?.suppressedBy ?? null);

function clear(world: World, c: SourceChange, told: Told): Fact[] {
  const facts = clearedFacts(world, c.rule, c);
  return facts.length ? [...facts, ...suppressions(world, c, told)] : facts;
}
function raise(world: World, c: SourceChange, told: Told, now: number): Fact[] {
  const facts = raisedFacts(world, c.rule, c);
  if (facts.length === 0) return facts;
  return [...facts, ...incidentFacts(world, c, told, now), ...suppressions(world, c, told)];
}

/** What the rules that this one suppresses come to when it begins (`active`) or ends. */
export function suppressions(world: World, c: SourceChange, told: Told = new Map()): Fact[] {
  const { sensor, area, rule, active, value } = c;
  return c.judges.flatMap(({ rule: other }): Fact[] => {
    const id = alarmId(sensor.id, other.code);
    const by = suppressedBy(world, told, id);
    const should = active && other.suppressedWhile === rule.code;
    if (should ? by === rule.code : by !== rule.code) return [];
    told.set(id, should ? rule.code : null);
    if (!should) return [{ kind: 'alarm.unsuppressed', body: { alarm: id } }];
    const source = { alarm: id, sensor: sensor.id, rule: other.code, priority: priorityOfRule(other), area, lngLat: sensor.lngLat };
    return [{ kind: 'alarm.suppressed', body: { ...source, value, limit: limitOf(other.test), by: rule.code } }];
  });
}

/** A P1 alarm is an incident by itself where its rule says so, unless nobody is to see it or one is already open of it. */
export function incidentFacts(world: World, c: SourceChange, told: Told, now: number): Fact[] {
  const { rule, sensor, area, value, at } = c;
  if (rule.incident === null || priorityOfRule(rule) !== 1) return [];
  const alarm = alarmId(sensor.id, rule.code);
  const before = world.alarms.get(alarm);
  if (suppressedBy(world, told, alarm) !== null || before?.shelf || before?.outOfService) return [];
  const incident = incidentId(`\0alarm\0${alarm}\0${at}`);
  if (incidentOf(world, incident)) return [];
  for (const i of world.incidents.values()) if (i.alarm === alarm && isOpen(i)) return [];
  const isUnit = rule.kind === UNIT_KIND.code;
  const who = isUnit ? [world.units.get(sensor.id)?.name ?? sensor.id] : [];
  const title = [rule.name.zh, ...who, ...(area === null ? [] : [areaLabel(treeOf(world), area)])].join(' ');
  const source = isUnit ? 'patrol' : 'sensor';
  const report = { kind: 'incident', at, lngLat: sensor.lngLat, category: rule.incident, title: cut(title, 80), source } as const;
  const fact = reportedFact(world, incident, { ...report, priority: 1, alarm }, area, now);
  if (isUnit) return [fact]; // a button is no reading
  // the alarm is raised in the same breath: the world does not hold it yet, or holds its reading of the time before
  return [{ ...fact, body: { ...fact.body, reading: { sensor: sensor.id, value, limit: limitOf(rule.test), at } } }];
}
