import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import type { Fact } from '../../model/ledger.ts';
import { LEAVES, middleOf } from '../support/fixture-street.ts';
import { bareKind, MINUTE, room, rule, SECOND, sensor, T0 } from './watch-room.ts';

const high = (limit: number, more: object = {}) => rule('high', { is: 'high', limit }, more);

describe('delays', () => {
  it('an alarm is raised when the on-delay ends, without another reading, and cleared when the off-delay does', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20, { onDelayS: 30, offDelayS: 20 }));
    expect(await r.read('s-1', 25)).toBe(false);
    expect(r.stats().pending).toBe(1);
    await r.pass(T0 + 29 * SECOND);
    expect(r.told()).toEqual([]);
    await r.pass(T0 + 40 * SECOND);
    expect(r.told()).toEqual(['30 raised s-1/high']);
    expect(await r.read('s-1', 5)).toBe(true);
    await r.pass(T0 + 50 * SECOND);
    expect(await r.read('s-1', 25)).toBe(true); // back before the off-delay ended: nothing happened
    await r.pass(T0 + 80 * SECOND);
    expect(r.told()).toHaveLength(1);
    await r.read('s-1', 5);
    await r.pass(T0 + 120 * SECOND);
    expect(r.told()).toEqual(['30 raised s-1/high', '100 cleared s-1/high']);
    expect(r.stats().pending).toBe(0);
  });
  it('a device whose clock is wrong has its delay all the same', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20, { onDelayS: 30 }));
    await r.read('s-1', 25, T0 - 600 * SECOND);
    await r.pass(T0 + 29 * SECOND);
    expect(r.told()).toEqual([]);
    await r.pass(T0 + 31 * SECOND);
    expect(r.told()).toEqual(['30 raised s-1/high']);
  });
  it('readings handed in together are judged at their own times', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20, { onDelayS: 60 }));
    for (const [ago, value] of [
      [600, 25],
      [560, 25],
      [530, 5],
      [520, 25],
      [490, 5],
      [200, 5],
    ] as const)
      await r.read('s-1', value, T0 - ago * SECOND);
    expect(r.told()).toEqual(['0 raised s-1/high', '0 cleared s-1/high']);
  });
});

describe('readings of the past', () => {
  const DAY = 24 * 60 * MINUTE;
  it('days handed in late call nobody; what is still so now does', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    for (let ago = 6 * DAY; ago > 2 * DAY; ago -= 60 * MINUTE) await r.read('s-1', ago % (120 * MINUTE) ? 25 : 5, T0 - ago);
    await r.pass(T0 + 2 * SECOND);
    r.setRule(high(19));
    await r.pass(T0 + 4 * SECOND); // nor when a rule changes: the value is days old
    expect([r.told(), r.stats().judged]).toEqual([[], 0]);
    await r.read('s-1', 25);
    expect(r.told()).toEqual(['4 raised s-1/high']);
  });
  it('a device whose clock stands a week behind is judged from its second reading on', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    for (let s = 0; s <= 120; s += 60) {
      await r.pass(T0 + s * SECOND);
      await r.read('s-1', 25, T0 + s * SECOND - 7 * DAY);
    }
    expect(r.told()).toEqual(['60 raised s-1/high']);
  });
});

