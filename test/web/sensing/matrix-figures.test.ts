import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alarm, alarmStates, calm } from '../../../model/alarm.ts';
import { zArea } from '../../../model/area.ts';
import { areaCode, epochMs } from '../../../model/brand.ts';
import { zCentre } from '../../../model/centre.ts';
import { readings, STATUS_ONLINE } from '../../../model/frame.ts';
import { emptyWorld, type Sensor, treeOf, type World } from '../../../model/world.ts';
import { devicesOf, figuresOf, type Layout, layoutOf, onlineRate } from '../../../web/panels/sensing/matrix-figures.ts';
import { LatestStore } from '../../../web/store/latest.ts';
import { EAST, fixtureBoundaries, fixtureCentre, LEAVES, STREET, WEST } from '../../support/fixture-street.ts';

const NOW = 1_700_000_000_000;
const name = { zh: '某', en: 'Some' };
const kind = (code: string, group: string, intervalS: number) => ({
  code,
  name,
  alarm: name,
  unit: '',
  priority: 2 as const,
  group,
  intervalS,
});
const centre = zCentre.parse({
  ...fixtureCentre,
  sensorKinds: [kind('smoke', '安全', 60), kind('gas', '安全', 30), kind('noise', '环境', 10)],
});
const areas = new Map(fixtureBoundaries.features.map((f) => [areaCode(String(f.properties.code)), zArea.parse(f.properties)]));
const worldOf = (sensors: readonly Sensor[]): World => ({ ...emptyWorld, centre, areas, sensors: new Map(sensors.map((s) => [s.id, s])) });

interface Made {
  kind: string;
  area: string | null;
  /** seconds since its last reading; null = never */
  age: number | null;
  online: boolean;
  alarm: { state: Alarm['state']; priority: 1 | 2 | 3 | 4 } | null;
}
const made = fc.record<Made>({
  kind: fc.constantFrom('smoke', 'gas', 'noise'),
  area: fc.constantFrom(...LEAVES, WEST, STREET, null),
  age: fc.option(fc.integer({ min: 0, max: 4000 })),
  online: fc.boolean(),
  alarm: fc.option(fc.record({ state: fc.constantFrom(...alarmStates), priority: fc.constantFrom(1, 2, 3, 4) })),
});

function street(list: readonly Made[]) {
  const sensors = list.map(
    (m, ix): Sensor => ({
      id: `s-${String(ix).padStart(4, '0')}`,
      ix,
      kind: m.kind,
      name: `设备 ${ix}`,
      lngLat: [104, 30.6],
      area: m.area === null ? null : areaCode(m.area),
    }),
  );
  const latest = new LatestStore();
  list.forEach((m, ix) => {
    if (m.age === null) return;
    const r = readings(1);
    r.length = 1;
    r.ix[0] = ix;
    r.at[0] = NOW - m.age * 1000;
    r.status[0] = m.online ? STATUS_ONLINE : 0;
    latest.readings(r);
  });
  const alarms = new Map(
    list.flatMap((m, ix): [string, Alarm][] => {
      if (!m.alarm) return [];
      const { id, area, lngLat } = sensors[ix]!;
      const at = epochMs(NOW - 1000);
      const { state, priority } = m.alarm;
      const rest = { value: 1, limit: 1, first: { value: 1, at }, raisedAt: at, changedAt: at, ackedBy: null, raised: 1, notes: 0 };
      return [[`${id}/high`, { ...calm, ...rest, id: `${id}/high`, sensor: id, rule: 'high', priority, state, area, lngLat }]];
    }),
  );
  return { world: worldOf(sensors), latest, alarms };
}
const hiddenStates = ['shelved', 'suppressed', 'out-of-service', 'normal'];
const stands = (m: Made) => m.alarm !== null && !hiddenStates.includes(m.alarm.state);
const lineAt = (l: Layout, is: string, key: string) => l.lines.findIndex((x) => x.is === is && x.key === key);

