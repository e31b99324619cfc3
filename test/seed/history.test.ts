import { describe, expect, it } from 'vitest';
import { checkStep, type IncidentStep, isOpen, remaining } from '../../model/incident.ts';
import { incidentOf } from '../../model/world.ts';
import { history } from '../../seed/history.ts';
import { remaining as remainingFacts } from '../../seed/load.ts';
import { crew, gauges, openedLedger, street } from './world.ts';

const NOW = Date.parse('2026-11-18T14:26:08+08:00');
const DAY = 86_400_000;
const facts = history({ street, sensors: gauges, units: crew.units, now: NOW });
const stepOf: Record<string, IncidentStep> = {
  'incident.filed': 'file',
  'incident.dispatched': 'dispatch',
  'incident.handled': 'handle',
  'incident.verified': 'verify',
  'incident.closed': 'close',
};

describe('the imported month', () => {
  const ledger = openedLedger(NOW - 31 * DAY);
  const refused: string[] = [];
  let last = NOW - 31 * DAY;
  for (const f of facts) {
    const body = f.body as { incident: string; alarm: string; unit?: string };
    const step = stepOf[f.kind];
    if (step) {
      const verdict = checkStep(incidentOf(ledger.world, body.incident)!, step);
      if (!verdict.ok) refused.push(`${body.incident} ${verdict.rule}`);
    }
    if ((f.kind === 'alarm.acknowledged' || f.kind === 'alarm.cleared') && !ledger.world.alarms.has(body.alarm))
      refused.push(`${f.kind} ${body.alarm}`);
    if (f.kind === 'alarm.raised' && ledger.world.alarms.has(body.alarm)) refused.push(`raised twice ${body.alarm}`);
    if (f.at < last || f.at > NOW) refused.push(`${f.kind} out of order`);
    last = f.at;
    ledger.add(f.at, f.kind, f.body);
  }
  const { world } = ledger;
  const open = [...world.incidents.values()].filter(isOpen);

  it('obeys every schema, the state machines and the order of time', () => {
    expect(refused).toEqual([]);
  });

  it('ends with the desk as meant: 4 to dispatch, 14 in hand, 5 to verify', () => {
    const count = (...states: string[]) => open.filter((i) => states.includes(i.state)).length;
    expect([count('reported', 'filed'), count('dispatched'), count('handled', 'verified')]).toEqual([4, 14, 5]);
    expect(open.filter((i) => (remaining(i, NOW) ?? 0) < 0).map((i) => i.priority)).toEqual([2]);
    const gas = open.filter((i) => i.priority === 1);
    expect(gas).toHaveLength(1);
    expect(remaining(gas[0]!, NOW)! / 60_000).toBeCloseTo(18.2, 1);
    expect(world.alarms.get(gas[0]!.alarm!)?.state).toBe('acked');
  });

  it('leaves fourteen alarms, five of them not acknowledged', () => {
    expect(world.alarms.size).toBe(14);
    expect([...world.alarms.values()].filter((a) => a.state === 'unack')).toHaveLength(5);
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