describe('one alarm per source and rule', () => {
  const readings = fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 10, max: 30 })), { minLength: 1, maxLength: 30 });
  it('whatever is repeated, comes late or out of order: raised and cleared take turns, and repeated messages make nothing', async () => {
    await fc.assert(
      fc.asyncProperty(readings, fc.array(fc.nat({ max: 29 }), { maxLength: 20 }), async (list, repeats) => {
        const r = await room([sensor('s-1')]);
        r.setRule(rule('high', { is: 'high', limit: 20, deadband: 2 }));
        const sent = [...list, ...repeats.map((n) => list[n % list.length]!)];
        for (const [s, value] of sent) await r.read('s-1', value, T0 + s * SECOND - 120 * SECOND);
        const kinds = r.told().map((t) => t.split(' ')[1]);
        expect(kinds).toEqual(kinds.map((_, n) => (n % 2 ? 'cleared' : 'raised')));
        const before = r.entries.length;
        for (const [s, value] of sent) await r.read('s-1', value, T0 + s * SECOND - 120 * SECOND);
        expect(r.entries.length).toBe(before);
        await r.close();
      }),
      { numRuns: 60 },
    );
  });
  it('a restart in the middle makes no second one, and the alarm clears with the reading after it', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    await r.read('s-1', 25);
    await r.restart();
    await r.pass(T0 + 10 * SECOND);
    await r.read('s-1', 30);
    expect(r.told()).toEqual(['0 raised s-1/high']);
    await r.read('s-1', 5, T0 + 11 * SECOND);
    expect(r.told()).toEqual(['0 raised s-1/high', '10 cleared s-1/high']);
  });
  it('a process that dies before telemetry is on the disk: what a newer reading raised or cleared stands, and the readings again make nothing', async () => {
    const dead = fc.record({ at: fc.nat(), lost: fc.nat({ max: 5 }), again: fc.nat({ max: 8 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 10, max: 30 }), { minLength: 1, maxLength: 12 }),
        dead,
        async (values, { at, lost, again }) => {
          const live = async (dies: boolean) => {
            const r = await room([sensor('s-1')]);
            r.setRule(rule('high', { is: 'high', limit: 20, deadband: 2 }));
            await r.pass(T0 + SECOND);
            const begun = values.map((value, i) => [value, T0 + SECOND + i] as const);
            const deadAt = dies ? at % values.length : -1;
            for (const [i, [value, when]] of begun.entries()) {
              await r.read('s-1', value, when);
              if (i !== deadAt) continue;
              const [was, ofWhen] = begun[i - lost] ?? [0, Number.NaN];
              await r.die('s-1', was, ofWhen);
              await r.pass(T0 + 5 * SECOND);
              for (const [v, t] of begun.slice(Math.max(0, i + 1 - again), i + 1)) await r.read('s-1', v, t);
            }
            await r.pass(T0 + 10 * SECOND);
            await r.close();
            return r.told().map((line) => line.split(' ')[1]);
          };
          expect(await live(true)).toEqual(await live(false));
        },
      ),
      { numRuns: 100 },
    );
  });
  it('a sensor whose newest reading was lost with the process is missed all the same when it stays silent', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    r.setRule(rule('lost', { is: 'no-data', intervals: 3 }));
    await r.pass(T0 + SECOND);
    await r.read('s-1', 5, T0);
    await r.read('s-1', 25);
    await r.die('s-1', 5, T0);
    await r.pass(T0 + 10 * MINUTE);
    expect(r.told().map((line) => line.slice(line.indexOf(' ') + 1))).toEqual(['raised s-1/high', 'raised s-1/lost']);
    await r.read('s-1', 5);
    expect(
      r
        .told()
        .slice(2)
        .map((line) => line.split(' ')[1]),
    ).toEqual(['cleared', 'cleared']);
  });
  it('a reading whose facts could not be written raises its alarm when it is handed in again, or by itself', async () => {
    const r = await room([sensor('s-1'), sensor('s-2')]);
    r.setRule(high(20));
    await r.pass(T0 + 2 * SECOND);
    r.state.failing = true;
    await expect(r.read('s-1', 25, T0)).rejects.toThrow('disk full');
    await expect(r.read('s-2', 25, T0)).rejects.toThrow('disk full');
    r.state.failing = false;
    expect(await r.read('s-1', 25, T0)).toBe(true);
    expect(r.told()).toEqual(['2 raised s-1/high']);
    await r.pass(T0 + 10 * SECOND);
    expect(r.told()).toEqual(['2 raised s-1/high', '7 raised s-2/high']);
  });
  it('what telemetry kept of a reading whose alarm was lost with the process is judged after the start', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    r.state.failing = true;
    await r.read('s-1', 25).catch(() => {});
    await r.restart();
    r.state.failing = false;
    await r.pass(T0 + 2 * SECOND);
    expect(r.told()).toEqual(['0 raised s-1/high']);
  });
});

