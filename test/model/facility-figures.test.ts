import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alarm, alarmId, calm, stateOf } from '../../model/alarm.ts';
import { areaCode, epochMs, type LngLat } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { type Facility, zFacility } from '../../model/facility.ts';
import {
  facilityFigures,
  facilityIndex,
  facilityMatches,
  floorsOf,
  nearbyAsked,
  per100,
  type Said,
  type SensorSaid,
} from '../../model/facility-figures.ts';
import type { Sensor } from '../../model/world.ts';
import { fixtureCentre, LEAVES, middleOf } from '../support/fixture-street.ts';

const [gas] = fixtureCentre.sensorKinds;
const kind = (code: string, more: object = {}) => ({ ...gas!, code, high: undefined, ...more });
const centre = zCentre.parse({
  ...fixtureCentre,
  categories: [
    { code: 'cable', name: { zh: '飞线充电', en: 'Cable' }, priority: 3, near: 'charging-shed' },
    { code: 'bikes', name: { zh: '乱停', en: 'Parked badly' }, priority: 4, near: 'parking' },
    { code: 'other', name: { zh: '其他', en: 'Other' }, priority: 4 },
  ],
  sensorKinds: [kind('sockets', { measures: 'occupied' }), kind('load', { unit: 'kW' }), kind('machine')],
});
const at = LEAVES[0]!;
const sensor = (id: string, kind: string, more: Partial<Sensor> = {}): Sensor => ({
  id,
  ix: 0,
  kind,
  name: id,
  lngLat: middleOf(0) as unknown as LngLat,
  area: areaCode(at),
  ...more,
});
const facility = (more: object = {}): Facility =>
  zFacility.parse({ id: 'f', kind: 'charging-shed', name: '充电棚', lngLat: middleOf(0), area: at, ...more });
const alarm = (sensor: string, rule: string, more: Partial<Alarm> = {}): Alarm => {
  const condition = { ...calm, active: true, acked: false, ...more };
  return {
    id: alarmId(sensor, rule),
    sensor,
    rule,
    priority: 3,
    value: 1,
    limit: 1,
    first: { value: 1, at: epochMs(500) },
    raisedAt: epochMs(600),
    changedAt: epochMs(600),
    ackedBy: null,
    raised: 1,
    notes: 0,
    area: areaCode(at),
    lngLat: middleOf(0) as unknown as LngLat,
    ...condition,
    state: stateOf(condition),
  };
};
const NOW = Date.parse('2026-11-20T10:00:00+08:00'); // a Friday
function figures(f: Facility, sensors: readonly Sensor[], heard: Readonly<Record<string, SensorSaid>>, alarms: readonly Alarm[] = []) {
  const said: Said = (s) => heard[s.id];
  const world = { centre, alarms: new Map(alarms.map((a) => [a.id, a])) };
  return facilityFigures(f, world, facilityIndex({ sensors: new Map(sensors.map((s) => [s.id, s])) }), said, NOW);
}
const is = (value: number, more: Partial<SensorSaid> = {}): SensorSaid => ({ value, at: 1000, online: true, ...more });

describe('what is taken', () => {
  const sensors = [
    sensor('a', 'sockets', { facility: 'f' }),
    sensor('b', 'sockets', { facility: 'f' }),
    sensor('l', 'load', { facility: 'f' }),
  ];
  it('is the sum of what counts it, against the capacity, as old as its oldest reading', () => {
    const f = figures(facility({ capacity: 40 }), sensors, { a: is(7, { at: 900 }), b: is(3, { online: false }), l: is(2.5) });
    expect(f.occupied).toEqual({ value: 10, share: 25, at: 900, online: false });
    expect(f.readings.map((r) => [r.sensor.id, r.value])).toEqual([['l', 2.5]]);
  });
  it('is not told from a part, nor against an unknown capacity', () => {
    expect(figures(facility({ capacity: 40 }), sensors, { a: is(7) }).occupied).toBeNull();
    expect(figures(facility(), sensors, { a: is(7), b: is(1) }).occupied).toMatchObject({ value: 8, share: null });
    expect(figures(facility(), [], {}).occupied).toBeNull();
  });
});

