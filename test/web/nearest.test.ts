import { expect, it } from 'vitest';
import { areaCode, type LngLat } from '../../model/brand.ts';
import { emptyWorld } from '../../model/world.ts';
import { nearestCameras } from '../../web/panels/nearest.ts';

const to: LngLat = [104.03, 30.61];

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