describe('the matrix of devices', () => {
  it('counts in each cell exactly the devices of that kind or group in that place', () => {
    fc.assert(
      fc.property(fc.array(made, { maxLength: 60 }), fc.constantFrom(null, STREET, WEST, EAST, LEAVES[0]), (list, shown) => {
        const { world, latest, alarms } = street(list);
        const layout = layoutOf(world, shown === null ? null : areaCode(shown));
        const cells = figuresOf(layout, latest, alarms, NOW);
        const tree = treeOf(world);
        const within = (m: Made, code: string) => m.area !== null && tree.isWithin(areaCode(m.area), areaCode(code));
        const inView = list.filter((m) => shown === null || within(m, shown));
        const groupOf = (m: Made) => (m.kind === 'noise' ? '环境' : '安全');
        layout.lines.forEach((line, l) => {
          layout.columns.forEach((column, c) => {
            const parts = layout.columns.filter((x) => x.is === 'area');
            const want = inView
              .filter((m) => line.is === 'all' || (line.is === 'kind' ? m.kind === line.key : groupOf(m) === line.key))
              .filter((m) => column.is === 'all' || (column.is === 'area' ? within(m, column.key) : !parts.some((p) => within(m, p.key))));
            const ages = want.flatMap((m) => (m.age === null ? [] : [m.age * 1000])).sort((a, b) => a - b);
            const cell = cells[l * layout.columns.length + c]!;
            expect(cell.n).toBe(want.length);
            expect(cell.online).toBe(want.filter((m) => m.age !== null && m.online).length);
            expect(cell.never).toBe(want.filter((m) => m.age === null).length);
            expect(cell.oldestAgeMs).toBe(ages.at(-1) ?? null);
            const half = ages.length / 2;
            expect(cell.medianAgeMs).toBe(ages.length === 0 ? null : (ages[Math.ceil(half) - 1]! + ages[Math.floor(half)]!) / 2);
            expect(cell.alarms).toEqual([1, 2, 3, 4].map((p) => want.filter((m) => stands(m) && m.alarm?.priority === p).length));
            expect(cell.unacked).toBe(want.filter((m) => m.alarm?.state === 'unack').length);
            expect(devicesOf(layout, { line: l, column: c }, latest, alarms, NOW).length).toBe(want.length);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it('has a line for a group only where there are several', () => {
    const one = street([{ kind: 'smoke', area: LEAVES[0], age: 1, online: true, alarm: null }]);
    expect(layoutOf(one.world, null).lines.map((l) => l.is)).toEqual(['all', 'kind']);
    const two = street(['noise', 'gas', 'smoke'].map((k) => ({ kind: k, area: LEAVES[0], age: 1, online: true, alarm: null })));
    expect(layoutOf(two.world, null).lines.map((l) => `${l.is} ${l.key}`)).toEqual([
      'all ',
      'group 安全',
      'kind smoke',
      'kind gas',
      'group 环境',
      'kind noise',
    ]);
  });

  it('shows what lies in no part of the place in a column of its own, and a place without parts in none', () => {
    const { world } = street([
      { kind: 'gas', area: LEAVES[0], age: 1, online: true, alarm: null },
      { kind: 'gas', area: null, age: 1, online: true, alarm: null },
    ]);
    expect(layoutOf(world, null).columns.map((c) => c.key)).toEqual(['', WEST, EAST, 'other']);
    expect(layoutOf(world, areaCode(LEAVES[0])).columns.map((c) => c.is)).toEqual(['all']);
  });

  it('lists devices by trouble: offline the longest first, never heard, silent, in alarm the most urgent first, then the rest', () => {
    const here = { kind: 'smoke', area: LEAVES[0] };
    const { world, latest, alarms } = street([
      { ...here, age: 5, online: true, alarm: null }, // 0: fine
      { ...here, age: 5, online: true, alarm: { state: 'acked', priority: 1 } },
      { ...here, age: 5, online: true, alarm: { state: 'unack', priority: 3 } },
      { ...here, age: 181, online: true, alarm: { state: 'unack', priority: 1 } }, // 3: over three of its minutes
      { ...here, age: null, online: false, alarm: null },
      { ...here, age: 500, online: false, alarm: null },
      { ...here, age: 900, online: false, alarm: null },
      { ...here, age: 180, online: true, alarm: { state: 'shelved', priority: 1 } }, // 7: just in time, its alarm is hidden
    ]);
    const layout = layoutOf(world, null);
    const rows = devicesOf(layout, { line: lineAt(layout, 'kind', 'smoke'), column: 0 }, latest, alarms, NOW);
    expect(rows.map((r) => `${r.trouble} ${r.sensor.ix}`)).toEqual([
      'offline 6',
      'offline 5',
      'never 4',
      'silent 3',
      'alarm 2',
      'alarm 1',
      'none 0',
      'none 7',
    ]);
  });

  it('never calls all online what is not', () => {
    expect(onlineRate({ n: 2000, online: 1999 })).toBe(99.9);
    expect(onlineRate({ n: 5, online: 5 })).toBe(100);
    expect(onlineRate({ n: 0, online: 0 })).toBeNull();
  });
});
