import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alarmId } from '../../model/alarm.ts';
import { type AreaCode, areaCode, epochMs } from '../../model/brand.ts';
import { dayKey } from '../../model/centre.ts';
import { apply, fold } from '../../model/fold/fold.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { emptyWorld, everyIncident, placeOf, treeOf, type World, worldDigest, worldFromJson, worldToJson } from '../../model/world.ts';
import { arbDraw, areas, chain, type Draw, lawful, leaves, setUp } from '../support/facts.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');

/** A lawful history: each fact is possible in the world before it; times only grow. */
function history(draws: readonly Draw[]): Entry[] {
  const facts: { fact: Fact; at: number }[] = setUp.map((fact) => ({ fact, at: T0 }));
  let world = fold(emptyWorld, chain(facts));
  let at = T0;
  for (const [n, d] of draws.entries()) {
    at += d.gapMs;
    facts.push({ fact: lawful(world, d, epochMs(at), n), at });
    const entry = { ...chain([facts.at(-1)!])[0]!, seq: facts.length } as Entry;
    world = fold(world, [entry]);
  }
  return chain(facts);
}
const arbHistory = fc.array(arbDraw, { maxLength: 80 }).map(history);
const run = (...facts: [Fact, number][]) =>
  fold(emptyWorld, chain([...setUp.map((fact) => ({ fact, at: T0 })), ...facts.map(([fact, at]) => ({ fact, at }))]));
const reported = (id: string, change: object = {}): Fact =>
  ({
    kind: 'incident.reported',
    body: {
      incident: id,
      title: '事',
      category: 'parking',
      priority: 3,
      source: 'hotline',
      at: T0,
      lngLat: [104, 30],
      area: leaves[0],
      deadline: T0 + 60_000,
      ...change,
    },
  }) as unknown as Fact;
const step = (kind: string, incident: string, more: object = {}) => ({ kind, body: { incident, ...more } }) as Fact;

describe('fold', () => {
  it('gives an equal world for any split of the entries into batches, also with a trip through JSON between', () => {
    fc.assert(
      fc.property(arbHistory, fc.array(fc.nat(12), { maxLength: 20 }), fc.boolean(), (entries, cuts, json) => {
        const whole = worldDigest(fold(emptyWorld, entries));
        let world = emptyWorld;
        let at = 0;
        for (const n of [...cuts, entries.length]) {
          world = fold(world, entries.slice(at, at + n));
          at += n;
          if (json) world = worldFromJson(JSON.parse(JSON.stringify(worldToJson(world))));
        }
        expect(worldDigest(world)).toBe(whole);
        expect(worldDigest(entries.reduce(apply, emptyWorld))).toBe(whole);
      }),
      { numRuns: 60 },
    );
  });
  it('leaves the world it was given untouched, and keeps the identity of what did not change', () => {
    fc.assert(
      fc.property(arbHistory, fc.nat(79), (entries, cut) => {
        const before = fold(emptyWorld, entries.slice(0, cut));
        const digest = worldDigest(before);
        fold(before, entries.slice(cut));
        expect(worldDigest(before)).toBe(digest);
      }),
      { numRuns: 40 },
    );
    const world = run();
    const after = fold(world, [{ ...chain([{ fact: reported('i-1'), at: T0 }])[0]!, seq: world.seq + 1 } as Entry]);
    expect(after.units).toBe(world.units);
    expect(after.areas).toBe(world.areas);
    expect(after.incidents).not.toBe(world.incidents);
    expect(treeOf(after)).toBe(treeOf(world));
  });
  it('never applies a gap or a repetition', () => {
    const entries = history([{ pick: 0, a: 1, b: 1, gapMs: 1 }]);
    expect(() => fold(emptyWorld, entries.slice(1))).toThrow(/entry 2 does not follow 0/);
    expect(() => fold(emptyWorld, [entries[0]!, entries[0]!])).toThrow(/entry 1 does not follow 1/);
  });
});