describe('silence', () => {
  it('takes a sensor offline after five of its intervals and raises its rule; the next reading ends both', async () => {
    const r = await room([sensor('s-1'), sensor('s-2')]);
    r.setRule(rule('lost', { is: 'no-data', intervals: 8 }));
    for (let s = 0; s <= 100; s += 10) {
      await r.pass(T0 + s * SECOND);
      await r.read('s-1', 1);
    }
    await r.pass(T0 + 149 * SECOND);
    expect([r.offline, r.stats().silent]).toEqual([[], 0]);
    await r.pass(T0 + 152 * SECOND);
    expect([r.offline, r.stats().silent]).toEqual([['s-1'], 1]);
    expect(r.told()).toEqual([]);
    await r.pass(T0 + 182 * SECOND);
    expect(r.told()).toEqual(['181 raised s-1/lost']);
    expect(r.world.alarms.get('s-1/lost')).toMatchObject({ limit: 8, value: 8.1 });
    await r.read('s-1', 1);
    expect(r.told().slice(1)).toEqual(['182 cleared s-1/lost']);
    expect(r.stats().silent).toBe(0);
  });
  it('a sensor that was silent for long when the server stopped is offline after the start', async () => {
    const r = await room([sensor('s-1'), sensor('s-2')]);
    await r.read('s-1', 1);
    await r.close();
    await r.pass(T0 + 400 * SECOND);
    await r.read('s-2', 1); // heard while nobody watched s-1: the newest thing known lies far behind its last reading
    await r.restart();
    await r.pass(T0 + 402 * SECOND);
    expect([r.offline, r.stats().silent]).toEqual([['s-1'], 1]);
  });
  it('while the server is away nobody is silent; after it the clock goes on from the last reading', async () => {
    const r = await room([sensor('s-1'), sensor('s-2')]);
    r.setRule(rule('lost', { is: 'no-data' }));
    await r.read('s-1', 1);
    await r.pass(T0 + 200 * SECOND);
    await r.read('s-2', 1);
    await r.close();
    await r.pass(T0 + 3600 * SECOND);
    await r.restart();
    await r.pass(T0 + 3695 * SECOND);
    expect(r.told()).toEqual([]);
    await r.pass(T0 + 3705 * SECOND);
    expect(r.told()).toEqual(['3701 raised s-1/lost']);
  });
});

