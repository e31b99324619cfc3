import type { Map as MapLibreMap } from 'maplibre-gl';
import { expect, it } from 'vitest';
import { FLIGHT_MS, Flights } from '../../../web/map/camera.ts';
import type { Geometry } from '../../../web/map/style.ts';

/** A map that shows one square degree from [104, 30]. */
function sight(reducedMotion: boolean) {
  const eased: { center: [number, number]; duration: number }[] = [];
  let started = 0;
  const map = {
    getBounds: () => ({ contains: ([x, y]: [number, number]) => x >= 104 && x <= 105 && y >= 30 && y <= 31 }),
    easeTo: (to: { center: [number, number]; duration: number }) => eased.push({ center: to.center, duration: to.duration }),
  } as unknown as MapLibreMap;
  const flights = new Flights(
    map,
    {} as HTMLElement,
    () => ({ geometry: {} as Geometry, u: 1, reducedMotion }),
    () => started++,
  );
  return { flights, eased, started: () => started };
}

it('what is chosen out of sight is brought into it, what is in sight moves nothing', () => {
  const s = sight(false);
  s.flights.toSight([104.5, 30.5]);
  expect([s.eased, s.flights.flying]).toEqual([[], false]);
  s.flights.toSight([106, 30.5]);
  expect([s.eased, s.flights.flying, s.started()]).toEqual([[{ center: [106, 30.5], duration: FLIGHT_MS }], true, 1]);
});

it('with reduced motion the map is there at once', () => {
  const s = sight(true);
  s.flights.toSight([106, 30.5]);
  expect([s.eased[0]?.duration, s.started()]).toEqual([0, 0]);
});