describe('the world', () => {
  it('tells equal from different', () => {
    const seen = new Set([run(), run([reported('i-1'), T0]), run([reported('i-2'), T0]), run([reported('i-1'), T0 + 1])].map(worldDigest));
    expect(seen.size).toBe(4);
  });
  it('keeps the dense number of a unit or sensor when it is registered again', () => {
    const units = (...ids: string[]) =>
      ({ kind: 'units.registered', body: { units: ids.map((id) => ({ id, name: '新', role: 'fire', area: null })) } }) as Fact;
    const world = run([units('u-2', 'u-3'), T0], [units('u-9'), T0]);
    expect([...world.units.values()].map((u) => [u.id, u.ix])).toEqual([
      ['u-1', 0],
      ['u-2', 1],
      ['u-3', 2],
      ['u-9', 3],
    ]);
    expect(world.units.get('u-2')?.role).toBe('fire');
  });
  it('counts reports, closings and responses by community and day', () => {
    const day = 86_400_000;
    const world = run(
      [reported('i-1'), T0],
      [reported('i-2', { area: leaves.find((l) => l.startsWith('510107062008')), category: 'other' }), T0],
      [reported('i-3', { area: null }), T0],
      [step('incident.filed', 'i-1'), T0 + 1000],
      [step('incident.dispatched', 'i-1', { unit: 'u-1' }), T0 + 5000],
      [step('incident.handled', 'i-1'), T0 + 6000],
      [step('incident.verified', 'i-1'), T0 + 7000],
      [step('incident.closed', 'i-1'), T0 + day],
    );
    const today = dayKey(T0, 480);
    expect(world.tallies.get(`${today} 510107062007`)).toMatchObject({
      reported: 1,
      closed: 0,
      responses: 1,
      responseMs: 5000,
      byCategory: { parking: 1 },
    });
    expect(world.tallies.get(`${today} 510107062008`)).toMatchObject({ reported: 1, byCategory: { other: 1 } });
    expect(world.tallies.get(`${today} `)).toMatchObject({ reported: 1 });
    expect(world.tallies.get(`${dayKey(T0 + day, 480)} 510107062007`)).toMatchObject({ reported: 0, closed: 1, closedOnTime: 1 });
  });
  it('numbers incidents from 1 each day of the centre, and lets go of closed ones after the next', () => {
    const midnight = Date.parse('2026-11-21T00:00:00+08:00');
    const close = (id: string, at: number): [Fact, number][] => [[step('incident.closed', id), at]];
    const facts: [Fact, number][] = [[reported('i-1'), T0], [reported('i-2'), T0], ...close('i-1', T0 + 1), [reported('i-3'), midnight]];
    const sooner = run(...facts);
    expect(everyIncident(sooner).map((i) => [i.id, i.no])).toEqual([
      ['i-2', 2],
      ['i-3', 1],
      ['i-1', 1],
    ]);
    expect([...sooner.ended.keys()]).toEqual(['i-1']);
    const later = run(...facts, [reported('i-4'), midnight + 86_400_000]);
    expect(everyIncident(later).map((i) => i.id)).toEqual(['i-2', 'i-3', 'i-4']); // i-1 is in the ledger; i-2 is still open
  });
  it('walks an alarm through its states, and lets it go when it is both back and acknowledged', () => {
    const id = alarmId('s-1', 'high');
    const raise = {
      kind: 'alarm.raised',
      body: { alarm: id, sensor: 's-1', rule: 'high', priority: 1, value: 9, limit: 5, at: T0, lngLat: [104, 30], area: null },
    } as unknown as Fact;
    const ack = { kind: 'alarm.acknowledged', body: { alarm: id } } as Fact;
    const clear = { kind: 'alarm.cleared', body: { alarm: id, value: 1, at: T0 } } as Fact;
    const state = (...facts: Fact[]) => run(...facts.map((f, i): [Fact, number] => [f, T0 + i])).alarms.get(id)?.state;
    expect(state(raise)).toBe('unack');
    expect(state(raise, ack)).toBe('acked');
    expect(state(raise, ack, clear)).toBeUndefined();
    expect(state(raise, clear)).toBe('rtn-unack');
    expect(state(raise, clear, ack)).toBeUndefined();
    expect(state(raise, clear, raise)).toBe('unack');
    expect(state(ack)).toBeUndefined();
    expect(state(clear)).toBeUndefined();
  });
  it('takes a new set of boundaries in place of the old, with a tree of its own, also within one batch', () => {
    const publish = (version: number, list: typeof areas) =>
      ({ kind: 'boundaries.published', body: { version, hash: 'b'.repeat(64), validFrom: T0, areas: list } }) as Fact;
    const world = run(
      [reported('i-1'), T0],
      [publish(2, areas.slice(0, 2)), T0],
      [reported('i-2'), T0],
      [publish(3, areas.slice(0, 1)), T0],
    );
    expect([...world.areas.keys()]).toEqual(['510107062']);
    expect(treeOf(world).leaves.map((a) => a.code)).toEqual(['510107062']);
    expect(world.boundaries?.version).toBe(3);
  });
  it('knows where the thing an entry speaks of lies', () => {
    const world: World = run([reported('i-1'), T0]);
    const place = (f: Fact): AreaCode | null => placeOf(world, f as Entry);
    expect(place(step('incident.filed', 'i-1'))).toBe(leaves[0]);
    expect(place(step('incident.filed', 'i-9'))).toBeNull();
    expect(place({ kind: 'area.visited', body: { area: areaCode('51'), unit: 'u-1', at: epochMs(1) } })).toBe('51');
    expect(place(setUp[2]!)).toBeNull();
  });
});
