import { expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { fold } from '../../model/fold/fold.ts';
import { reportedFact } from '../../model/incident-step.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { zIncidentReport } from '../../model/report.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { openClockwork } from '../../server/clockwork.ts';
import type { Timers } from '../../server/due-clock.ts';
import { openImportQuiet } from '../../server/import-quiet.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { centre, chain, leaves, setUp } from '../support/facts.ts';

const MINUTE = 60_000;
const T0 = Date.parse('2026-11-18T09:00:00+08:00');
const house = zCentre.parse({
  ...centre,
  categories: [{ code: 'parking', name: { zh: '占道', en: 'Parking' }, priority: 3, limitMinutes: 60 }],
  escalation: { everyMinutes: 30 },
});

/** A ledger in memory, a clock set by hand, and timers that fire when it passes them. */
function room() {
  let world: World = emptyWorld;
  let now = T0;
  const entries: Entry[] = [];
  const listeners = new Set<(entries: readonly Entry[], world: World) => void>();
  const timers = new Map<object, { at: number; run: () => void }>();
  let wakings = 0;
  const write = (facts: readonly Fact[], actor: string, at: number) => {
    const made = facts.map((fact, i) => ({ ...chain([{ fact, at, actor }])[0]!, seq: world.seq + 1 + i }) as Entry);
    world = fold(world, made);
    entries.push(...made);
    if (made.length) for (const tell of listeners) tell(made, world);
    return made;
  };
  const set: Timers['set'] = (run, ms) => {
    const key = {};
    timers.set(key, { at: now + ms, run });
    return () => timers.delete(key);
  };
  const report = (id: string, at: number, actor = 'op') => {
    const form = { kind: 'incident', at: new Date(at).toISOString(), lngLat: [104, 30], category: 'parking', title: '占道' };
    write([reportedFact(world, id, zIncidentReport.parse(form), leaves[0]!, at)], actor, at);
  };
  const ledger: Pick<Ledger, 'world' | 'append' | 'follow' | 'read'> = {
    get world() {
      return world;
    },
    append: async (actor, decide, at) => write(decide(world), actor, at ?? now),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read: async (after, limit) => entries.filter((e) => e.seq > after).slice(0, limit),
  };
  for (const fact of setUp) write([fact.kind === 'centre.configured' ? { kind: fact.kind, body: house } : fact], 'op', T0 - 1);
  return {
    report,
    write,
    open: async () => openClockwork({ ledger, quiet: await openImportQuiet(ledger, () => now), now: () => now, timers: { set } }),
    /** let time pass up to `to`, waking whoever asked to be woken */
    async pass(to: number) {
      for (;;) {
        const next = [...timers].sort(([, a], [, b]) => a.at - b.at)[0];
        if (!next || next[1].at > to) break;
        timers.delete(next[0]);
        now = Math.max(now, next[1].at);
        wakings += 1;
        next[1].run();
        await new Promise(setImmediate);
      }
      now = to;
    },
    told: () => entries.filter((e) => e.actor === 'clock').map((e) => [Math.round((e.at - T0) / MINUTE), e.kind.slice('incident.'.length)]),
    waiting: () => timers.size,
    wakings: () => wakings,
  };
}

const warned = 'warned';
const escalated = 'escalated';

it('writes each warning and each climb at its moment, as the clock', async () => {
  const r = room();
  const clockwork = await r.open();
  r.report('i-1', T0);
  await r.pass(T0 + 600 * MINUTE);
  expect(r.told()).toEqual([
    [45, warned],
    [60, warned],
    [60, escalated],
    [90, escalated],
    [120, escalated],
    [150, escalated],
  ]);
  await clockwork.close();
  expect(r.waiting()).toBe(0);
});
it('sleeps while nothing is due, however many incidents wait', async () => {
  const r = room();
  const clockwork = await r.open();
  expect(r.waiting()).toBe(0);
  for (let n = 0; n < 50; n++) r.report(`i-${n}`, T0 + n);
  await r.pass(T0 + 44 * MINUTE);
  expect(r.told()).toEqual([]);
  expect([r.waiting(), r.wakings()]).toEqual([1, 4]); // it turns over every ten minutes
  await r.pass(T0 + 45 * MINUTE + 60);
  expect(r.told().length).toBe(50);
  await clockwork.close();
});
it('lets alone what was handled before it was due', async () => {
  const r = room();
  const clockwork = await r.open();
  r.report('i-1', T0);
  r.write([{ kind: 'incident.declined', body: { incident: 'i-1', reason: '重复' } }], 'op', T0 + MINUTE);
  await r.pass(T0 + 600 * MINUTE);
  expect(r.told()).toEqual([]);
  await clockwork.close();
});
it('writes what fell due while it was away, all of it and once', async () => {
  const r = room();
  r.report('i-1', T0);
  await r.pass(T0 + 100 * MINUTE);
  const first = await r.open();
  await r.pass(T0 + 101 * MINUTE);
  const missed = [warned, warned, escalated, escalated].map((kind) => [100, kind]);
  expect(r.told()).toEqual(missed);
  await first.close();
  const second = await r.open();
  await r.pass(T0 + 110 * MINUTE);
  expect(r.told()).toEqual(missed);
  await second.close();
});
it('keeps quiet while history is imported, so that the rest of the past still finds room', async () => {
  const r = room();
  const now = T0 + 10_000 * MINUTE;
  await r.pass(now);
  const clockwork = await r.open();
  await r.pass(now + 1);
  for (let n = 0; n < 20; n++) {
    r.report(`i-${n}`, T0 + n * MINUTE, 'import'); // long overdue by now, were it not handled in the next page
    await r.pass(now + (n + 1) * 20_000);
    if (n > 0) r.write([{ kind: 'incident.declined', body: { incident: `i-${n}`, reason: '旧案' } }], 'import', T0 + n * MINUTE);
  }
  expect(r.told()).toEqual([]);
  const restarted = await clockwork.close().then(r.open);
  await r.pass(now + 400_000 + 20_000);
  expect(r.told()).toEqual([]);
  await r.pass(now + 400_000 + 60_000);
  // the one that was left open climbs to the top; what the import ended is let alone
  expect(r.told().map(([, kind]) => kind)).toEqual([warned, warned, escalated, escalated, escalated, escalated]);
  await restarted.close();
});
it('follows a deadline that moves, and the rule of the centre when it changes', async () => {
  const r = room();
  const clockwork = await r.open();
  r.report('i-1', T0);
  const hour = {
    due: epochMs(T0 + 200 * MINUTE),
    warn: epochMs(T0 + 150 * MINUTE),
    from: epochMs(T0),
    n: 1,
    unit: 'urgent-hour',
    calendar: '',
    by: 'extension',
  } as const;
  r.write([{ kind: 'incident.extension-granted', body: { incident: 'i-1', handleClock: hour } }], 'op', T0 + MINUTE);
  r.write(
    [{ kind: 'centre.configured', body: { ...house, escalation: { ...house.escalation, everyMinutes: 500 } } }],
    'op',
    T0 + 2 * MINUTE,
  );
  await r.pass(T0 + 699 * MINUTE);
  expect(r.told()).toEqual([
    [150, warned],
    [200, warned],
    [200, escalated],
  ]);
  await clockwork.close();
});
