import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaCode, epochMs, type LngLat, type Seq } from '../../model/brand.ts';
import { HEAD_START_MIN, minutesOnFoot, rankCandidates, type Sighting, shortlist, type Way } from '../../model/candidates.ts';
import { zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Incident } from '../../model/incident.ts';
import { ON_DUTY_MS } from '../../model/kpi.ts';
import type { Fact } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { centre, chain, setUp } from '../support/facts.ts';
import { anIncident } from '../support/incident.ts';

const now = 1_800_000_000_000;
const here: LngLat = [104.03, 30.61];
const leaf = areaCode('510107062007001001');
const grid = areaCode('510107062007001');
const unit = (id: string, more: object = {}) => ({ id, name: `单位 ${id}`, role: 'grid' as const, area: null, ...more });

function worldOf(units: object[], incidents: Incident[] = [], more: readonly Fact[] = []): World {
  const facts = [
    ...setUp.filter((f) => f.kind !== 'units.registered'),
    { kind: 'units.registered', body: { units } } as unknown as Fact,
    ...more,
  ];
  const world = fold(emptyWorld, chain(facts.map((fact) => ({ fact, at: now - 1000 }))));
  return { ...world, seq: 99 as Seq, incidents: new Map(incidents.map((i) => [i.id, i])) };
}
const seen = (at: Partial<Sighting> = {}): Sighting => ({ lngLat: here, at: epochMs(now - 8000), online: true, ...at });
const way = (metres: number, by: Way['by'] = 'road'): Way => ({ metres, by, path: [here, here] });
const rank = (world: World, incident: Incident, rows: Record<string, { s?: Partial<Sighting>; m: number }>) =>
  rankCandidates(
    world,
    incident,
    new Map(Object.entries(rows).map(([id, r]) => [id, seen(r.s)])),
    new Map(Object.entries(rows).map(([id, r]) => [id, way(r.m)])),
    now,
  );
const names = (list: readonly { unit: string }[]) => list.map((c) => c.unit);

