import { expect, test } from 'vitest';
import { areaCode, epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import { latest as latestTable, reserve } from '../../model/latest.ts';
import { type Entry, entryHash, type Fact, GENESIS } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { openWatch } from '../../server/alarms/watch.ts';
import { openFixJudge } from '../../server/devices/fix-judge.ts';
import { type Outcome, openEngine } from '../../server/engine.ts';
import { incidentId } from '../../server/incident-id.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { Memories } from '../../server/patrol/memories.ts';
import { openPatrolWatch } from '../../server/patrol/open-patrol-watch.ts';
import type { Places } from '../../server/places.ts';
import type { Caller } from '../../server/store/store.ts';
import type { Telemetry } from '../../server/telemetry/telemetry.ts';
import { fixtureCentre, middleOf, STREET } from '../support/fixture-street.ts';

const NOW = Date.parse('2026-11-22T04:00:00Z');
const actor = { id: 'tester', role: 'device', area: areaCode(STREET) } as const;
const receipt = { actor, receivedAt: epochMs(NOW) };
const desk = { ...receipt, actor: { id: 'desk', role: 'operator', area: areaCode('') } as never };

/** A ledger in memory that becomes durable only when told to: what is decided and what is durable differ, as they may for real. */
function heldLedger(facts: readonly Fact[]) {
  let pending: World = emptyWorld;
  let durable: World = emptyWorld;
  let waiting: (() => void)[] = [];
  const kinds: string[] = [];
  const entries: Entry[] = [];
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
    entries.push(entry);
    return entry;
  };
  for (const f of facts) write('setup', f);
  durable = pending;
  kinds.length = 0;
  entries.length = 0;
  const ledger = {
    follow: () => () => {},
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
  return { ledger, commit, kinds, entries };
}

function house() {
  const sensors = [{ id: 's-1', kind: 'gas', name: 'x', lngLat: middleOf(0), area: null }];
  const units = [{ id: 'u-1', name: 'x', role: 'grid' as const, area: null }];
  const held = heldLedger([
    { kind: 'centre.configured', body: zCentre.parse(fixtureCentre) },
    { kind: 'units.registered', body: { units } },
    { kind: 'sensors.registered', body: { sensors } },
  ]);
  const latest = latestTable();
  const take = (r: { ix: number; at: number; value: number }) => {
    reserve(latest.sensors, r.ix);
    if (r.at <= latest.sensors.at[r.ix]!) return 'history' as const;
    latest.sensors.at[r.ix] = r.at;
    latest.sensors.value[r.ix] = r.value;
    return 'live' as const;
  };
  const telemetry = { position: () => 'live', reading: take, state: () => {}, unit: () => undefined } as unknown as Telemetry;
  const leaf = () => areaCode('leaf-1');
  const places: Places = { locate: leaf, ofSensor: leaf, of: async () => leaf, extent: () => null, prepare: () => {}, close: () => {} };
  const judge = openFixJudge({ telemetry, places, world: () => held.ledger.world, flawed: async () => {} });
  const still = { quiet: { until: 0 }, now: () => NOW, timers: { set: () => () => {} } };
  const patrol = openPatrolWatch({
    ledger: held.ledger,
    latest,
    before: { memories: new Memories(), ended: [] },
    offline: () => {},
    ...still,
  });
  const watch = openWatch({
    ledger: held.ledger,
    latest,
    offline: () => {},
    placeOf: places.ofSensor,
    ...still,
  });
  const vault: Caller[] = [];
  const store = {
    readEntries: async () => [],
    putCaller: async (c: Caller) => {
      vault.push(c);
      return c.id;
    },
  };
  return {
    ...held,
    vault,
    engine: openEngine({ ledger: held.ledger, telemetry, places, watch, judge, patrol, store, cameraSaid: () => {}, now: () => NOW }),
  };
}
/** What becomes of a report in a house whose ledger is written whenever it waits. */
async function settled(pending: Promise<Outcome>, commit: () => void): Promise<Outcome> {
  let done = false;
  pending.finally(() => {
    done = true;
  });
  while (!done) {
    commit();
    await new Promise((go) => setImmediate(go));
  }
  return pending;
}
const at = (ms: number) => new Date(NOW + ms).toISOString();
const reading = (ms: number, value: number) => ({ kind: 'reading', sensor: 's-1', at: at(ms), value });

test('a reading that clears an alarm whose raising is not durable yet still clears it', async () => {
  const { engine, commit, kinds } = house();
  const answers = [engine.receive(reading(1, 50), receipt), engine.receive(reading(2, 1), receipt)];
  await new Promise(setImmediate); // what one turn brings is decided at its end
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
  await new Promise(setImmediate); // what one turn brings is decided at its end
  commit();
  await Promise.all(answers);
  expect(kinds).toEqual(['alarm.raised']);
});

test('many fixes in one place make one visit, also while it is not durable yet', async () => {
  const { engine, commit, kinds } = house();
  const fix = (ms: number) => ({ kind: 'position', unit: 'u-1', at: at(ms), lngLat: middleOf(0) });
  const answers = [1, 2, 3, 4, 5, 6, 7, 8].map((ms) => engine.receive(fix(ms), receipt));
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

test('a report that is refused leaves nobody in the vault; one that is taken only an id in the ledger', async () => {
  const { engine, commit, vault, entries } = house();
  const call = (more: object, by = desk) => {
    const pending = engine.receive(
      { kind: 'incident', at: at(0), lngLat: middleOf(0), category: 'other', title: 'x', caller: { name: '张小芳', tel: '138' }, ...more },
      by,
    );
    return settled(pending, commit);
  };
  const rule = async (more: object, by = desk) => {
    const o = await call(more, by);
    return o.ok ? 'ok' : `${o.refusal.field} ${o.refusal.reason}`;
  };
  expect(await rule({}, receipt as never)).toBe('caller not-allowed');
  expect(await rule({ category: 'nonsense' })).toBe('category unknown-id');
  expect(await rule({ reporter: 'p-0001' })).toBe('reporter form');
  expect(await rule({ alarm: 's-1/high' })).toBe('source form');
  expect(await rule({ alarm: 's-1/high', source: 'sensor' })).toBe('alarm unknown-id');
  expect(await rule({ caller: { tel: '138' } })).toBe('caller.name form');
  expect(await rule({ caller: { name: '张', tel: 'call me' } })).toBe('caller.tel form');
  const worker = { ...receipt, actor: { id: 'u-1', role: 'worker', area: areaCode('') } as never };
  expect(await rule({ priority: 1 }, worker)).toBe('priority not-allowed');
  expect(await rule({ due: null }, worker)).toBe('due not-allowed');
  expect(vault).toEqual([]);
  expect(entries).toEqual([]);

  expect(await rule({ caller: { name: ' 张小芳 ', tel: '+86 138-0000-1111' } })).toBe('ok');
  expect(await rule({ caller: { name: '张小芳', tel: '(0086) 13800001111', anonymous: true } })).toBe('ok');
  expect(await rule({ caller: { anonymous: true } })).toBe('ok');
  expect(vault).toMatchObject([
    { name: '张小芳', tel: '13800001111', anonymous: false },
    { name: '', tel: '13800001111', anonymous: true },
  ]);
  const bodies = entries.map((e) => e.body as { reporter?: string });
  expect(bodies.map((b) => b.reporter)).toEqual([vault[0]!.id, vault[1]!.id, undefined]);
  expect(JSON.stringify(entries)).not.toMatch(/张|13800001111/);
});

test('a caller without a number is the caller of that incident: the ticket handed in again names nobody new', async () => {
  const { engine, commit, vault, kinds } = house();
  const ticket = { kind: 'incident', at: at(0), lngLat: middleOf(0), category: 'other', title: 'x', source: 'hotline', ref: 'T-1' };
  const both = [0, 1].map(() => engine.receive({ ...ticket, caller: { name: '张' } }, desk));
  const [a, b] = await Promise.all(both.map((p) => settled(p, commit)));
  expect(a).toEqual({ ok: true, id: expect.any(String), area: 'leaf-1', at: NOW });
  expect(b).toEqual({ ...a, known: true });
  const other = await settled(engine.receive({ ...ticket, source: 'street-line' }, desk), commit);
  expect(other.ok && other.id).not.toBe(a!.ok && a!.id);
  expect(kinds).toEqual(['incident.reported', 'incident.reported']);
  expect(new Set(vault.map((c) => c.id)).size).toBe(1);
});

test('an incident made of an alarm keeps the reading that raised it, and is made once', async () => {
  const { engine, commit, entries } = house();
  for (const r of [reading(1, 25), reading(2, 60), reading(3, 10)]) await settled(engine.receive(r, receipt), commit);
  const made = { kind: 'incident', at: at(4), lngLat: middleOf(0), category: 'other', title: '燃气', source: 'sensor', alarm: 's-1/high' };
  const first = await settled(engine.receive(made, desk), commit);
  expect(first.ok).toBe(true);
  expect(entries.at(-1)!.body).toMatchObject({ alarm: 's-1/high', reading: { sensor: 's-1', value: 25, limit: 20, at: NOW + 1 } });
  expect(await settled(engine.receive(made, desk), commit)).toMatchObject({ ok: false, refusal: { field: 'alarm', reason: 'conflict' } });
});
