import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AreaCode, epochMs, type LngLat } from '../../../model/brand.ts';
import type { Incident } from '../../../model/incident.ts';
import { incidentMarks } from '../../../web/map/layers/incidents.ts';
import { cluster } from '../../../web/map/marks/cluster.ts';
import { overlaps, type Rect, ringArc, textWidth } from '../../../web/map/marks/geometry.ts';
import { CLUSTER_U, layoutMarks, MAX_LABELS } from '../../../web/map/marks/layout.ts';
import { placeLabels, placeName } from '../../../web/map/marks/placement.ts';
import { anIncident } from '../../support/incident.ts';

const point = fc.record({
  x: fc.double({ min: 0, max: 1000, noNaN: true }),
  y: fc.double({ min: 0, max: 800, noNaN: true }),
  rank: fc.integer({ min: 1, max: 4 }),
});
const markers = fc.array(point, { maxLength: 60 }).map((list) => list.map((p, i) => ({ ...p, id: `i-${i}` })));

describe('clusters', () => {
  it('hold every marker once, and no two heads stand nearer than the distance', () => {
    fc.assert(
      fc.property(markers, (list) => {
        const out = cluster(list, CLUSTER_U);
        expect(out.flatMap((c) => c.members.map((m) => m.id)).sort()).toEqual(list.map((m) => m.id).sort());
        for (const a of out)
          for (const b of out) if (a !== b) expect(Math.hypot(a.head.x - b.head.x, a.head.y - b.head.y)).toBeGreaterThanOrEqual(CLUSTER_U);
      }),
    );
  });
  it('are headed by their most important member, whatever the order of arrival', () => {
    fc.assert(
      fc.property(markers, (list) => {
        const out = cluster(list, CLUSTER_U);
        for (const c of out) for (const m of c.members) expect(c.head.rank).toBeLessThanOrEqual(m.rank);
        expect(cluster([...list].reverse(), CLUSTER_U)).toEqual(out);
      }),
    );
  });
});

describe('labels', () => {
  const bounds: Rect = { x: 0, y: 0, w: 1000, h: 800 };
  it('never cover each other, a panel or the edge', () => {
    const panel: Rect = { x: 700, y: 0, w: 300, h: 200 };
    fc.assert(
      fc.property(markers, (list) => {
        const placed = placeLabels(
          list.map((m) => ({ ...m, r: 20, w: 130, h: 48 })),
          [],
          [panel],
          bounds,
          8,
        );
        placed.forEach((a, i) => {
          expect(overlaps(a.rect, panel)).toBe(false);
          expect(a.rect.x).toBeGreaterThanOrEqual(0);
          expect(a.rect.x + a.rect.w).toBeLessThanOrEqual(1000);
          for (const b of placed.slice(i + 1)) expect(overlaps(a.rect, b.rect)).toBe(false);
        });
      }),
    );
  });
  it('go to the other side when the preferred one covers a marker', () => {
    const wish = { id: 'a', x: 500, y: 400, r: 20, w: 130, h: 48 };
    const free = placeLabels([wish], [], [], bounds, 8)[0];
    const hindered = placeLabels([wish], [{ x: 510, y: 330, w: 160, h: 140 }], [], bounds, 8)[0];
    expect(free?.side).toBe('right');
    expect(hindered?.side).toBe('left');
  });
  it('put a name on its first free place, and nowhere when a panel covers all of them', () => {
    const places = [
      [100, 100],
      [300, 100],
    ] as const;
    expect(placeName(places, 80, 40, [{ x: 90, y: 90, w: 20, h: 20 }], [])?.x).toBe(300);
    expect(placeName(places, 80, 40, [], [{ x: 0, y: 0, w: 500, h: 300 }])).toBeUndefined();
  });
});

describe('the ring of remaining time', () => {
  const end = (d: string) => d.split(' ').slice(-2).map(Number) as [number, number];
  it('runs clockwise from 12 o’clock: a quarter ends at 3, a half at 6, three quarters at 9', () => {
    for (const [f, x, y] of [
      [0.25, 10, 0],
      [0.5, 0, 10],
      [0.75, -10, 0],
    ] as const) {
      const [ex, ey] = end(ringArc(f, 10));
      expect(ex).toBeCloseTo(x, 1);
      expect(ey).toBeCloseTo(y, 1);
    }
    expect(ringArc(0, 10)).toBe('');
  });
  it('takes the long way round beyond half a turn', () => {
    expect(ringArc(0.4, 10)).toContain(' 0 0 1 ');
    expect(ringArc(0.6, 10)).toContain(' 0 1 1 ');
  });
});

