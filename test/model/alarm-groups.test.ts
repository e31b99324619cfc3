import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../model/alarm.ts';
import { countStates, gridOf, groupAlarms, listAlarms } from '../../model/alarm-groups.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import type { Priority } from '../../model/centre.ts';
import { treeOf } from '../../model/world.ts';
import { aKind, alarmWorld, anAlarm, aRule, aSensor } from '../support/alarm.ts';
import { leaves } from '../support/facts.ts';

const kinds = [aKind('smoke'), aKind('gas')];
const rules = kinds.flatMap((k) => [aRule(k.code, 'high'), aRule(k.code, 'silent', { test: { is: 'no-data', intervals: 5 } })]);
const micro = areaCode('510107062007001001');
const beside = areaCode('510107062007001002');
const other = areaCode('510107062008001001');

interface Draw {
  readonly kind: number;
  readonly area: number;
  readonly rule: number;
  readonly priority: number;
  readonly facility: number;
  readonly device: number;
  readonly acked: boolean;
  readonly active: boolean;
}
const arbAlarms = fc.array(
  fc.record({
    kind: fc.nat(1),
    area: fc.nat(leaves.length),
    rule: fc.nat(1),
    priority: fc.integer({ min: 1, max: 4 }),
    facility: fc.nat(5),
    device: fc.nat(5),
    acked: fc.boolean(),
    active: fc.boolean(),
  }),
  { maxLength: 60 },
);
function made(draws: readonly Draw[]) {
  const sensors = draws.map((d, i) =>
    aSensor(`s-${i}`, kinds[d.kind]!.code, {
      ...(d.facility < 2 ? { facility: `f-${d.facility}` } : {}),
      ...(d.device < 3 ? { device: `d-${d.device}` } : {}),
    }),
  );
  const alarms = draws.map((d, i) =>
    anAlarm({
      sensor: `s-${i}`,
      rule: d.rule ? 'high' : 'silent',
      priority: d.priority as Priority,
      area: leaves[d.area] ?? null,
      acked: d.acked,
      active: d.active,
      raisedAt: epochMs(1000 + i),
    }),
  );
  return { alarms, world: alarmWorld({ kinds, rules, sensors, alarms }) };
}
const ids = (list: readonly Alarm[]) => list.map((a) => a.id).sort();

describe('groups of a flood', () => {
  it('hold every alarm exactly once and say truly how many, how many unacknowledged, how bad and how new', () => {
    fc.assert(
      fc.property(arbAlarms, (draws) => {
        const { world, alarms } = made(draws);
        const groups = groupAlarms(world, alarms);
        expect(ids(groups.flatMap((g) => g.members))).toEqual(ids(alarms));
        expect(new Set(groups.map((g) => g.key)).size).toBe(groups.length);
        for (const g of groups) {
          expect(g.n).toBe(g.members.length);
          expect(g.unacked).toBe(g.members.filter((a) => !a.acked).length);
          expect(g.worst).toBe(Math.min(...g.members.map((a) => a.priority)));
          expect(g.newest).toBe(Math.max(...g.members.map((a) => a.raisedAt)));
        }
      }),
    );
  });
  it('never take in a P1: each stands alone, before every group, those to acknowledge first', () => {
    fc.assert(
      fc.property(arbAlarms, (draws) => {
        const { world, alarms } = made(draws);
        const groups = groupAlarms(world, alarms);
        const alone = groups.filter((g) => g.worst === 1);
        for (const g of alone) expect(g.n).toBe(1);
        expect(groups.slice(0, alone.length)).toEqual(alone);
        const waiting = alone.map((g) => g.unacked);
        expect(waiting).toEqual([...waiting].sort((a, b) => b - a));
      }),
    );
  });
  it('stay within one grid, and are the same whatever the order of arrival', () => {
    fc.assert(
      fc.property(arbAlarms, (draws) => {
        const { world, alarms } = made(draws);
        const groups = groupAlarms(world, alarms);
        for (const g of groups) for (const a of g.members) expect(a.area === null ? null : gridOf(treeOf(world), a.area)).toBe(g.place);
        expect(groupAlarms(world, [...alarms].reverse())).toEqual(groups);
      }),
    );
  });
});

