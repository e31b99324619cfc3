import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, type LngLat, seq } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import { reportedFact } from '../../model/incident-step.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { metresBetween } from '../../model/metres.ts';
import { isInForce, type Permit, permitFor, zPermit } from '../../model/permit.ts';
import { emptyWorld, incidentOf } from '../../model/world.ts';
import { centre, chain, setUp } from '../support/facts.ts';

const here: LngLat = [104.03, 30.61];
const stall = (more: object = {}): Permit =>
  zPermit.parse({
    id: 'p-1',
    name: '缝纫便民点',
    category: 'parking',
    lngLat: here,
    area: null,
    radiusM: 20,
    weekdays: [1, 2, 3, 4, 5],
    hours: { from: '08:00', to: '18:00' },
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    ...more,
  });
const at = (local: string) => Date.parse(`${local}+08:00`);
const inForce = (p: Permit, local: string) => isInForce(p, at(local), 480);

describe('a permit for a stall', () => {
  it('holds on its weekdays, between its hours, from its first date to its last, in the centre’s time', () => {
    const p = stall();
    expect(inForce(p, '2026-11-20T08:00:00')).toBe(true); // a Friday
    expect(inForce(p, '2026-11-20T07:59:59')).toBe(false);
    expect(inForce(p, '2026-11-20T17:59:59')).toBe(true);
    expect(inForce(p, '2026-11-20T18:00:00')).toBe(false);
    expect(inForce(p, '2026-11-21T10:00:00')).toBe(false); // a Saturday
    expect(inForce(p, '2025-12-31T10:00:00')).toBe(false);
    expect(inForce(p, '2026-12-31T10:00:00')).toBe(true); // a Thursday
    expect(inForce(p, '2027-01-01T10:00:00')).toBe(false);
    expect(inForce(stall({ hours: { from: '00:00', to: '24:00' } }), '2026-11-20T23:59:59')).toBe(true);
  });

  it('that ends after midnight belongs to the day it began', () => {
    const night = stall({ weekdays: [6], hours: { from: '18:00', to: '02:00' } });
    expect(inForce(night, '2026-11-21T17:59:00')).toBe(false);
    expect(inForce(night, '2026-11-21T18:00:00')).toBe(true); // Saturday evening
    expect(inForce(night, '2026-11-22T01:59:00')).toBe(true); // Sunday, still Saturday's
    expect(inForce(night, '2026-11-22T02:00:00')).toBe(false);
    expect(inForce(night, '2026-11-21T01:00:00')).toBe(false); // Friday's night has no permit
    expect(inForce(stall({ weekdays: [4], hours: { from: '18:00', to: '02:00' } }), '2027-01-01T01:00:00')).toBe(true); // of 31 December
  });

  it('with every weekday and all hours holds at every moment between its dates', () => {
    const always = stall({ weekdays: [0, 1, 2, 3, 4, 5, 6], hours: { from: '00:00', to: '24:00' } });
    const [first, last] = [at('2026-01-01T00:00:00'), at('2027-01-01T00:00:00')];
    fc.assert(
      fc.property(fc.integer({ min: first - 86_400_000, max: last + 86_400_000 }), (ms) => {
        expect(isInForce(always, ms, 480)).toBe(ms >= first && ms < last);
      }),
    );
  });

  it('is refused with its dates the wrong way round', () => {
    expect(() => stall({ validTo: '2025-12-31' })).toThrow(/not earlier than validFrom/);
  });
});

describe('which permit a report falls under', () => {
  const noon = at('2026-11-20T12:00:00');
  const world = (...permits: Permit[]) => ({ centre, permits: new Map(permits.map((p) => [p.id, p])) });
  const metresNorth = (m: number): LngLat => [here[0], here[1] + m / 111_195];

  it('the nearest within its radius, of its own category', () => {
    const far = stall({ id: 'p-far', lngLat: metresNorth(15) });
    const near = stall({ id: 'p-near', lngLat: metresNorth(5) });
    expect(permitFor(world(far, near), 'parking', here, noon)?.id).toBe('p-near');
    expect(permitFor(world(far, near), 'other', here, noon)).toBeNull();
    expect(permitFor(world(stall()), 'parking', metresNorth(19.9), noon)?.id).toBe('p-1');
    expect(permitFor(world(stall()), 'parking', metresNorth(20.1), noon)).toBeNull();
    expect(permitFor(world(stall({ id: 'p-b' }), stall({ id: 'p-a' })), 'parking', here, noon)?.id).toBe('p-a');
  });

  it('stands on the incident and is never a reason to refuse it', () => {
    const facts: { fact: Fact; at: number }[] = [...setUp, { kind: 'permits.registered', body: { permits: [stall()] } } as Fact].map(
      (fact) => ({ fact, at: noon }),
    );
    const before = fold(emptyWorld, chain(facts));
    const report = { kind: 'incident', at: epochMs(noon), category: 'parking', title: '占道经营', source: 'patrol' } as const;
    const taken = [here, metresNorth(300)].map((lngLat, n) => reportedFact(before, `i-${n}`, { ...report, lngLat }, null, noon));
    expect(taken.map((f) => f.body.permit)).toEqual(['p-1', undefined]);
    const after = taken.reduce((w, fact) => fold(w, [{ ...fact, seq: seq(w.seq + 1), at: epochMs(noon), actor: 'x' } as Entry]), before);
    expect([incidentOf(after, 'i-0')?.permit, incidentOf(after, 'i-1')?.permit]).toEqual(['p-1', null]);
    expect(incidentOf(after, 'i-0')?.state).toBe('reported');
  });
});

it('metres between near points are those of the sphere to a thousandth', () => {
  expect(metresBetween([104, 30.6], [104, 30.61])).toBeCloseTo(1111.95, 1);
  expect(metresBetween([104, 30.6], [104.01, 30.6])).toBeCloseTo(957.1, 0);
});