describe('hours and changed rules', () => {
  it('night limits begin and end by the clock, without a reading', async () => {
    const r = await room([sensor('s-1'), sensor('s-2')]);
    r.setRule(high(20, { hours: [{ from: '09:05', to: '09:10' }] }));
    await r.read('s-1', 25);
    await r.read('s-2', 15);
    await r.pass(T0 + 299 * SECOND);
    expect(r.told()).toEqual([]);
    await r.pass(T0 + 700 * SECOND);
    expect(r.told()).toEqual([]); // by then the value was five intervals old: an old value raises nothing
    const q = await room([sensor('s-1')]);
    q.setRule(high(20, { hours: [{ from: '09:05', to: '09:10' }] }));
    for (let s = 0; s <= 660; s += 60) {
      await q.pass(T0 + s * SECOND - 1);
      await q.read('s-1', 25, T0 + s * SECOND - 1);
    }
    expect(q.told()).toEqual(['300 raised s-1/high', '600 cleared s-1/high']);
  });
  it('a rule set, moved for a device or an area, switched off or gone with the kind: standing alarms follow', async () => {
    const kinds = ['gas', 'noise'].map(bareKind);
    const r = await room([sensor('s-1'), sensor('s-2'), sensor('s-3', 'gas', { area: LEAVES[1], lngLat: middleOf(1) })], kinds);
    for (const id of ['s-1', 's-2', 's-3']) await r.read(id, 25);
    const standing = async () => {
      await r.pass(r.entries.at(-1)!.at + 3 * SECOND);
      return [...r.world.alarms.values()]
        .filter((a) => a.active)
        .map((a) => a.sensor)
        .sort();
    };
    r.setRule(high(20));
    expect(await standing()).toEqual(['s-1', 's-2', 's-3']);
    r.setRule(high(20, { overrides: [{ sensor: 's-2', limit: 40 }] }));
    expect(await standing()).toEqual(['s-1', 's-3']);
    r.setRule(high(20, { overrides: [{ area: LEAVES[1], limit: 40 }] }));
    expect(await standing()).toEqual(['s-1', 's-2']);
    r.setRule(high(20, { overrides: [{ area: LEAVES[0], enabled: false }] }));
    expect(await standing()).toEqual(['s-3']);
    r.setRule(high(20));
    expect(await standing()).toEqual(['s-1', 's-2', 's-3']);
    r.write([{ kind: 'sensors.registered', body: { sensors: [sensor('s-1', 'noise')] } }]);
    expect(await standing()).toEqual(['s-2', 's-3']);
    r.setRule(high(20, { enabled: false }));
    expect(await standing()).toEqual([]);
    expect(r.errors).toEqual([]);
  });
  it('an alarm that is still true goes by the rule as it is now, once; one that is no longer true is cleared and not revised', async () => {
    const r = await room([sensor('s-1'), sensor('s-2')]);
    r.setRule(high(20, { priority: 3 }));
    await r.read('s-1', 25);
    await r.read('s-2', 35);
    await r.pass(T0 + 2 * SECOND);
    r.setRule(high(30, { priority: 3 }));
    await r.pass(T0 + 5 * SECOND);
    expect(r.told().map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([
      ...['raised s-1/high', 'raised s-2/high'],
      ...['cleared s-1/high', 'revised s-2/high'],
    ]);
    expect(r.world.alarms.get('s-2/high')).toMatchObject({ limit: 30, priority: 3, value: 35, raised: 1, first: { value: 35 } });
    await r.restart();
    r.setRule(high(30, { priority: 3, respondMinutes: 20 }));
    await r.pass(T0 + 10 * SECOND);
    expect(r.told()).toHaveLength(4);
  });
  it('acknowledged as less urgent it asks again, as a P1 it is an incident by its rule; made less urgent it calls nobody', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20, { priority: 2, incident: 'manhole' }));
    await r.read('s-1', 25);
    r.write([{ kind: 'alarm.acknowledged', body: { alarm: 's-1/high' } }]);
    r.setRule(high(20, { priority: 1, incident: 'manhole' }));
    await r.pass(T0 + 3 * SECOND);
    expect(r.world.alarms.get('s-1/high')).toMatchObject({ priority: 1, state: 'unack' });
    expect([...r.world.incidents.values()]).toMatchObject([{ alarm: 's-1/high', priority: 1 }]);
    r.write([{ kind: 'alarm.acknowledged', body: { alarm: 's-1/high' } }]);
    r.setRule(high(20, { priority: 4, incident: 'manhole' }));
    await r.pass(T0 + 6 * SECOND);
    expect(r.world.alarms.get('s-1/high')).toMatchObject({ priority: 4, state: 'acked' });
    expect(r.world.incidents.size).toBe(1);
    expect(r.errors).toEqual([]);
  });
});

describe('two sensors of one device', () => {
  it('a reading of either makes the alarm of the one whose rule it is', async () => {
    const there = { is: 'state', values: [1] };
    const r = await room(
      [sensor('t-1', 'gas', { device: 'shed' }), sensor('l-1', 'load', { device: 'shed' }), sensor('l-2', 'load', { device: 'other' })],
      ['gas', 'load'].map(bareKind),
    );
    r.setRule(rule('hot', { is: 'both', here: { is: 'high', limit: 60 }, kind: 'load', there }));
    await r.read('t-1', 70);
    await r.read('l-2', 1);
    expect(r.told()).toEqual([]);
    await r.read('l-1', 1);
    expect(r.told()).toEqual(['0 raised t-1/hot']);
    await r.read('l-1', 0, T0 + 1);
    expect(r.told()).toEqual(['0 raised t-1/hot', '0 cleared t-1/hot']);
  });
});

