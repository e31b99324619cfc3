/**
 * How a question about now is asked as of a moment of the past. One list for screens and server: a test asks every route of it.
 * `asOf`: the route takes `asOf`; `to`: it is about a period, which then ends at the moment at the latest; `any`: its answer
 * has no time (names, files by hash). A route that is in none of them cannot say the past, and a screen says so.
 */
const routes: readonly (readonly ['asOf' | 'to' | 'any', RegExp])[] = [
  ['any', /^\/api\/v1\/(people|search|views|blobs\/.+)$/],
  ['to', /^\/api\/v1\/(ledger|alarms\/report|tracks|sensors\/[^/]+\/readings)$/],
  ['asOf', /^\/api\/v1\/(incidents\/[^/]+\/candidates|areas\/who)$/],
  ['asOf', /^\/api\/v1\/incidents(\/(counts|stuck|channels|[^/]+))?$/],
  ['asOf', /^\/api\/v1\/(kpis|facilities|cares|cares\/figures|alarms\/log|alarm-rules|cameras|devices)$/],
  // files: the name of each says the moment
  ['asOf', /^\/api\/v1\/(incidents\.csv|alarms\/log\.csv|tracks\.(gpx|geojson|csv)|sensors\/[^/]+\/readings\.csv)$/],
];

type Params = Readonly<Record<string, string | number | undefined>>;

/** @param at epoch ms @returns the parameters to ask with; null = the route only knows now */
export function paramsAsOf(path: string, params: Params, at: number): Params | null {
  const form = routes.find(([, of]) => of.test(path))?.[0];
  if (!form) return null;
  if (form === 'any') return params;
  if (form === 'asOf') return { ...params, asOf: at };
  const end = typeof params.to === 'number' ? params.to : params.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(params.to);
  return end <= at ? params : { ...params, to: typeof params.to === 'number' ? at : new Date(at).toISOString() };
}
