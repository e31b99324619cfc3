import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alarmLog } from '../../model/alarm-log.ts';
import { epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import type { AlarmEntry, Entry, Fact } from '../../model/ledger.ts';
import { emptyWorld } from '../../model/world.ts';
import { arbDraw, chain, type Draw, lawful, leaves, setUp } from '../support/facts.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');

const raise = (value: number, more: object = {}): Fact =>
  ({
    kind: 'alarm.raised',
    body: {
      alarm: 's-1/high',
      sensor: 's-1',
      rule: 'high',
      priority: 2,
      value,
      limit: 5,
      at: T0,
      lngLat: [104, 30],
      area: leaves[0],
      ...more,
    },
  }) as unknown as Fact;
const of = (kind: string, more: object = {}) => ({ kind: `alarm.${kind}`, body: { alarm: 's-1/high', ...more } }) as Fact;
const ack = of('acknowledged');
const clear = of('cleared', { value: 1, at: T0 });
const shelf = { kind: 'timed', until: T0 + 600_000, reason: '检修', by: 'op' };
const source = { sensor: 's-1', rule: 'high', priority: 2, lngLat: [104, 30], area: leaves[0] };

/** Each fact a second after the one before, by its own actor; the log begins with entry `from`. */
function logOf(facts: readonly Fact[], from = 0) {
  const entries = chain(facts.map((fact, i) => ({ fact, at: T0 + i * 1000, actor: `a-${i}` })));
  const log = alarmLog(fold(emptyWorld, entries.slice(0, from)).alarms);
  for (const e of entries.slice(from)) log.take(e as AlarmEntry);
  return log.rows();
}

it('is one row each time the condition was active, with who acknowledged it when and when it cleared', () => {
  const rows = logOf([raise(9), ack, raise(12, { again: true }), ack, of('noted', { text: '已知' }), clear, raise(7), clear]);
  expect(rows).toMatchObject([
    { value: 7, raisedAt: T0 + 6000, clearedAt: T0 + 7000, ackedAt: null, state: 'rtn-unack', active: false, again: 0, hidden: null },
    {
      value: 9,
      raisedAt: T0,
      ackedAt: T0 + 1000,
      ackedBy: 'a-1',
      clearedAt: T0 + 5000,
      again: 1,
      notes: 1,
      state: 'normal',
      active: false,
    },
  ]);
});

it('a changed rule leaves the row what it was raised by; one that became more urgent is a row that asked again and is not acknowledged', () => {
  const milder = of('revised', { priority: 3, limit: 6 });
  const worse = of('revised', { priority: 1, limit: 4, again: true });
  const row = { value: 9, priority: 2, limit: 5, ackedAt: T0 + 1000, active: true };
  expect(logOf([raise(9), ack, milder])).toMatchObject([{ ...row, again: 0, state: 'acked' }]);
  expect(logOf([raise(9), ack, worse])).toMatchObject([{ ...row, again: 1, state: 'unack' }]);
});

it('one acknowledgement counts for every time before it that had none', () => {
  const rows = logOf([raise(9), clear, raise(8), clear, ack]);
  expect(rows.map((r) => [r.value, r.ackedAt, r.state])).toEqual([
    [8, T0 + 4000, 'normal'],
    [9, T0 + 4000, 'normal'],
  ]);
});

it('says what kept it from the operator, and the shelf', () => {
  const [shelved] = logOf([of('shelved', { ...source, shelf }), raise(9)]);
  expect(shelved).toMatchObject({ hidden: 'shelved', shelved: shelf, state: 'shelved', active: true });
  const [later] = logOf([raise(9), of('shelved', { ...source, shelf }), of('unshelved')]);
  expect(later).toMatchObject({ hidden: null, shelved: shelf, state: 'unack' });
  expect(logOf([of('shelved', { ...source, shelf }), of('unshelved')])).toEqual([]);
});

it('a latched one is reset; a comment after it is over belongs to no row', () => {
  const [row] = logOf([raise(9), ack, of('cleared', { value: 1, at: T0, latch: true }), of('reset')]);
  expect(row).toMatchObject({ clearedAt: T0 + 2000, resetAt: T0 + 3000, state: 'normal' });
});

it('begins with what was standing, as it stood', () => {
  const facts = [raise(9), ack, raise(11, { again: true }), clear];
  expect(logOf(facts, 3)).toMatchObject([{ value: 9, raisedAt: T0, ackedAt: T0 + 1000, clearedAt: T0 + 3000 }]);
  expect(logOf([raise(9), clear, ack], 2)).toMatchObject([{ active: false, clearedAt: null, ackedAt: T0 + 2000, state: 'normal' }]);
  expect(logOf([raise(9), ack, clear], 3)).toEqual([]);
});

function history(draws: readonly Draw[]): Entry[] {
  const facts = setUp.map((fact) => ({ fact, at: T0 }));
  let world = fold(emptyWorld, chain(facts));
  let at = T0;
  for (const [n, d] of draws.entries()) {
    at += 1 + (d.gapMs % 100_000);
    facts.push({ fact: lawful(world, { ...d, pick: 7 + (d.pick % 2) }, epochMs(at), n), at });
    world = fold(world, [{ ...chain([facts.at(-1)!])[0]!, seq: facts.length } as Entry]);
  }
  return chain(facts);
}

it('wherever it begins, it tells the same of what was raised after, and what still stands is what the world holds', () => {
  fc.assert(
    fc.property(
      fc.array(arbDraw, { minLength: 20, maxLength: 120 }).map(history),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (entries, share) => {
        const isAlarm = (e: Entry): e is AlarmEntry => e.kind.startsWith('alarm.');
        const log = (from: number) => {
          const l = alarmLog(fold(emptyWorld, entries.slice(0, from)).alarms);
          for (const e of entries.slice(from)) if (isAlarm(e)) l.take(e);
          return l.rows();
        };
        const whole = log(0);
        const cut = Math.floor(share * entries.length);
        const since = entries[cut]?.at ?? Number.POSITIVE_INFINITY;
        const part = log(cut);
        expect(part.filter((r) => r.raisedAt >= since)).toEqual(whole.filter((r) => r.raisedAt >= since));
        const world = fold(emptyWorld, entries);
        const standing = [...world.alarms.values()].filter((a) => a.active);
        for (const rows of [whole, part]) {
          const active = rows.filter((r) => r.active);
          expect(active.map((r) => r.alarm).sort()).toEqual(standing.map((a) => a.id).sort());
          for (const r of active) {
            const a = world.alarms.get(r.alarm)!;
            expect(r).toMatchObject({ state: a.state, raisedAt: a.raisedAt, value: a.first.value, area: a.area, clearedAt: null });
          }
          expect(rows.map((r) => -r.raisedAt)).toEqual(rows.map((r) => -r.raisedAt).sort((a, b) => a - b));
          for (const r of rows) if (r.clearedAt !== null) expect(r.clearedAt).toBeGreaterThanOrEqual(r.raisedAt);
        }
        const raises = entries.filter((e) => e.kind === 'alarm.raised' && !e.body.again);
        expect(whole.length).toBe(raises.length);
      },
    ),
    { numRuns: 30 },
  );
});
