import { expect, it } from 'vitest';
import { areaCode, type LngLat } from '../../../model/brand.ts';
import type { IncidentState } from '../../../model/incident.ts';
import { emptyWorld } from '../../../model/world.ts';
import { routeOf } from '../../../web/map/route.ts';
import type { MapViewProps } from '../../../web/map-contract.ts';
import { nearestCameras } from '../../../web/panels/nearest.ts';

const to: LngLat = [104.03, 30.61];
function props(state: IncidentState, fixAt: number): MapViewProps {
  const world = {
    ...emptyWorld,
    incidents: new Map([['i-1', { id: 'i-1', state, unit: 'u-1', lngLat: to }]]),
    units: new Map([['u-1', { id: 'u-1', name: '网格员 18', ix: 0 }]]),
  };
  const units = { at: [fixAt], lng: [104.03 * 1e7], lat: [30.6145 * 1e7] };
  const view = { selection: { kind: 'incident', id: 'i-1' } };
  return { world, units, view, language: 'zh' } as unknown as MapViewProps;
}

it('draws the way of a dispatched unit with a known fix as what it is, a straight line', () => {
  const route = routeOf(props('dispatched', 1000));
  expect(route?.to).toEqual(to);
  expect(route?.from[1]).toBeCloseTo(30.6145, 6);
  expect(route?.text).toBe('网格员 18 · 直线 500 m');
});
it('draws none before dispatch, after handling, or for a unit never seen', () => {
  expect(routeOf(props('filed', 1000))).toBeNull();
  expect(routeOf(props('handled', 1000))).toBeNull();
  expect(routeOf(props('dispatched', 0))).toBeNull();
});
it('names the nearest cameras, nearest first', () => {
  const camera = (id: string, dLng: number) => ({
    id,
    name: id,
    ix: 0,
    area: areaCode('510107062'),
    lngLat: [104.03 + dLng, 30.61] as LngLat,
  });
  const cameras = new Map([camera('c-1', 0.003), camera('c-2', -0.001), camera('c-3', 0.002), camera('c-4', 0.004)].map((c) => [c.id, c]));
  const found = nearestCameras({ ...emptyWorld, cameras } as never, to, 3);
  expect(found.map((c) => c.id)).toEqual(['c-2', 'c-3', 'c-1']);
  expect(found[0]!.metres).toBeGreaterThan(90);
  expect(found[0]!.metres).toBeLessThan(100);
});