describe('suppressed by design', () => {
  const rules = [high(20, { suppressedWhile: 'very-high' }), rule('very-high', { is: 'high', limit: 50 })];
  it('hides before it raises and shows after it clears, each in one append with its cause', async () => {
    const r = await room([sensor('s-1')]);
    rules.forEach(r.setRule);
    await r.read('s-1', 60);
    expect(r.told()).toEqual(['0 raised s-1/very-high', '0 suppressed s-1/high', '0 raised s-1/high']);
    expect(r.world.surge.steps.reduce((n, [, k]) => n + k, 0)).toBe(1);
    expect(r.world.alarms.get('s-1/high')).toMatchObject({ state: 'suppressed', active: true, suppressedBy: 'very-high' });
    await r.read('s-1', 30, T0 + 1);
    expect(r.told().slice(3)).toEqual(['0 cleared s-1/very-high', '0 unsuppressed s-1/high']);
    expect(r.world.alarms.get('s-1/high')).toMatchObject({ state: 'unack' });
    await r.read('s-1', 60, T0 + 2);
    await r.read('s-1', 1, T0 + 3);
    expect(r.told().slice(5)).toEqual([
      '0 raised s-1/very-high',
      '0 suppressed s-1/high',
      '0 cleared s-1/high',
      '0 cleared s-1/very-high',
      '0 unsuppressed s-1/high',
    ]);
  });
  it('follows a rule that no longer suppresses, or begins to', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    r.setRule(rules[1]!);
    await r.read('s-1', 60);
    expect(r.world.alarms.get('s-1/high')!.state).toBe('unack');
    r.setRule(rules[0]!);
    await r.pass(T0 + 2 * SECOND);
    expect(r.world.alarms.get('s-1/high')!.state).toBe('suppressed');
    r.setRule(high(20));
    await r.pass(T0 + 4 * SECOND);
    expect(r.world.alarms.get('s-1/high')!.state).toBe('unack');
    r.setRule(rules[0]!);
    await r.pass(T0 + 6 * SECOND);
    r.setRule(rule('very-high', { is: 'high', limit: 50 }, { enabled: false }));
    await r.pass(T0 + 8 * SECOND);
    expect(r.world.alarms.get('s-1/high')!.state).toBe('unack');
    expect(r.world.alarms.get('s-1/very-high')!.active).toBe(false);
  });
});

describe('what time brings', () => {
  const ack: Fact = { kind: 'alarm.acknowledged', body: { alarm: 's-1/high' } };
  const shelve = (until: number): Fact => ({
    kind: 'alarm.shelved',
    body: {
      alarm: 's-1/high',
      sensor: 's-1',
      rule: 'high',
      priority: 2,
      area: null,
      lngLat: middleOf(0),
      shelf: { kind: 'timed', until: epochMs(until), reason: '检修', by: 'op' },
    },
  });
  it('an acknowledged alarm that is still active asks again, and again only when it was acknowledged again', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20, { reAlarmMinutes: 5 }));
    await r.read('s-1', 25);
    await r.pass(T0 + MINUTE);
    r.write([ack]);
    await r.pass(T0 + 60 * MINUTE);
    expect(r.told()).toEqual(['0 raised s-1/high', '360 raised s-1/high']);
    expect(r.world.alarms.get('s-1/high')).toMatchObject({ state: 'unack', raised: 1 });
    r.write([ack]);
    await r.pass(T0 + 61 * MINUTE);
    await r.read('s-1', 1);
    await r.pass(T0 + 120 * MINUTE);
    expect(r.told().slice(2)).toEqual(['3660 cleared s-1/high']);
  });
  it('a shelf ends at its time, by the clock, also one that ended while the server was away', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    await r.read('s-1', 25);
    r.write([shelve(T0 + 2 * MINUTE)]);
    await r.pass(T0 + MINUTE);
    expect(r.world.alarms.get('s-1/high')!.state).toBe('shelved');
    await r.pass(T0 + 2 * MINUTE + SECOND);
    expect(r.entries.at(-1)).toMatchObject({ kind: 'alarm.unshelved', actor: 'clock' });
    expect(r.world.alarms.get('s-1/high')!.state).toBe('unack');
    r.write([shelve(T0 + 3 * MINUTE)]);
    await r.close();
    await r.pass(T0 + 10 * MINUTE);
    await r.restart();
    await r.pass(T0 + 10 * MINUTE + SECOND);
    expect(r.told().filter((t) => t.includes('unshelved'))).toEqual(['120 unshelved s-1/high', '600 unshelved s-1/high']);
  });
  it('keeps quiet while history is imported; what was due is done when the import is over', async () => {
    const r = await room([sensor('s-1'), sensor('s-2')]);
    r.setRule(high(20, { onDelayS: 5 }));
    await r.read('s-1', 25);
    const visit: Fact = { kind: 'alarm.noted', body: { alarm: 's-2/high', text: '旧' } };
    for (let n = 0; n < 5; n++) {
      r.write([visit], 'import');
      await r.pass(T0 + (n + 1) * 20 * SECOND);
    }
    expect(r.told()).toEqual([]);
    await r.pass(T0 + 120 * SECOND);
    expect(r.told()).toEqual(['110 raised s-1/high']);
  });
  it('an alarm that an import raised stands until a reading says otherwise', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(high(20));
    await r.pass(T0 + 2 * SECOND);
    await r.read('s-1', 1);
    const body = {
      alarm: 's-1/high',
      sensor: 's-1',
      rule: 'high',
      priority: 2,
      value: 25,
      limit: 20,
      at: epochMs(T0),
      lngLat: middleOf(0),
      area: null,
    } as const;
    r.write([{ kind: 'alarm.raised', body }], 'import');
    await r.pass(T0 + 40 * SECOND);
    expect(await r.read('s-1', 25)).toBe(true);
    expect(r.told()).toEqual([]);
    await r.read('s-1', 1, T0 + 41 * SECOND);
    expect(r.told()).toEqual(['40 cleared s-1/high']);
  });
});

