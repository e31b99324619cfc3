import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../model/brand.ts';
import { changeOver, curveWindow, eventsOf, MOST_MS, peakOf } from '../../../web/panels/incident-curve.ts';
import { ringsOf } from '../../../web/panels/rings.ts';
import { anIncident } from '../../support/incident.ts';

describe('the curve below the map', () => {
  it('begins shortly before the report, never asks for more than the server gives, and holds the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 * 3_600_000 }), fc.boolean(), (age, ended) => {
        const reportedAt = epochMs(1_000_000_000_000);
        const now = reportedAt + age;
        const closedAt = ended ? epochMs(reportedAt + Math.floor(age / 2)) : null;
        const { from, to } = curveWindow({ reportedAt, closedAt, state: ended ? 'closed' : 'arrived' }, now);
        expect(to - from).toBeLessThanOrEqual(MOST_MS);
        expect(to).toBeGreaterThan(closedAt ?? now);
        expect(from).toBeLessThanOrEqual(closedAt ?? now);
      }),
    );
  });
  it('names the peak and the change in five minutes', () => {
    const points = [0, 1, 4, 6, 7].map((m, k) => [m * 60_000, [2, 9, 24, 20, 18][k]!] as const);
    expect(peakOf(points)).toEqual([240_000, 24]);
    expect(changeOver(points, 300_000)).toBe(9);
    expect(changeOver(points.slice(-2), 300_000)).toBeNull();
    expect([peakOf([]), changeOver([], 1)]).toEqual([null, null]);
  });
  it('marks steps, whistles and departments checking in, in order of time', () => {
    const at = (m: number) => epochMs(m * 60_000);
    const call = { department: 'gas', answeredAt: null, arrivedAt: at(9), urgedAt: [], rating: null };
    const events = eventsOf(
      anIncident({
        marks: [
          { step: 'report', state: 'reported', at: at(1), actor: 'x' },
          { step: 'arrive', state: 'arrived', at: at(7), actor: 'x' },
        ],
        whistles: [
          { no: 1, kind: 'urgent', grounds: 'emergency', text: '', by: 'x', at: at(4), due: at(14), releasedAt: null, calls: [call] },
        ],
      }),
    );
    expect(events.map((e) => e.kind)).toEqual(['step', 'whistle', 'step', 'check-in']);
  });
});

describe('cordon and evacuation', () => {
  const label = (key: string, metres: number) => `${key} ${metres}`;
  it('are drawn about what is dangerous, and about nothing else', () => {
    expect(ringsOf(anIncident({ priority: 1 }), label).map((r) => r.label)).toEqual(['evacuation 100', 'cordon 50']);
    expect(ringsOf(anIncident({ priority: 2, alarm: 's-1/high' }), label)).toHaveLength(2);
    for (const more of [
      { priority: 2 as const },
      { priority: 3 as const, alarm: 's-1/high' },
      { priority: 1 as const, state: 'closed' as const },
      { priority: 1 as const, flow: 'dispute' as const },
    ])
      expect(ringsOf(anIncident(more), label)).toEqual([]);
  });
});
