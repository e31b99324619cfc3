import type { Feature, FeatureCollection, Position } from 'geojson';
import type { Mesh } from './mesh.ts';
import { pois } from './places.ts';
import { planLines } from './plan.ts';
import { add, area, contains, type Pt, sub, toLngLat, unit } from './plane.ts';
import type { Street } from './street.ts';

const position = (p: Pt, digits = 7): Position => toLngLat(p).map((n) => Number(n.toFixed(digits)));
const closed = (ring: readonly Pt[], digits = 7): Position[] => {
  const out = ring.map((p) => position(p, digits));
  out.push(out[0]!);
  return out;
};

/** Boundaries of every level: one feature an area, outermost first; corners shared by neighbours are the same numbers. */
export function boundaries(street: Street): FeatureCollection {
  const features = street.areas.map((a): Feature => {
    const rings = a.rings.map((r) => {
      const pts = r.map((c) => street.mesh.at[c]!);
      const units = r.map((c) => street.mesh.units[c]!);
      const line: Position[] = units.map(([u, v]) => [u / 1e7, v / 1e7]);
      line.push(line[0]!);
      return { pts, line, size: area(pts) };
    });
    const polygons = rings.filter((r) => r.size > 0).map((o) => ({ outer: o, lines: [o.line] }));
    for (const hole of rings.filter((r) => r.size < 0)) {
      const mid: Pt = [(hole.pts[0]![0] + hole.pts[1]![0]) / 2, (hole.pts[0]![1] + hole.pts[1]![1]) / 2];
      const host = polygons.filter((p) => contains(p.outer.pts, mid)).sort((p, q) => p.outer.size - q.outer.size)[0];
      host?.lines.push(hole.line);
    }
    return {
      type: 'Feature',
      properties: { code: a.code, name: a.name, level: a.level, parent: a.parent, households: a.households, people: a.people },
      geometry:
        polygons.length === 1
          ? { type: 'Polygon', coordinates: polygons[0]!.lines }
          : { type: 'MultiPolygon', coordinates: polygons.map((p) => p.lines) },
    };
  });
  return { type: 'FeatureCollection', features };
}

/** Everything the map draws beneath the boundaries. */
export function basemap(street: Street): FeatureCollection {
  const features: Feature[] = [];
  const put = (geometry: Feature['geometry'], properties: Record<string, unknown>) =>
    features.push({ type: 'Feature', properties, geometry });
  for (const f of street.far) {
    if (f.kerb.length < 3) continue;
    put({ type: 'Polygon', coordinates: [closed(f.kerb, 6)] }, { layer: 'far', kind: f.park ? 'park' : 'block' });
    if (f.buildings.length) {
      put(
        { type: 'MultiPolygon', coordinates: f.buildings.map((b) => [closed(b.ring, 6)]) },
        { layer: 'far', kind: 'building', floors: f.buildings[0]!.floors },
      );
    }
  }
  for (const c of street.courts) {
    if (c.kerb.length < 3) continue;
    put({ type: 'Polygon', coordinates: [closed(c.kerb)] }, { layer: 'block', area: c.code, kind: c.kind });
    if (c.kind === 'park') put({ type: 'Polygon', coordinates: [closed(c.kerb)] }, { layer: 'park', name: c.name, area: c.code });
  }
  for (const line of planLines()) {
    if (line.way.class !== 'river') continue;
    put({ type: 'Polygon', coordinates: [closed(band(line.points, 24))] }, { layer: 'park', kind: 'bank' });
    put({ type: 'Polygon', coordinates: [closed(band(line.points, 13))] }, { layer: 'water', name: line.way.name });
    put({ type: 'LineString', coordinates: line.points.map((p) => position(p)) }, { layer: 'river', name: line.way.name });
  }
  for (const c of street.courts) {
    for (const h of c.houses) {
      put(
        { type: 'Polygon', coordinates: [closed(h.ring)] },
        {
          layer: 'building',
          floors: h.floors,
          households: h.households,
          area: h.area,
          use: h.use,
          ...(h.name ? { name: `${c.name}${h.name}` } : {}),
        },
      );
    }
  }
  for (const road of roads(street.mesh)) {
    put({ type: 'LineString', coordinates: road.points.map((p) => position(p)) }, { layer: 'road', class: road.class, name: road.name });
  }
  for (const p of pois(street)) put({ type: 'Point', coordinates: position(p.at) }, { layer: 'poi', name: p.name, kind: p.kind });
  return { type: 'FeatureCollection', features };
}

/** A strip of constant width along a line. */
function band(points: readonly Pt[], half: number): Pt[] {
  const left: Pt[] = [];
  const right: Pt[] = [];
  points.forEach((p, i) => {
    const u = unit(sub(points[Math.min(i + 1, points.length - 1)]!, points[Math.max(i - 1, 0)]!));
    const n: Pt = [-u[1], u[0]];
    left.push(add(p, n, half));
    right.push(add(p, n, -half));
  });
  return [...right, ...left.reverse()];
}

export interface Road {
  readonly name: string;
  readonly class: 'ring' | 'main' | 'minor' | 'lane';
  readonly points: readonly Pt[];
}

/** Edges of the same way chained into lines. */
export function roads(mesh: Mesh): Road[] {
  const byWay = new Map<string, { class: Road['class']; name: string; next: Map<number, Set<number>> }>();
  for (const [a, b, way] of mesh.edges()) {
    if (way.class === 'wall' || way.class === 'river' || way.class === 'frame') continue;
    const k = `${way.class} ${way.name || way.id}`;
    let w = byWay.get(k);
    if (!w) {
      w = { class: way.class, name: way.name, next: new Map() };
      byWay.set(k, w);
    }
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      const set = w.next.get(p);
      if (set) set.add(q);
      else w.next.set(p, new Set([q]));
    }
  }
  const out: Road[] = [];
  for (const { class: cls, name, next } of byWay.values()) {
    const starts = [...next.keys()].sort((p, q) => (next.get(p)!.size === 1 ? 0 : 1) - (next.get(q)!.size === 1 ? 0 : 1) || p - q);
    for (const start of starts) {
      while (next.get(start)?.size) {
        const line = [start];
        let at = start;
        for (;;) {
          const set = next.get(at)!;
          if (set.size === 0) break;
          const here = mesh.at[at]!;
          const back = line.length > 1 ? unit(sub(here, mesh.at[line.at(-2)!]!)) : null;
          const to = [...set].sort((p, q) => {
            if (!back) return p - q;
            const turn = (c: number) => {
              const u = unit(sub(mesh.at[c]!, here));
              return -(u[0] * back[0] + u[1] * back[1]);
            };
            return turn(p) - turn(q);
          })[0]!;
          set.delete(to);
          next.get(to)!.delete(at);
          line.push(to);
          at = to;
        }
        out.push({ name, class: cls, points: line.map((c) => mesh.at[c]!) });
      }
    }
  }
  return out;
}
