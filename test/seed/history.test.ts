import { describe, expect, it } from 'vitest';
import { alarmStates } from '../../model/alarm.ts';
import { valueHolds } from '../../model/alarm-rule.ts';
import { ruleForSensor, ruleOf, rulesByKind } from '../../model/alarm-rules.ts';
import { UNIT_KIND } from '../../model/centre.ts';
import { isWithinHours } from '../../model/hours.ts';
import { checkStep, type Incident, isOpen, remaining, stepOfKind } from '../../model/incident.ts';
import { type EntryBody, entryKinds } from '../../model/ledger.ts';
import { metresBetween } from '../../model/metres.ts';
import { incidentOf } from '../../model/world.ts';
import { HUAPAI_SHED } from '../../seed/facilities.ts';
import { history } from '../../seed/history.ts';
import { remaining as remainingFacts } from '../../seed/load.ts';
import { onDutyOf } from '../../seed/people.ts';
import type { PastFact } from '../../seed/story.ts';
import { crew, gauges, openedLedger, sites, street } from './world.ts';

const NOW = Date.parse('2026-11-18T14:26:08+08:00');
const DAY = 86_400_000;
const facts = history({ street, sensors: gauges, units: crew.units, now: NOW });
const raised = facts.filter((f) => f.kind === 'alarm.raised') as unknown as (PastFact & { body: EntryBody<'alarm.raised'> })[];
const kindOf = new Map(gauges.map((g) => [g.id, g.kind]));

