import { type Alarm, type AlarmState, byUrgency, hidden } from './alarm.ts';
import { ruleOf } from './alarm-rules.ts';
import { kindOfSource } from './alarm-source.ts';
import { type AreaTree, DEDICATED } from './area.ts';
import type { AreaCode } from './brand.ts';
import type { Priority } from './centre.ts';
import { treeOf, type World } from './world.ts';

/**
 * 同因: what alarms that came together have in common. facility, device: all of it at once; silence (断联): sensors of several kinds in
 * one grid went quiet, which is the network or the power rather than each of them; rule: the same kind and rule; alone: nothing.
 */
export type Cause =
  | { readonly is: 'alone'; readonly alarm: string }
  | { readonly is: 'facility'; readonly facility: string }
  | { readonly is: 'device'; readonly device: string }
  | { readonly is: 'silence' }
  | { readonly is: 'rule'; readonly kind: string; readonly rule: string };

/** Alarms of one cause in one place. One of a single alarm is that alarm. */
export interface AlarmGroup {
  readonly key: string;
  /** 一般网格, else the smallest place that is not a leaf; null = outside the centre */
  readonly place: AreaCode | null;
  readonly cause: Cause;
  readonly n: number;
  readonly unacked: number;
  readonly worst: Priority;
  /** when the newest of them went into alarm, epoch ms */
  readonly newest: number;
  /** the most urgent first */
  readonly members: readonly Alarm[];
}

type Known = Pick<World, 'areas' | 'centre' | 'rules' | 'sensors' | 'units'>;
const needsAck = (a: Alarm) => a.state === 'unack' || a.state === 'rtn-unack';

/** The general grid an area lies in. A dedicated grid is its own place; where no level is called so, the level above the leaves. */
export function gridOf(tree: AreaTree, code: AreaCode): AreaCode {
  const path = tree.path(code);
  const grid = path.find((a) => a.level === 'grid') ?? (path.at(-1)?.level === DEDICATED ? path.at(-1) : (path.at(-2) ?? path.at(-1)));
  return grid?.code ?? code;
}

interface Placed {
  readonly alarm: Alarm;
  readonly kind: string;
  readonly rule: OfRule;
  readonly place: AreaCode | null;
  readonly facility: string | undefined;
  readonly device: string | undefined;
}

/**
 * Alarms of a flood as few rows: by place and common cause. A P1 always stands alone and before all groups; every alarm is in exactly
 * one group. The order is that of urgency: P1, then groups with something to acknowledge, the worst and newest first.
 */
export function groupAlarms(world: Known, alarms: Iterable<Alarm>): AlarmGroup[] {
  const tree = treeOf(world);
  const places = new Map<AreaCode, AreaCode>();
  const placeOf = (area: AreaCode | null) => (area === null ? null : once(places, area, () => gridOf(tree, area)));
  // a flood is mostly alarms of few rules: what each asks of its rule is asked once
  const rules = new Map<string, Map<string, OfRule>>();
  const ruled = (kind: string, rule: string) =>
    once(
      once(rules, kind, () => new Map()),
      rule,
      (): OfRule => ({ silent: ruleOf(world, kind, rule)?.test.is === 'no-data', groups: new Map() }),
    );
  const all: Placed[] = [];
  for (const alarm of alarms) {
    const sensor = world.sensors.get(alarm.sensor);
    const kind = sensor ? sensor.kind : (kindOfSource(world, alarm.sensor) ?? '');
    const rule = ruled(kind, alarm.rule);
    all.push({ alarm, kind, rule, place: placeOf(alarm.area), facility: sensor?.facility, device: sensor?.device });
  }
  const cut = silences(all.filter((p) => p.alarm.priority !== 1));
  const shared = new Map<string, number>();
  const add = (key: string | undefined) => key !== undefined && shared.set(key, (shared.get(key) ?? 0) + 1);
  for (const p of all)
    if (p.alarm.priority !== 1) {
      add(p.facility && `f ${p.facility}`);
      add(p.device && `d ${p.device}`);
    }
  /** a facility or device of which one sensor only is in alarm has no common cause of its own */
  const several = (key: string) => (shared.get(key) ?? 0) > 1;
  const causeOf = (p: Placed): Cause => {
    if (p.alarm.priority === 1) return { is: 'alone', alarm: p.alarm.id };
    if (p.rule.silent && cut.has(p.place)) return { is: 'silence' };
    if (p.facility && several(`f ${p.facility}`)) return { is: 'facility', facility: p.facility };
    if (p.device && several(`d ${p.device}`)) return { is: 'device', device: p.device };
    return { is: 'rule', kind: p.kind, rule: p.alarm.rule };
  };
  const groups = new Map<string, Draft>();
  const groupOf = (place: AreaCode | null, cause: Cause) => once(groups, keyOf(place, cause), () => ({ place, cause, members: [] }));
  for (const p of all) {
    const cause = causeOf(p);
    const group = cause.is === 'rule' ? once(p.rule.groups, p.place, () => groupOf(p.place, cause)) : groupOf(p.place, cause);
    group.members.push(p.alarm);
  }
  return [...groups].map(([key, g]) => summed(key, g)).sort(byWeight);
}