describe('a machine', () => {
  const offers = [{ name: { zh: '洗衣', en: 'Laundry' }, device: 'd-1' }];
  const sensors = [sensor('m', 'machine', { device: 'd-1' }), sensor('n', 'machine', { device: 'd-1' })];
  const machine = (heard: Readonly<Record<string, SensorSaid>>, alarms: readonly Alarm[] = []) =>
    figures(facility({ kind: 'self-service', offers }), sensors, heard, alarms).offers[0]!.machine;
  it('is up when all its sensors are on line and none is in alarm', () => {
    expect(machine({ m: is(1), n: is(1, { at: 2000 }) })).toEqual({ up: true, why: null, since: null, at: 2000 });
    expect(machine({ m: is(1), n: is(1, { online: false, at: 700 }) })).toEqual({ up: false, why: 'offline', since: 700, at: 1000 });
    expect(machine({ m: is(1), n: is(1) }, [alarm('m', 'down')])).toEqual({ up: false, why: 'alarm', since: 500, at: 1000 });
  });
  it('is down all the same when somebody shelved its alarm, and up again when that has cleared', () => {
    const shelf = { kind: 'timed' as const, until: epochMs(NOW + 1), reason: 'r', by: 'b' };
    expect(machine({ m: is(0), n: is(1) }, [alarm('m', 'down', { shelf })])).toMatchObject({ up: false, why: 'alarm' });
    expect(machine({ m: is(1), n: is(1) }, [alarm('m', 'down', { active: false })])).toMatchObject({ up: true });
  });
  it('of which nothing was heard is neither up nor down', () => {
    expect(machine({})).toBeNull();
    expect(figures(facility({ offers: [{ name: offers[0]!.name }] }), sensors, { m: is(1) }).offers[0]!.machine).toBeNull();
  });
});

it('alarms that stand at it are those of its sensors and machines, not the hidden ones, most urgent first', () => {
  const sensors = [sensor('l', 'load', { facility: 'f' }), sensor('m', 'machine', { device: 'd-1' }), sensor('x', 'load')];
  const outOfService = { reason: 'r', by: 'b' };
  const alarms = [alarm('l', 'low'), alarm('m', 'down', { priority: 1 }), alarm('l', 'off', { outOfService }), alarm('x', 'high')];
  const f = figures(facility({ offers: [{ name: { zh: 'a', en: 'a' }, device: 'd-1' }] }), sensors, {}, alarms);
  expect(f.alarms.map((a) => a.id)).toEqual(['m/down', 'l/low']);
});

it('an offer is open by its own hours, else by those of the house', () => {
  const hours = [{ from: '09:00', to: '17:00' }];
  const offers = [{ name: { zh: '夜宵', en: 'Late' }, hours: [{ from: '18:00', to: '02:00' }] }, { name: { zh: '问询', en: 'Desk' } }];
  const f = figures(facility({ hours, offers }), [], {});
  expect([f.always, f.open, f.changesAt]).toEqual([false, true, Date.parse('2026-11-20T17:00:00+08:00')]);
  expect(f.offers.map((o) => [o.open, o.changesAt])).toEqual([
    [false, Date.parse('2026-11-20T18:00:00+08:00')],
    [true, Date.parse('2026-11-20T17:00:00+08:00')],
  ]);
  expect(figures(facility(), [], {})).toMatchObject({ always: true, open: true, changesAt: null });
});

