import { areaCode } from '../../model/brand.ts';
import type { CentreInput } from '../../model/centre.ts';
import type { IncidentSource } from '../../model/incident.ts';
import type { Request } from './requests.ts';

/** The least centre these requests need: one district over all of them, four quarters in it, no limit but what the city set itself. */
export const BOSTON = 'boston';
/** Where the quarters meet, [lng, lat]; the data has four decimals, so no request lies on the line. */
const MIDDLE = [-71.08505, 42.31285] as const;
const EDGE = { west: -71.25, south: 42.2, east: -70.95, north: 42.42 };

const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** A short code for each name, all different: `tree-maintenance-requests`, at most 40 characters. */
export function codesFor(names: Iterable<string>): Map<string, string> {
  const codes = new Map<string, string>();
  const taken = new Set<string>();
  for (const name of [...new Set(names)].sort()) {
    const base = slug(name).slice(0, 36) || 'unnamed';
    let code = base;
    for (let n = 2; taken.has(code); n++) code = `${base}-${n}`;
    taken.add(code);
    codes.set(name, code);
  }
  return codes;
}

export const quarterOf = ([lng, lat]: Request['lngLat']) =>
  areaCode(`${BOSTON}-${lat < MIDDLE[1] ? 's' : 'n'}${lng < MIDDLE[0] ? 'w' : 'e'}`);

export function cityBoundaries() {
  const { west, south, east, north } = EDGE;
  const [x, y] = MIDDLE;
  const area = (code: string, name: string, level: string, parent: string | null, ring: readonly (readonly [number, number])[]) => ({
    type: 'Feature',
    properties: { code, name, level, parent },
    geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]!]] },
  });
  const quarter = (key: string, name: string, ring: readonly (readonly [number, number])[]) =>
    area(`${BOSTON}-${key}`, name, 'community', BOSTON, ring);
  return {
    type: 'FeatureCollection',
    features: [
      area(BOSTON, 'Boston', 'street', null, [
        [west, south],
        [x, south],
        [east, south],
        [east, y],
        [east, north],
        [x, north],
        [west, north],
        [west, y],
      ]),
      quarter('sw', 'South-west', [[west, south], [x, south], [x, y], [west, y]]), // biome-ignore format: a ring in a line
      quarter('se', 'South-east', [[x, south], [east, south], [east, y], [x, y]]), // biome-ignore format: a ring in a line
      quarter('nw', 'North-west', [[west, y], [x, y], [x, north], [west, north]]), // biome-ignore format: a ring in a line
      quarter('ne', 'North-east', [[x, y], [east, y], [east, north], [x, north]]), // biome-ignore format: a ring in a line
    ],
  };
}

/** Category and department codes of the requests, by the city's names for them. */
export interface Codes {
  readonly types: ReadonlyMap<string, string>;
  readonly departments: ReadonlyMap<string, string>;
}

export const codesOf = (requests: readonly Request[]): Codes => ({
  types: codesFor(requests.map((r) => r.type)),
  departments: codesFor(requests.map((r) => r.department)),
});

export function cityCentre({ types, departments }: Codes): CentreInput {
  const both = (text: string) => ({ zh: text, en: text });
  return {
    code: areaCode(BOSTON),
    name: both('Boston'),
    levels: [
      { key: 'street', name: { zh: '市', en: 'City' }, digits: 0 },
      { key: 'community', name: { zh: '片区', en: 'Quarter' }, digits: 0 },
    ],
    utcOffsetMinutes: -240, // summer time, all of June 2015; the deadlines are instants and need none
    categories: [...types].map(([name, code]) => ({ code, name: both(name), priority: 3, limits: {} })),
    departments: [...departments].map(([name, code]) => ({ code, name: both(name) })),
    sensorKinds: [],
  };
}

/** Who the city says a request came from. */
export const sourceOf: Readonly<Record<string, IncidentSource>> = {
  'Constituent Call': 'hotline',
  'Citizens Connect App': 'resident',
  'Self Service': 'resident',
  'Employee Generated': 'operator',
  'City Worker App': 'worker',
  'Maximo Integration': 'other',
};
