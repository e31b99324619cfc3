import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, type LngLat } from '../../../model/brand.ts';
import type { Priority } from '../../../model/centre.ts';
import { type DeviceMark, deviceMarks } from '../../../web/map/layers/alarms.ts';
import { alarmsOf, DEVICE_CLUSTER_U, deviceHtml, fanPlaces, layoutDevices } from '../../../web/map/marks/devices.ts';
import { anAlarm } from '../../support/alarm.ts';

const shelf = { kind: 'timed', until: epochMs(9), reason: '检修', by: 'op' } as const;
const raised = { chosen: null, hover: null };
const arbDevices = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 999 }),
      y: fc.integer({ min: 0, max: 799 }),
      priority: fc.integer({ min: 1, max: 4 }),
      n: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 80 },
  )
  .map((list) =>
    list.map(
      (d, i): DeviceMark => ({
        id: `s-${i}`,
        alarm: `s-${i}/high`,
        lngLat: [d.x, d.y] as LngLat,
        priority: d.priority as Priority,
        look: 'active',
        urgent: d.priority === 1,
        n: d.n,
        rank: d.priority * 10,
      }),
    ),
  );
const screen = { project: (p: LngLat) => [p[0], p[1]] as const, width: 1000, height: 800, u: 1, discs: [], fan: null };

describe('a sensor that is not in order', () => {
  it('is drawn by its worst alarm: priority first, what is hidden last', () => {
    const [mark] = deviceMarks([
      anAlarm({ rule: 'a', priority: 3 }),
      anAlarm({ rule: 'b', priority: 2, acked: true }),
      anAlarm({ rule: 'c', priority: 1, shelf }),
    ]);
    expect(mark).toMatchObject({ alarm: 's-1/b', priority: 2, look: 'active', urgent: false, n: 3 });
  });
  it('flashes only for a P1 that nobody has acknowledged, and is faded when all of it is hidden', () => {
    expect(deviceMarks([anAlarm({ priority: 1 })])[0]).toMatchObject({ urgent: true, look: 'active' });
    expect(deviceMarks([anAlarm({ priority: 1, acked: true })])[0]).toMatchObject({ urgent: false });
    expect(deviceMarks([anAlarm({ priority: 1, shelf })])[0]).toMatchObject({ urgent: false, look: 'hidden' });
    expect(deviceMarks([anAlarm({ active: false })])[0]).toMatchObject({ look: 'returned' });
  });
});

describe('device marks on a screen', () => {
  it('stand for every alarm once, none nearer than 28 u to another, headed by the worst', () => {
    fc.assert(
      fc.property(arbDevices, (devices) => {
        const spots = layoutDevices({ ...screen, devices });
        expect(spots.reduce((n, s) => n + alarmsOf(s), 0)).toBe(devices.reduce((n, d) => n + d.n, 0));
        for (const [i, a] of spots.entries()) {
          for (const m of a.members) expect(a.head.priority).toBeLessThanOrEqual(m.priority);
          for (const b of spots.slice(i + 1))
            expect(Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1])).toBeGreaterThanOrEqual(DEVICE_CLUSTER_U);
        }
      }),
    );
  });
  it('can all be told apart when a cluster is opened, even where all stand on one point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (n) => {
        const places = fanPlaces(n);
        expect(places).toHaveLength(n);
        const apart = (p: readonly number[], q: readonly number[]) => Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!);
        const nearest = places.map((p, i) => Math.min(apart(p, [0, 0]) - 8, ...places.slice(i + 1).map((q) => apart(p, q))));
        expect(Math.min(...nearest)).toBeGreaterThan(18);
      }),
      { numRuns: 30 },
    );
    const devices = deviceMarks(['a', 'b', 'c'].map((sensor) => anAlarm({ sensor, lngLat: [500, 400] })));
    const fan = { at: [500, 400] as LngLat, ids: new Set(['a', 'b', 'c']) };
    const spots = layoutDevices({ ...screen, devices, fan });
    expect(spots.map((s) => s.members.length)).toEqual([1, 1, 1]);
    expect(new Set(spots.map((s) => s.offset.join())).size).toBe(3);
  });
  it('come out from under the incident that lies over them', () => {
    const devices = deviceMarks([anAlarm({ lngLat: [500, 400] })]);
    const disc = { x: 500, y: 400, r: 23 };
    const [spot] = layoutDevices({ ...screen, devices, discs: [disc] });
    expect(Math.hypot(...spot!.offset)).toBeGreaterThan(disc.r + 8);
  });
  it('say how many they are and what is chosen, and have the shape of the worst', () => {
    const two = layoutDevices({
      ...screen,
      devices: deviceMarks([anAlarm({ sensor: 'a', lngLat: [500, 400] }), anAlarm({ sensor: 'b', priority: 1, lngLat: [505, 400] })]),
    });
    expect(two).toHaveLength(1);
    const html = deviceHtml(two[0]!, { chosen: 'a', hover: null });
    expect(html).toContain('>2</text>');
    expect(html).toContain('class="f1 shape"');
    expect(html).toContain('class="chosen"');
    expect(html).toContain('class="flash"');
    expect(deviceHtml(layoutDevices({ ...screen, devices: deviceMarks([anAlarm({ shelf, lngLat: [5, 5] })]) })[0]!, raised)).toContain(
      'faded',
    );
  });
});