describe('common cause', () => {
  const groups = (list: readonly { kind: string; rule?: string; area?: typeof micro; facility?: string; device?: string }[]) => {
    const sensors = list.map((s, i) => aSensor(`s-${i}`, s.kind, { ...s }));
    const alarms = list.map((s, i) => anAlarm({ sensor: `s-${i}`, rule: s.rule ?? 'high', area: s.area ?? micro }));
    return groupAlarms(alarmWorld({ kinds, rules, sensors, alarms }), alarms).map((g) => [g.cause.is, g.n]);
  };
  it('is the facility where several of its sensors are in alarm, before the kind', () => {
    expect(groups([{ kind: 'smoke', facility: 'f' }, { kind: 'gas', facility: 'f' }, { kind: 'gas' }])).toEqual(
      expect.arrayContaining([
        ['facility', 2],
        ['rule', 1],
      ]),
    );
  });
  it('is not a facility of which one sensor is in alarm', () => {
    expect(groups([{ kind: 'gas', facility: 'f' }, { kind: 'gas' }])).toEqual([['rule', 2]]);
  });
  it('is the device that carries several sensors', () => {
    expect(
      groups([
        { kind: 'smoke', device: 'd' },
        { kind: 'gas', device: 'd' },
      ]),
    ).toEqual([['device', 2]]);
  });
  it('is one cut where sensors of several kinds fall silent in a grid, and only there', () => {
    expect(
      groups([
        { kind: 'smoke', rule: 'silent' },
        { kind: 'gas', rule: 'silent', area: beside },
      ]),
    ).toEqual([['silence', 2]]);
    expect(
      groups([
        { kind: 'smoke', rule: 'silent' },
        { kind: 'smoke', rule: 'silent' },
      ]),
    ).toEqual([['rule', 2]]);
    expect(
      groups([
        { kind: 'smoke', rule: 'silent' },
        { kind: 'gas', rule: 'silent', area: other },
      ]),
    ).toHaveLength(2);
  });
  it('is the facility where only its own sensors fell silent', () => {
    expect(
      groups([
        { kind: 'smoke', rule: 'silent', facility: 'f' },
        { kind: 'gas', rule: 'silent', facility: 'f' },
      ]),
    ).toEqual([['facility', 2]]);
  });
});

describe('a list of alarms', () => {
  const sensors = [aSensor('s-1', 'smoke'), aSensor('s-2', 'gas'), aSensor('s-3', 'gas')];
  const alarms = [
    anAlarm({ sensor: 's-1', area: micro }),
    anAlarm({ sensor: 's-2', area: other, acked: true, priority: 2 }),
    anAlarm({ sensor: 's-3', area: null, shelf: { kind: 'timed', until: epochMs(9), reason: '检修', by: 'op' } }),
  ];
  const world = alarmWorld({ kinds, rules, sensors, alarms });
  const shown = (filter: Parameters<typeof listAlarms>[1]) => listAlarms(world, filter).map((a) => a.sensor);
  it('shows what is put before the operator unless states are asked for', () => {
    expect(shown({})).toEqual(['s-1', 's-2']);
    expect(shown({ states: new Set(['shelved']) })).toEqual(['s-3']);
    expect(shown({ states: new Set(['unack', 'shelved']) })).toEqual(['s-1', 's-3']);
  });
  it('is narrowed by priority, kind, rule, sensor and area', () => {
    expect(shown({ priorities: new Set([2]) })).toEqual(['s-2']);
    expect(shown({ kinds: new Set(['gas']) })).toEqual(['s-2']);
    expect(shown({ rule: 'low' })).toEqual([]);
    expect(shown({ sensor: 's-1' })).toEqual(['s-1']);
    expect(shown({ area: areaCode('510107062008') })).toEqual(['s-2']);
    expect(shown({ area: areaCode('510107062') })).toEqual(['s-1', 's-2']);
  });
  it('leaves nothing uncounted', () => {
    expect(countStates(world.alarms.values())).toMatchObject({ unack: 1, acked: 1, shelved: 1, suppressed: 0 });
  });
});
