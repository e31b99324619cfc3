import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaCode } from '../../model/brand.ts';
import { incidentSources, incidentStates } from '../../model/incident.ts';
import { incidentSorts, usualOrder } from '../../model/incident-query.ts';
import { formatAddress, parseAddress } from '../../web/store/address.ts';
import { incidentModes, sensingTabs, speeds, usualQuery, type ViewState } from '../../web/store/view-store.ts';

const id = fc.stringMatching(/^[0-9A-Za-z._:/-]{1,40}$/);
const selection = fc.oneof(
  fc.constant(null),
  fc.record({ kind: fc.constantFrom('incident' as const, 'alarm' as const, 'unit' as const, 'sensor' as const, 'camera' as const), id }),
  fc.record({ kind: fc.constant('area' as const), id: fc.stringMatching(/^[0-9A-Za-z-]{2,32}$/).map(areaCode) }),
);
const camera = fc.oneof(
  fc.constant(null),
  fc.record({
    zoom: fc.integer({ min: 0, max: 2400 }).map((n) => n / 100),
    lng: fc.integer({ min: -18_000_000, max: 18_000_000 }).map((n) => n / 1e5),
    lat: fc.integer({ min: -9_000_000, max: 9_000_000 }).map((n) => n / 1e5),
  }),
);
const moment = fc.oneof(
  fc.constant(null),
  fc.record({
    at: fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) }),
    play: fc.constantFrom(null, ...speeds),
    offset: fc.integer({ min: -14 * 60, max: 14 * 60 }).map((n) => n || 0),
  }),
);
const someArea = fc.stringMatching(/^[0-9A-Za-z-]{2,32}$/).map(areaCode);
const area = fc.oneof(fc.constant(null), someArea);
const query = fc
  .record(
    {
      state: fc.uniqueArray(fc.constantFrom(...incidentStates), { minLength: 1 }),
      priority: fc.uniqueArray(fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const), { minLength: 1 }),
      source: fc.uniqueArray(fc.constantFrom(...incidentSources), { minLength: 1 }),
      group: fc.uniqueArray(fc.constantFrom('综治', '城管', 'a&b=c'), { minLength: 1 }),
      area: someArea,
      overdue: fc.boolean(),
      open: fc.boolean(),
      q: fc.constantFrom('占道 经营', '50%', 'x+y'),
    },
    { requiredKeys: [] },
  )
  .chain((rest) => fc.constantFrom(...incidentSorts).map((sort) => ({ ...rest, sort, order: usualOrder[sort] })));

const open = (address: string) => parseAddress(new URL(address, 'http://wall') as unknown as Location);
const usual = { mode: 'list', query: usualQuery, tab: 'matrix', patrolTab: 'units', params: {} } as const;

const sameCamera = (back: ViewState['camera'], made: ViewState['camera']) => {
  if (made === null) return expect(back).toBeNull();
  expect(back?.zoom).toBeCloseTo(made.zoom, 2);
  expect(back?.lng).toBeCloseTo(made.lng, 5);
  expect(back?.lat).toBeCloseTo(made.lat, 5);
};

describe('the address', () => {
  it('gives back the wall it was made from', () => {
    fc.assert(
      fc.property(fc.record({ area, selection, camera, moment }), (a) => {
        const back = open(formatAddress({ ...usual, scene: 'overview', ...a }));
        expect(back).toMatchObject({ scene: 'overview', area: a.area, selection: a.selection, moment: a.moment });
        expect(back).not.toHaveProperty('query');
        sameCamera(back.camera, a.camera);
      }),
    );
  });
  it('gives back the list it was made from, whose place is the place of the map', () => {
    fc.assert(
      fc.property(fc.record({ selection, camera, moment, query, mode: fc.constantFrom(...incidentModes) }), (a) => {
        const back = open(formatAddress({ ...usual, scene: 'incidents', area: null, ...a }));
        expect(back).toMatchObject({
          scene: 'incidents',
          mode: a.mode,
          selection: a.selection,
          moment: a.moment,
          area: a.query.area ?? null,
        });
        expect(back.query).toEqual(a.query);
        sameCamera(back.camera, a.camera);
      }),
    );
  });
  it('gives back the tab it was made from, with all it is narrowed to', () => {
    const params = fc.dictionary(
      fc.stringMatching(/^[a-z][A-Za-z0-9_-]{0,23}$/).filter((k) => !['view', 'at', 'sel', 'z', 't', 'play'].includes(k)),
      fc.oneof(fc.constantFrom('可燃气体 超限', 'a&b=c', '50%'), fc.stringMatching(/^.{1,40}$/)),
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.record({ area, selection, camera, moment, params, tab: fc.constantFrom(...sensingTabs) }), (a) => {
        const back = open(formatAddress({ ...usual, scene: 'sensing', ...a }));
        expect(back).toMatchObject({ scene: 'sensing', tab: a.tab, area: a.area, selection: a.selection, moment: a.moment });
        expect(back.params).toEqual(a.params);
        sameCamera(back.camera, a.camera);
      }),
    );
    expect(open('/sensing?view=nothing&Kind=x&kind=')).toEqual({
      scene: 'sensing',
      area: null,
      selection: null,
      camera: null,
      moment: null,
      tab: 'matrix',
      params: {},
    });
  });
  it('reads anything else as absent', () => {
    const none = { scene: 'overview', area: null, selection: null, camera: null, moment: null };
    expect(open('/')).toEqual(none);
    expect(open('/wall?at=<script>&sel=house:1&z=1,2')).toEqual(none);
    expect(open('/wall?sel=incident:&z=99,0,0')).toEqual(none);
    expect(open('/wall?z=,,')).toEqual(none);
    fc.assert(
      fc.property(fc.string(), (s) => {
        expect(Object.keys(parseAddress({ pathname: '/wall', search: `?${s}` })).sort()).toEqual([
          'area',
          'camera',
          'moment',
          'scene',
          'selection',
        ]);
      }),
    );
  });
  it('writes a moment by the clock of the centre, and reads it by any', () => {
    const at = Date.UTC(2026, 10, 18, 6, 26, 8);
    const address = formatAddress({
      ...usual,
      scene: 'overview',
      area: null,
      selection: null,
      camera: null,
      moment: { at, play: 8, offset: 480 },
    });
    expect(address).toBe('/wall?t=2026-11-18T14:26:08%2B08:00&play=8');
    expect(open('/wall?t=2026-11-18T14:26:08+08:00&play=8').moment).toEqual({ at, play: 8, offset: 480 });
    expect(open('/patrol?t=2026-11-18T06:26:08Z&play=7').moment).toEqual({ at, play: null, offset: 0 });
    expect(open('/wall?t=2026-11-18T14:26:08').moment).toBeNull();
    expect(open('/wall?t=2026-13-40T14:26:08Z').moment).toBeNull();
  });
  it('keeps what it can read of a mistyped list', () => {
    expect(open('/incidents?state=nowhere&priority=1&overdue=perhaps').query).toEqual({ priority: [1], sort: 'reportedAt', order: 'desc' });
    expect(open('/incidents?limit=7&cursor=x&view=nothing')).toMatchObject({ mode: 'list', query: { sort: 'reportedAt', order: 'desc' } });
    fc.assert(
      fc.property(fc.webQueryParameters(), (s) => {
        expect(parseAddress({ pathname: '/incidents', search: `?${s}` }).scene).toBe('incidents');
      }),
      { numRuns: 20 },
    );
  });
});
