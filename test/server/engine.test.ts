import { expect, test } from 'vitest';
import { areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { type Entry, entryHash, type Fact, GENESIS } from '../../model/ledger.ts';
import { emptyWorld, fold, type World } from '../../model/world.ts';
import { openEngine } from '../../server/engine.ts';
import { incidentId } from '../../server/incident-id.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import type { Telemetry } from '../../server/telemetry/telemetry.ts';
import { fixtureCentre, middleOf, STREET } from '../support/fixture-street.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const actor = { id: 'tester', role: 'device', area: areaCode(STREET) } as const;
const receipt = { actor, receivedAt: epochMs(NOW) };

/** A ledger in memory that becomes durable only when told to: what is decided and what is durable differ, as they may for real. */
function heldLedger(facts: readonly Fact[]) {
  let pending: World = emptyWorld;
  let durable: World = emptyWorld;
  let waiting: (() => void)[] = [];
  const kinds: string[] = [];
  const write = (actorId: string, fact: Fact): Entry => {
    const draft = {
      ...fact,
      seq: pending.seq + 1,
      at: NOW,
      actor: actorId,
      prev: pending.seq ? pending.head : GENESIS,
      hash: '',
    } as unknown as Entry;
    const entry = { ...draft, hash: entryHash(draft) } as Entry;
    pending = fold(pending, [entry]);
    kinds.push(fact.kind);
    return entry;
  };
  for (const f of facts) write('setup', f);
  durable = pending;
  kinds.length = 0;
  const ledger = {
    get world() {
      return durable;
    },
    append: (actorId: string, decide: (w: World) => readonly Fact[]) => {
      const entries = decide(pending).map((f) => write(actorId, f));
      return new Promise<readonly Entry[]>((resolve) => waiting.push(() => resolve(entries)));
    },
  } as unknown as Ledger;
  const commit = () => {
    durable = pending;
    for (const go of waiting) go();
    waiting = [];
  };
  return { ledger, commit, kinds };
}

function house() {
  const sensors = [{ id: 's-1', kind: 'gas', name: 'x', lngLat: middleOf(0), area: null }];
  const units = [{ id: 'u-1', name: 'x', role: 'grid' as const, area: null }];
  const held = heldLedger([
    { kind: 'centre.configured', body: zCentre.parse(fixtureCentre) },
    { kind: 'units.registered', body: { units } },
    { kind: 'sensors.registered', body: { sensors } },
  ]);
  const newest = new Map<string, number>();
  const take = (r: { id: string; at: number }) => {
    if (r.at <= (newest.get(r.id) ?? 0)) return 'history' as const;
    newest.set(r.id, r.at);
    return 'live' as const;
  };
  const telemetry = { position: take, reading: take, state: () => {}, unit: () => undefined } as unknown as Telemetry;
  const places = { locate: () => areaCode('leaf-1'), prepare: () => {}, close: () => {} };
  return { ...held, engine: openEngine({ ledger: held.ledger, telemetry, places, now: () => NOW }) };
}
const at = (ms: number) => new Date(NOW + ms).toISOString();
const reading = (ms: number, value: number) => ({ kind: 'reading', sensor: 's-1', at: at(ms), value });

test('a reading that clears an alarm whose raising is not durable yet still clears it', async () => {
  const { engine, commit, kinds } = house();
  const answers = [engine.receive(reading(1, 50), receipt), engine.receive(reading(2, 1), receipt)];
  commit();
  expect((await Promise.all(answers)).map((a) => a.ok)).toEqual([true, true]);
  expect(kinds).toEqual(['alarm.raised', 'alarm.cleared']);
});

test('two readings beyond the limit raise one alarm, also when the first is not durable yet', async () => {
  const { engine, commit, kinds } = house();
  const answers = [
    engine.receive(reading(1, 50), receipt),
    engine.receive(reading(2, 60), receipt),
    engine.receive(reading(1, 50), receipt),
  ];
  commit();
  await Promise.all(answers);
  expect(kinds).toEqual(['alarm.raised']);
});

test('many fixes in one place before the first is durable make one visit', async () => {
  const { engine, commit, kinds } = house();
  const fix = (ms: number) => ({ kind: 'position', unit: 'u-1', at: at(ms), lngLat: middleOf(0) });
  const answers = [1, 2, 3, 4].map((ms) => engine.receive(fix(ms), receipt));
  commit();
  await Promise.all(answers);
  expect(kinds).toEqual(['area.visited']);
});

test('nothing is acknowledged before it is durable', async () => {
  const { engine, commit } = house();
  let acknowledged = false;
  const incident = { kind: 'incident', at: at(0), lngLat: middleOf(0), category: 'other', title: 'x' };
  const answer = engine.receive(incident, receipt).then((o) => {
    acknowledged = true;
    return o;
  });
  for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go));
  expect(acknowledged).toBe(false);
  commit();
  expect((await answer).ok).toBe(true);
});

test('the same report handed in again under its key is one incident', async () => {
  const { engine, commit, kinds } = house();
  const incident = { kind: 'incident', at: at(0), lngLat: middleOf(0), category: 'manhole', title: 'x' };
  const keyed = [0, 1].map(() => engine.receive(incident, { ...receipt, key: 'k' }));
  const free = [0, 1].map(() => engine.receive(incident, receipt));
  commit();
  const ids = (await Promise.all([...keyed, ...free])).map((o) => (o.ok ? o.id : ''));
  expect(ids[0]).toBe(ids[1]);
  expect(new Set(ids).size).toBe(3);
  expect(kinds).toHaveLength(3);
  expect(incidentId('k')).toMatch(/^i-[0-9a-z]{12}$/);
});

test('the five minutes are exact, and an actor without the right is refused', async () => {
  const { engine, commit } = house();
  const outcome = async (report: object, by: typeof receipt = receipt) => {
    const pending = engine.receive(report, by);
    commit();
    const o = await pending;
    return o.ok ? 'ok' : o.refusal.reason;
  };
  expect(await outcome(reading(300_000, 1))).toBe('ok');
  expect(await outcome(reading(300_001, 1))).toBe('future');
  expect(await outcome(reading(1, 1), { ...receipt, actor: { ...actor, role: 'screen' } as never })).toBe('not-allowed');
  expect(await outcome({ kind: 'incident', at: at(0), lngLat: middleOf(0), category: 'other', title: 'a\u0000b' })).toBe('form');
});
