import { expect, it } from 'vitest';
import type { LngLat } from '../../model/brand.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { type Finder, openFinder } from '../../server/finder/finder.ts';
import { fixtureBoundaries } from '../support/fixture-street.ts';

const road = (lat: number) => ({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { layer: 'road', name: '试验路' },
      geometry: {
        type: 'LineString',
        coordinates: [
          [104, lat],
          [104.01, lat],
        ],
      },
    },
  ],
});
const ends: [LngLat, LngLat] = [
  [104, 30.6],
  [104.01, 30.6],
];

/** A finder on a ledger and a store of the test's own. `publish` is what the ledger tells its followers. */
function open(blobs: Record<string, string>) {
  let world: World = emptyWorld;
  let tell: (entries: never, world: World) => void = () => {};
  const errors: string[] = [];
  const notes: string[] = [];
  const finder: Finder = openFinder({
    ledger: {
      get world() {
        return world;
      },
      follow: (listener) => {
        tell = listener as typeof tell;
        return () => {};
      },
    },
    store: {
      getBlob: async (hash) => (blobs[hash] === undefined ? null : { type: 'application/geo+json', bytes: Buffer.from(blobs[hash]) }),
    },
    note: (line) => notes.push(line),
    onError: (error) => errors.push(error.message),
  });
  const publish = (what: 'basemap' | 'boundaries', hash: string) => {
    world = { ...world, [what]: what === 'basemap' ? { hash } : { version: 1, hash, validFrom: emptyWorld.at } };
    tell([{ kind: `${what}.published` }] as never, world);
  };
  return { finder, publish, errors, notes };
}

it('takes in what the ledger names, once, and the next version of it', async () => {
  const { finder, publish, errors, notes } = open({
    south: JSON.stringify(road(30.6)),
    north: JSON.stringify(road(30.61)),
    street: JSON.stringify(fixtureBoundaries),
  });
  try {
    expect((await finder.walks(ends[1], [ends[0]]))[0]!.by).toBe('straight');
    publish('boundaries', 'street');
    publish('basemap', 'south');
    expect((await finder.walks(ends[1], [ends[0]]))[0]!.by).toBe('road');
    expect((await finder.search('西社区', 1))[0]).toMatchObject({ kind: 'area', name: '西社区' });
    publish('basemap', 'north');
    expect((await finder.walks(ends[1], [ends[0]]))[0]!.by).toBe('straight'); // the new road is out of reach
    expect((await finder.search('试验路', 3)).map((s) => s.lngLat[1])).toEqual([30.61]);
    expect(notes).toHaveLength(3);
    expect(errors).toEqual([]);
  } finally {
    await finder.close();
  }
  await expect(finder.search('西', 1)).rejects.toThrow('closed');
});

it('what cannot be taken in is told, and questions are still answered from the rest', async () => {
  const { finder, publish, errors } = open({ broken: '{"features": [', street: JSON.stringify(fixtureBoundaries) });
  try {
    publish('boundaries', 'street');
    publish('basemap', 'broken');
    expect((await finder.search('sysc', 1))[0]?.name).toBe('试验商场');
    expect((await finder.walks(ends[1], [ends[0]]))[0]!.by).toBe('straight');
    publish('basemap', 'nowhere');
    expect((await finder.search('sysc', 1))[0]?.name).toBe('试验商场');
    expect(errors).toEqual([expect.stringContaining('JSON'), 'the basemap nowhere named by the ledger is not in the store']);
  } finally {
    await finder.close();
  }
});