describe('P1 by rule', () => {
  const p1 = (more: object = {}) => high(20, { priority: 1, incident: 'manhole', ...more });
  const incidents = (r: { entries: readonly { kind: string; body: object }[] }) =>
    r.entries.filter((e) => e.kind === 'incident.reported').map((e) => e.body);
  it('makes an incident with the alarm, named after the alarm and the place, with the reading that raised it', async () => {
    const r = await room([sensor('s-1')]);
    r.setRule(p1());
    await r.read('s-1', 25);
    expect(r.told()).toEqual(['0 raised s-1/high', '0 incident.reported s-1/high']);
    const reading = { sensor: 's-1', value: 25, limit: 20, at: T0 };
    expect(incidents(r)[0]).toMatchObject({
      title: '规则high 西 01-01',
      source: 'sensor',
      category: 'manhole',
      priority: 1,
      alarm: 's-1/high',
      reading,
      area: LEAVES[0],
    });
    await r.read('s-1', 1, T0 + 1);
    await r.read('s-1', 25, T0 + 2); // the incident is still open
    expect(incidents(r)).toHaveLength(1);
    r.write([{ kind: 'incident.declined', body: { incident: [...r.world.incidents.keys()][0]!, reason: '误报' } }]);
    await r.read('s-1', 1, T0 + 3);
    await r.read('s-1', 25, T0 + 4);
    expect(incidents(r)).toHaveLength(2);
  });
  it('makes none of a lower priority, nor of one that nobody is to see, nor when it asks again', async () => {
    const r = await room([sensor('s-1'), sensor('s-2'), sensor('s-3')]);
    const overrides = [{ sensor: 's-3', priority: 2 }];
    r.setRule(p1({ incident: null, overrides }));
    await r.read('s-1', 25);
    r.setRule(p1({ reAlarmMinutes: 1, overrides }));
    await r.read('s-3', 25);
    const { area, lngLat } = r.world.sensors.get('s-2')!;
    r.write([
      { kind: 'alarm.removed', body: { alarm: 's-2/high', sensor: 's-2', rule: 'high', priority: 1, area, lngLat, reason: '检修' } },
    ]);
    await r.read('s-2', 25);
    r.write([{ kind: 'alarm.acknowledged', body: { alarm: 's-1/high' } }]);
    await r.pass(T0 + 2 * MINUTE);
    expect(r.told()).toEqual(['0 raised s-1/high', '0 raised s-3/high', '0 raised s-2/high', '60 raised s-1/high']);
  });
});