describe('incidents about it', () => {
  const DAY = 86_400_000;
  it('are compared over thirty days before and after a shed was opened, of which only so many may have passed', () => {
    const opened = NOW - 12 * DAY;
    const [before, after] = nearbyAsked(facility({ since: opened }), centre, NOW, 0);
    expect(before).toMatchObject({ period: 'before', categories: ['cable'], from: opened - 30 * DAY, to: opened, days: 30 });
    expect(after).toMatchObject({ period: 'after', from: opened, to: NOW, days: 12 });
    expect(before!.near).toEqual([...middleOf(0), 150]);
    expect(nearbyAsked(facility({ since: NOW - 90 * DAY }), centre, NOW, 0)[1]).toMatchObject({ to: NOW - 60 * DAY, days: 30 });
    expect(nearbyAsked(facility({ since: NOW + DAY }), centre, NOW, 0).map((a) => a.period)).toEqual(['month']);
  });
  it('begin no earlier than the oldest report: what was not recorded is not nothing', () => {
    const opened = NOW - 12 * DAY;
    expect(nearbyAsked(facility({ since: opened }), centre, NOW, opened - 5 * DAY)[0]).toMatchObject({ from: opened - 5 * DAY, days: 5 });
    expect(nearbyAsked(facility({ since: opened }), centre, NOW, opened + DAY)).toMatchObject([{ period: 'after', days: 11 }]);
    // both spans were over by then: what is left is how it is about it now
    expect(nearbyAsked(facility({ since: NOW - 400 * DAY }), centre, NOW, NOW - 20 * DAY)).toMatchObject([{ period: 'month', days: 20 }]);
  });
  it('of a car park are those of thirty days, per 100 bays; of other kinds there are none', () => {
    const [month] = nearbyAsked(facility({ kind: 'parking' }), centre, NOW, 0);
    expect(month).toMatchObject({ period: 'month', categories: ['bikes'], days: 30, to: NOW });
    expect(per100(13, 200)).toBe(6.5);
    expect(per100(13, undefined)).toBeNull();
    expect(nearbyAsked(facility({ kind: 'stop' }), centre, NOW, 0)).toEqual([]);
  });
  it('never overlap, and end by now', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: NOW + 40 * DAY }), (since) => {
        const asked = nearbyAsked(facility({ since }), centre, NOW, 0);
        for (const a of asked) {
          expect(a.from).toBeGreaterThanOrEqual(0);
          expect(a.to).toBeLessThanOrEqual(NOW);
          expect(a.to).toBeGreaterThan(a.from);
        }
        const [before, after] = asked;
        if (before && after) expect(after.from).toBe(before.to);
      }),
    );
  });
});

it('is found by kind, place, tab, what is open under that tab, and any of its names', () => {
  const offers = [
    { name: { zh: '健康小屋', en: 'Health corner' }, tab: 'health', hours: [{ from: '12:00', to: '13:00' }] },
    { name: { zh: '餐厅', en: 'Canteen' }, tab: 'elderly' },
  ];
  const f = facility({ kind: 'service-centre', name: '幸福家', offers });
  const found = (filter: Parameters<typeof facilityMatches>[1]) => facilityMatches(f, filter, 480);
  expect(found({ kind: 'service-centre', tab: 'health', q: ' 健康 ' })).toBe(true);
  expect(found({ kind: 'parking' })).toBe(false);
  expect(found({ tab: 'safety' })).toBe(false);
  expect(found({ tab: 'health', openAt: NOW })).toBe(false);
  expect(found({ tab: 'elderly', openAt: NOW })).toBe(true);
  expect(found({ q: 'CANTEEN' })).toBe(true);
  expect(found({ tab: 'health', q: 'canteen' })).toBe(false);
  expect(found({ isIn: (area) => area === null })).toBe(false);
});

it('floors are listed from the top down', () => {
  const offer = (floor?: string) => ({ name: { zh: floor ?? '—', en: floor ?? '—' }, ...(floor ? { floor } : {}) });
  const f = facility({ offers: ['1F', 'B1', '3F', '12F', undefined, '1F'].map(offer) });
  expect(floorsOf(f).map((r) => [r.floor, r.offers.length])).toEqual([
    ['12F', 1],
    ['3F', 1],
    ['1F', 2],
    ['B1', 1],
    [null, 1],
  ]);
});