const at = epochMs(1_000_000_000);
const incident = (id: string, priority: 1 | 2 | 3 | 4, minutes: number, more: Partial<Incident> = {}): Incident =>
  anIncident({ id, priority, at, reportedAt: at, deadline: epochMs(at + minutes * 60_000), state: 'dispatched', ...more });

describe('incident marks', () => {
  it('put the chosen one first, then by priority and time left', () => {
    const list = [incident('c', 3, 60), incident('b', 2, 90), incident('a', 2, 30)];
    expect(incidentMarks(list, at, new Set()).map((m) => m.id)).toEqual(['a', 'b', 'c']);
    expect(incidentMarks(list, at, new Set(['c'])).map((m) => m.id)).toEqual(['c', 'a', 'b']);
  });
  it('call an incident overdue after its deadline, label it, and stop the clock when it was handled', () => {
    const late = at + 61 * 60_000;
    const handled = incident('h', 3, 60, {
      state: 'handled',
      marks: [{ step: 'handle', state: 'handled', at: epochMs(at + 60_000), actor: 'x' }],
    });
    const [h, o] = ['h', 'o'].map((id) => incidentMarks([handled, incident('o', 3, 60)], late, new Set()).find((m) => m.id === id));
    expect(o).toMatchObject({ overdue: true, stopped: false, fraction: 0, labelled: true });
    expect(h).toMatchObject({ overdue: false, stopped: true, labelled: false });
    expect(h?.left).toBe(59 * 60_000);
  });
});

describe('the layout of a screen', () => {
  it('labels at most six and hides no name under a label', () => {
    const incidents = incidentMarks(
      Array.from({ length: 12 }, (_, i) =>
        incident(`i-${i}`, 2, 30 + i, { lngLat: [100 + (i % 4) * 220, 100 + Math.floor(i / 4) * 220] as LngLat }),
      ),
      at,
      new Set(),
    );
    const layout = layoutMarks({
      incidents,
      names: [
        {
          code: '1' as AreaCode,
          name: '永丰',
          note: '在办 6',
          inside: [
            [120, 100],
            [500, 700],
          ],
        },
      ],
      devices: [],
      fan: null,
      keepOut: [],
      project: (p) => [p[0], p[1]],
      width: 1000,
      height: 800,
      u: 1,
      time: () => '剩 18:12',
    });
    expect(layout.labels).toHaveLength(MAX_LABELS);
    expect(layout.names[0]?.at).toEqual([500, 700]);
  });
  it('never lets labels, names and panels on the map cover one another, and labels an emergency before it names a place', () => {
    const spot = fc.tuple(fc.integer({ min: 60, max: 940 }), fc.integer({ min: 60, max: 740 })) as fc.Arbitrary<LngLat>;
    fc.assert(
      fc.property(
        fc.array(spot, { maxLength: 14 }),
        fc.array(fc.array(spot, { minLength: 1, maxLength: 5 }), { maxLength: 5 }),
        (at2, places) => {
          const keepOut = [{ x: 0, y: 600, w: 300, h: 200 }];
          const layout = layoutMarks({
            incidents: incidentMarks(
              at2.map((lngLat, i) => incident(`i-${i}`, i === 0 ? 1 : 2, 30 + i, { lngLat })),
              at,
              new Set(),
            ),
            names: places.map((inside, i) => ({ code: String(i) as AreaCode, name: '永丰', note: '在办 6', inside })),
            devices: [],
            fan: null,
            keepOut,
            project: (p) => [p[0], p[1]],
            width: 1000,
            height: 800,
            u: 1,
            time: () => '剩 18:12',
          });
          const names = layout.names.map(({ at: [x, y] }): Rect => ({ x: x - 30, y: y - 22, w: 60, h: 44 }));
          const boxes = [...layout.labels.map((l) => l.rect), ...names, ...keepOut];
          for (const [i, a] of boxes.entries()) for (const b of boxes.slice(i + 1)) expect(overlaps(a, b)).toBe(false);
          const emergency = layout.clusters.find((c) => c.head.mark.priority === 1);
          if (emergency && emergency.head.y < 480) expect(layout.labels[0]?.id).toBe(emergency.head.id);
        },
      ),
    );
  });
  it('estimates text no narrower than its CJK characters', () => {
    expect(textWidth('可燃气体超限', 18)).toBe(108);
    expect(textWidth('18:12', 18)).toBeLessThan(54);
  });
});