describe('the imported month', () => {
  const ledger = openedLedger(NOW - 31 * DAY);
  /** every incident as it stood last */
  const lives = new Map<string, Incident>();
  const refused: string[] = [];
  const states = new Set<string>();
  let last = NOW - 31 * DAY;
  for (const f of facts) {
    const body = f.body as { incident: string; alarm: string; into?: string };
    const step = stepOfKind(f.kind);
    if (step) {
      const verdict = checkStep(incidentOf(ledger.world, body.incident)!, step);
      if (!verdict.ok) refused.push(`${body.incident} ${verdict.rule}`);
    }
    if (f.kind.startsWith('alarm.')) states.add(ledger.world.alarms.get(body.alarm)?.state ?? 'normal');
    if (f.at < last || f.at > NOW) refused.push(`${f.kind} out of order`);
    last = f.at;
    ledger.add(f.at, f.kind, f.body);
    for (const id of [body.incident, body.into]) {
      const now = id && incidentOf(ledger.world, id);
      if (now) lives.set(now.id, now);
    }
  }
  const { world } = ledger;
  const open = [...world.incidents.values()].filter(isOpen);

  it('obeys every schema, the state machines and the order of time', () => {
    expect(refused).toEqual([]);
  });

  it('ends with the desk as meant: 4 to dispatch, 14 in hand, 5 to verify and close', () => {
    const count = (...states: string[]) => open.filter((i) => states.includes(i.state)).length;
    expect([count('reported', 'filed'), count('dispatched', 'accepted', 'arrived', 'suspended'), count('handled', 'verified')]).toEqual([
      4, 14, 5,
    ]);
    expect(open.filter((i) => (remaining(i, NOW) ?? 0) < 0).map((i) => i.priority)).toEqual([2]);
    expect(open.filter((i) => i.state === 'suspended' && i.pausedAt !== null)).toHaveLength(1);
    expect(open.filter((i) => i.extension)).toHaveLength(1);
    expect(open.filter((i) => i.flow === 'dispute' && i.state === 'arrived')).toHaveLength(1);
    const busy = open.flatMap((i) => i.crew.map((c) => c.unit));
    expect(new Set(busy).size).toBe(busy.length);
    const onDuty = new Set(onDutyOf(crew.units).map((u) => u.id));
    expect(busy.filter((u) => !onDuty.has(u))).toEqual([]);
  });

  it('has one gas alarm of the first priority with 18 minutes left, in the middle of its whistle', () => {
    const [gas, ...others] = open.filter((i) => i.priority === 1);
    expect(others).toEqual([]);
    expect(remaining(gas!, NOW)! / 60_000).toBeCloseTo(18.2, 1);
    expect(world.alarms.get(gas!.alarm!)?.state).toBe('acked');
    expect(gas!.state).toBe('arrived');
    const [whistle] = gas!.whistles;
    const call = (d: string) => whistle!.calls.find((c) => c.department === d)!;
    expect(whistle!.calls).toHaveLength(4);
    expect(whistle!.calls.filter((c) => c.arrivedAt !== null).map((c) => c.department)).toEqual(['fire-rescue', 'emergency']);
    expect([call('gas').answeredAt !== null, call('gas').arrivedAt]).toEqual([true, null]);
    expect([call('market').answeredAt, call('market').urgedAt.length]).toEqual([null, 1]);
    expect((whistle!.due - NOW) / 1000).toBeCloseTo(142, -1);
    expect(gas!.crew.filter((c) => c.arrivedAt !== null)).toHaveLength(2);
    expect(gas!.crew.filter((c) => c.arrivedAt === null)).toHaveLength(3);
  });

  it('has a report twice on the desk: near in place, time and kind', () => {
    const pairs = open.flatMap((a) =>
      open.filter((b) => b.reportedAt > a.reportedAt && b.category === a.category && b.title === a.title).map((b) => [a, b] as const),
    );
    expect(pairs).toHaveLength(1);
    expect(metresBetween(pairs[0]![0].lngLat, pairs[0]![1].lngLat)).toBeLessThan(30);
  });

  it('goes the ways a month goes: sent back, extended, suspended, merged, mediated, whistled for, asked afterwards', () => {
    const all = [...lives.values()];
    const ended = all.filter((i) => i.state === 'closed');
    const share = (list: readonly Incident[], of: (i: Incident) => boolean) => list.filter(of).length / list.length;
    const took = (step: string) => (i: Incident) => i.marks.some((m) => m.step === step);
    const between = (value: number, low: number, high: number) => {
      expect(value).toBeGreaterThan(low);
      expect(value).toBeLessThan(high);
    };
    between(share(ended, took('rework')), 0.02, 0.05);
    between(share(all, took('decline')), 0.02, 0.04);
    between(share(all, took('return')), 0.015, 0.035);
    between(share(all, took('merge')), 0.02, 0.045);
    between(share(all, took('ask-extension')), 0.01, 0.035);
    between(share(all, took('suspend')), 0.005, 0.02);
    between(
      share(all, (i) => i.whistles.length > 0),
      0.02,
      0.045,
    );
    between(
      share(ended, (i) => i.verdict !== null),
      0.55,
      0.66,
    );
    between(
      share(
        ended.filter((i) => i.verdict),
        (i) => i.verdict!.solved,
      ),
      0.93,
      0.99,
    );
    const disputes = ended.filter((i) => i.flow === 'dispute');
    between(
      share(disputes, (i) => i.agreement?.outcome === 'agreed'),
      0.83,
      0.94,
    );
    expect(all.filter((i) => i.state === 'merged' && i.into === null)).toEqual([]);
    // whoever is late was warned and has climbed
    const late = ended.filter((i) => remaining(i, NOW)! < 0);
    expect(late.filter((i) => i.levels.length < 2 || !i.warned.includes('handle due'))).toEqual([]);
  });

  it('leaves fourteen alarms before the operator, five of them not acknowledged, and some hidden in each way', () => {
    const count = (state: string) => [...world.alarms.values()].filter((a) => a.state === state).length;
    expect(alarmStates.map((s) => [s, count(s)])).toEqual([
      ['normal', 0],
      ['unack', 5],
      ['acked', 6],
      ['rtn-unack', 2],
      ['latched', 1],
      ['shelved', 1],
      ['suppressed', 2],
      ['out-of-service', 1],
    ]);
  });

  it('has been through every state of an alarm and every rule of the street’s sensors', () => {
    expect(alarmStates.filter((s) => !states.has(s))).toEqual([]);
    const told = new Set(raised.map((f) => `${kindOf.get(f.body.sensor)}/${f.body.rule}`));
    const ofSensors = [...rulesByKind(world)].filter(([kind]) => kind !== UNIT_KIND.code);
    const known = ofSensors.flatMap(([kind, rules]) => rules.map((r) => `${kind}/${r.code}`));
    expect(known.filter((k) => !told.has(k))).toEqual([]);
    const kinds = new Set(facts.filter((f) => f.kind.startsWith('alarm.')).map((f) => f.kind));
    // no rule is changed in this month, so no standing alarm is revised
    expect(Object.keys(entryKinds).filter((k) => k.startsWith('alarm.') && !kinds.has(k))).toEqual(['alarm.revised']);
  });

  it('raises what its own rules would raise: the value is in alarm by the test, at an hour at which the rule holds', () => {
    const wrong = raised.filter(({ body }) => {
      const general = ruleOf(world, kindOf.get(body.sensor)!, body.rule)!;
      const { test, hours } = ruleForSensor(world, general, world.sensors.get(body.sensor)!);
      if (!isWithinHours(hours, body.at + 700, 480)) return true;
      if (test.is === 'both') return !valueHolds(test.here, body.value, false);
      return test.is === 'rate' || test.is === 'no-data' ? false : !valueHolds(test, body.value, false);
    });
    expect(wrong.map((f) => `${f.body.alarm} ${f.body.value}`)).toEqual([]);
  });

  it('has as many alarms as one operator can take: about 150 a day, about 5 % of the first priority and 15 % of the second', () => {
    const month = raised.filter((f) => f.at < NOW - DAY);
    expect(month.length / 30).toBeGreaterThan(110);
    expect(month.length / 30).toBeLessThan(190);
    const share = (...p: number[]) => month.filter((f) => p.includes(f.body.priority)).length / month.length;
    expect(share(1)).toBeGreaterThan(0.025);
    expect(share(1)).toBeLessThan(0.075);
    expect(share(2)).toBeGreaterThan(0.09);
    expect(share(2)).toBeLessThan(0.21);
  });

  it('finds fewer hanging cables around the new shed than before it was opened', () => {
    const shed = sites.find((f) => f.id === HUAPAI_SHED)!;
    const cables = facts.filter(
      (f) =>
        f.kind === 'incident.reported' && f.body.category === 'ebike-charging' && metresBetween(f.body.lngLat as never, shed.lngLat) < 150,
    );
    const before = cables.filter((f) => f.at < shed.since!).length / ((shed.since! - (NOW - 30 * DAY)) / DAY);
    const after = cables.filter((f) => f.at >= shed.since!).length / ((NOW - shed.since!) / DAY);
    expect(before).toBeGreaterThan(1);
    expect(after).toBeLessThan(before / 3);
  });

  it('has communities that differ: handled in time between 90 and 98.5 per cent', () => {
    const by = new Map<string, { closed: number; onTime: number }>();
    for (const t of world.tallies.values()) {
      const b = by.get(t.community) ?? { closed: 0, onTime: 0 };
      by.set(t.community, { closed: b.closed + t.closed, onTime: b.onTime + t.closedOnTime });
    }
    const shares = [...by.values()].map((b) => (100 * b.onTime) / b.closed).sort((a, b) => a - b);
    expect(shares).toHaveLength(7);
    expect(shares[0]).toBeGreaterThan(89.5);
    expect(shares.at(-1)).toBeLessThan(98.6);
    expect(shares.at(-1)! - shares[0]!).toBeGreaterThan(5);
  });

  it('has seen about 71 per cent of the micro-grids by half past two', () => {
    const midnight = Date.parse('2026-11-18T00:00:00+08:00');
    const seen = [...world.visits.values()].filter((v) => v.at >= midnight).length / street.courts.length;
    expect(seen).toBeGreaterThan(0.67);
    expect(seen).toBeLessThan(0.75);
  });

  it('tells the same story twice', () => {
    expect(history({ street, sensors: gauges, units: crew.units, now: NOW, days: 3 })).toEqual(
      history({ street, sensors: gauges, units: crew.units, now: NOW, days: 3 }),
    );
  });

  it('goes on behind the last recorded fact when a load was cut short, even a while later', () => {
    const cut = 12_000;
    const later = history({ street, sensors: gauges, units: crew.units, now: NOW + 15 * 60_000 });
    expect(later.slice(0, cut)).toEqual(facts.slice(0, cut));
    expect(remainingFacts(later, cut, facts[cut - 1]!.at)).toEqual(later.slice(cut));
    const nextDay = history({ street, sensors: gauges, units: crew.units, now: NOW + DAY });
    const rest = remainingFacts(nextDay, cut, facts[cut - 1]!.at);
    const reported = new Set(rest.filter((f) => f.kind === 'incident.reported').map((f) => f.body.incident));
    expect(rest.length).toBeGreaterThan(15_000);
    expect(rest.filter((f) => f.kind.startsWith('incident.') && !reported.has(f.body.incident))).toEqual([]);
  });
});