/** Who is in a group now, by its key; none when there is no such group. */
export const membersOfGroup = (world: Known, alarms: Iterable<Alarm>, key: string): readonly Alarm[] =>
  groupAlarms(world, alarms).find((g) => g.key === key)?.members ?? [];

interface Draft {
  readonly place: AreaCode | null;
  readonly cause: Cause;
  readonly members: Alarm[];
}
/** What the alarms of one kind and rule share: whether it is one of silence, and their groups by place where nothing else joins them. */
interface OfRule {
  readonly silent: boolean;
  readonly groups: Map<AreaCode | null, Draft>;
}
function once<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** Places where sensors of more than one kind are silent, and not merely those of one facility or device. */
function silences(all: readonly Placed[]): ReadonlySet<AreaCode | null> {
  const quiet = new Map<AreaCode | null, Placed[]>();
  for (const p of all) {
    if (!p.rule.silent) continue;
    const list = quiet.get(p.place);
    if (list) list.push(p);
    else quiet.set(p.place, [p]);
  }
  const out = new Set<AreaCode | null>();
  for (const [place, list] of quiet) {
    const one = (of: (p: Placed) => string | undefined) => of(list[0]!) !== undefined && list.every((p) => of(p) === of(list[0]!));
    const kinds = new Set(list.map((p) => p.kind)).size;
    if (kinds > 1 && !one((p) => p.facility) && !one((p) => p.device)) out.add(place);
  }
  return out;
}

const keyOf = (place: AreaCode | null, c: Cause): string => {
  const what = c.is === 'alone' ? c.alarm : c.is === 'facility' ? c.facility : c.is === 'device' ? c.device : '';
  return c.is === 'rule' ? `${place ?? ''} rule ${c.kind}/${c.rule}` : `${place ?? ''} ${c.is} ${what}`;
};

function summed(key: string, g: Draft): AlarmGroup {
  const members = g.members.sort(byUrgency);
  let [unacked, worst, newest] = [0, 4 as Priority, 0];
  for (const a of members) {
    if (needsAck(a)) unacked += 1;
    if (a.priority < worst) worst = a.priority;
    if (a.raisedAt > newest) newest = a.raisedAt;
  }
  return { key, place: g.place, cause: g.cause, n: members.length, unacked, worst, newest, members };
}

const rank = (g: AlarmGroup) => (g.cause.is === 'alone' ? 0 : 2) + (g.unacked > 0 ? 0 : 1);
const byWeight = (a: AlarmGroup, b: AlarmGroup) =>
  rank(a) - rank(b) || a.worst - b.worst || b.newest - a.newest || (a.key < b.key ? -1 : 1);

/** What a list of alarms is narrowed by; absent = not. */
export interface AlarmFilter {
  readonly states?: ReadonlySet<AlarmState>;
  readonly priorities?: ReadonlySet<Priority>;
  readonly kinds?: ReadonlySet<string>;
  /** code of a rule, e.g. `high` */
  readonly rule?: string;
  readonly sensor?: string;
  /** everything within it; alarms outside every area are not in any */
  readonly area?: AreaCode;
}

/** The alarms a filter lets through, the most urgent first. Without `states`: those put before the operator. */
export function listAlarms(world: Known & Pick<World, 'alarms'>, filter: AlarmFilter = {}): Alarm[] {
  const tree = treeOf(world);
  const within = new Map<AreaCode, boolean>();
  const isHere = (area: AreaCode | null) => {
    if (filter.area === undefined) return true;
    if (area === null) return false;
    let here = within.get(area);
    if (here === undefined) {
      here = tree.isWithin(area, filter.area);
      within.set(area, here);
    }
    return here;
  };
  const kept = (a: Alarm) =>
    (filter.states ? filter.states.has(a.state) : !hidden.has(a.state)) &&
    (!filter.priorities || filter.priorities.has(a.priority)) &&
    (filter.rule === undefined || a.rule === filter.rule) &&
    (filter.sensor === undefined || a.sensor === filter.sensor) &&
    (!filter.kinds || filter.kinds.has(kindOfSource(world, a.sensor) ?? '')) &&
    isHere(a.area);
  return [...world.alarms.values()].filter(kept).sort(byUrgency);
}

/** How many alarms are in each state; what is hidden is counted like the rest. */
export function countStates(alarms: Iterable<Pick<Alarm, 'state'>>): Readonly<Record<AlarmState, number>> {
  const n = { normal: 0, unack: 0, acked: 0, 'rtn-unack': 0, latched: 0, shelved: 0, suppressed: 0, 'out-of-service': 0 };
  for (const a of alarms) n[a.state] += 1;
  return n;
}