describe('who should go', () => {
  it('tells why, in numbers', () => {
    const [first] = rank(worldOf([unit('a', { area: leaf })]), anIncident({ area: leaf }), { a: { m: 360 } });
    expect(first).toMatchObject({
      unit: 'a',
      rank: 1,
      metres: 360,
      minutes: 5,
      by: 'road',
      fixAgeMs: 8000,
      free: true,
      onDuty: true,
      answers: 'micro',
    });
    expect(first!.reasons).toEqual([
      { key: 'answers', level: 'micro', area: leaf, post: null },
      { key: 'walk', metres: 360, minutes: 5, by: 'road' },
      { key: 'on-duty' },
      { key: 'free' },
      { key: 'fix', ms: 8000 },
    ]);
  });

  it('whoever answers for the place has some minutes’ head start, more the nearer the place, and none for 特急', () => {
    const duty: Fact = { kind: 'duties.assigned', body: { duties: [{ area: leaf, post: 'micro-worker', person: 'p-9' }] } };
    const world = worldOf([unit('near'), unit('grid', { area: grid }), unit('held', { person: 'p-9', area: grid })], [], [duty]);
    const far = { near: { m: 72 }, grid: { m: 72 * 4.9 }, held: { m: 72 * 6.8 } };
    expect(names(rank(world, anIncident({ area: leaf }), far))).toEqual(['held', 'grid', 'near']);
    expect(rank(world, anIncident({ area: leaf }), far)[0]!.reasons[0]).toEqual({
      key: 'answers',
      level: 'micro',
      area: leaf,
      post: 'micro-worker',
    });
    expect(names(rank(world, anIncident({ area: leaf, priority: 1 }), far))).toEqual(['near', 'grid', 'held']);
    const tooFar = { near: { m: 72 }, held: { m: 72 * (1 + HEAD_START_MIN[0]! + 0.1) } };
    expect(names(rank(world, anIncident({ area: leaf }), tooFar))).toEqual(['near', 'held']);
  });

  it('on duty before off duty, then who did not turn it down, then free before busy, then the right role, then distance', () => {
    const zh = { zh: '电梯困人', en: 'Lift' };
    const configured = zCentre.parse({ ...centre, categories: [{ code: 'lift', name: zh, priority: 2, roles: ['fire'] }] });
    const other = anIncident({
      id: 'i-2',
      state: 'accepted',
      crew: [{ unit: 'busy', lead: true, sentAt: epochMs(0), acceptedAt: null, arrivedAt: null }],
    });
    const done = anIncident({
      id: 'i-3',
      state: 'handled',
      crew: [{ unit: 'done', lead: true, sentAt: epochMs(0), acceptedAt: null, arrivedAt: null }],
    });
    const ids = ['busy', 'done', 'no', 'off', 'fire', 'gone'];
    const units = ids.map((id) => unit(id, id === 'fire' ? { role: 'fire' } : {}));
    const world = { ...worldOf(units, [other, done]), centre: configured };
    const mark = (step: 'dispatch' | 'reject', u?: string) =>
      ({ step, state: 'filed', at: epochMs(0), actor: 'x', ...(u ? { unit: u } : {}) }) as const;
    const incident = anIncident({ category: 'lift', area: leaf, marks: [mark('dispatch', 'no'), mark('reject')] });
    const rows = {
      busy: { m: 10 },
      done: { m: 300 },
      no: { m: 5 },
      off: { m: 1, s: { at: epochMs(now - ON_DUTY_MS - 1) } },
      gone: { m: 0, s: { online: false } },
      fire: { m: 900 },
    };
    const ranked = rank(world, incident, rows);
    expect(names(ranked)).toEqual(['fire', 'done', 'busy', 'no', 'gone', 'off']);
    expect(ranked.find((c) => c.unit === 'busy')!.reasons).toContainEqual({ key: 'busy', incident: 'i-2' });
    expect(ranked.find((c) => c.unit === 'no')!.reasons).toContainEqual({ key: 'rejected' });
    expect(ranked[0]!.reasons).toContainEqual({ key: 'right-role' });
  });

  it('whose shift is over is off duty, on line or not', () => {
    const shifts = [{ code: 'never', name: { zh: '无', en: 'None' }, hours: [{ from: '00:00', to: '00:01' }] }];
    const world = { ...worldOf([unit('home', { shift: 'never' }), unit('here')]), centre: zCentre.parse({ ...centre, shifts }) };
    const ranked = rank(world, anIncident({ area: leaf }), { home: { m: 1 }, here: { m: 900 } });
    expect(ranked.map((c) => [c.unit, c.onDuty])).toEqual([
      ['here', true],
      ['home', false],
    ]);
  });

  it('those sent already stand last, with their way', () => {
    const crew = [{ unit: 'a', lead: true, sentAt: epochMs(0), acceptedAt: null, arrivedAt: null }];
    const ranked = rank(worldOf([unit('a'), unit('b')]), anIncident({ state: 'dispatched', crew }), { a: { m: 5 }, b: { m: 5000 } });
    expect(ranked.map((c) => [c.unit, c.crew, c.rank])).toEqual([
      ['b', false, 1],
      ['a', true, 2],
    ]);
  });

  const arbRow = fc.record({
    m: fc.nat(3000),
    age: fc.nat(2 * ON_DUTY_MS),
    online: fc.boolean(),
    area: fc.constantFrom(null, leaf, grid, areaCode('510107062008001002')),
    busy: fc.boolean(),
  });
  const arrange = (rows: { m: number; age: number; online: boolean; area: string | null; busy: boolean }[]) => {
    const ids = rows.map((_, i) => `u-${String(i).padStart(2, '0')}`);
    const engaged = rows.flatMap((r, i) =>
      r.busy ? [{ unit: ids[i]!, lead: false, sentAt: epochMs(0), acceptedAt: null, arrivedAt: null }] : [],
    );
    const world = worldOf(
      ids.map((id, i) => unit(id, { area: rows[i]!.area })),
      [anIncident({ id: 'i-other', state: 'accepted', crew: engaged })],
    );
    const sightings = new Map(ids.map((id, i) => [id, seen({ at: epochMs(now - rows[i]!.age), online: rows[i]!.online })]));
    return { ids, world, sightings, ways: new Map(ids.map((id, i) => [id, way(rows[i]!.m)])) };
  };

  it('a nearer, otherwise equal unit never ranks lower; the order is total and does not depend on the order of the list', () => {
    fc.assert(
      fc.property(fc.array(arbRow, { minLength: 2, maxLength: 8 }), fc.nat(3000), (rows, shorter) => {
        const twin = { ...rows[0]!, m: Math.max(0, rows[0]!.m - 1 - shorter) };
        fc.pre(twin.m < rows[0]!.m);
        const { ids, world, sightings, ways } = arrange([...rows, twin]);
        const incident = anIncident({ area: leaf });
        const ranked = rankCandidates(world, incident, sightings, ways, now);
        const place = new Map(ranked.map((c) => [c.unit, c.rank]));
        expect(place.get(ids.at(-1)!)!).toBeLessThan(place.get(ids[0]!)!);
        expect(ranked.map((c) => c.rank)).toEqual(ids.map((_, i) => i + 1));
        expect(rankCandidates(world, incident, sightings, new Map([...ways].reverse()), now)).toEqual(ranked);
        for (const c of ranked) expect(c.minutes).toBeCloseTo(minutesOnFoot(c.metres), 12);
      }),
    );
  });

  it('the list of those worth a way holds the crew, whoever answers, and the nearest; never one that was not seen', () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ m: 0, age: 0, online: true, area: i === 11 ? leaf : null, busy: false, i }));
    const { world } = arrange(rows);
    const sightings = new Map(
      rows
        .slice(0, 12)
        .map((_, i) => [`u-${String(i).padStart(2, '0')}`, seen({ lngLat: [here[0] + i * 0.001, here[1]], online: i !== 0 })] as const),
    );
    sightings.delete('u-01');
    const crew = [{ unit: 'u-10', lead: true, sentAt: epochMs(0), acceptedAt: null, arrivedAt: null }];
    const chosen = shortlist(world, anIncident({ lngLat: here, area: leaf, crew }), sightings, now, 3);
    expect(chosen.map((u) => u.id)).toEqual(['u-02', 'u-03', 'u-04', 'u-10', 'u-11']);
  });
});
