import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { chengduLevels, type Level, zLevel } from '../model/area.ts';
import type { LngLat } from '../model/brand.ts';
import { type BoundaryReport, checkBoundaries } from './boundaries/check.ts';
import type { Boundary, ReadOptions } from './boundaries/read.ts';
import { reportLines } from './boundaries/report-lines.ts';
import { type Crs, crsNames, toWgs84 } from './crs.ts';
import { isLngLat } from './lng-lat.ts';
import { buildLocator } from './locate.ts';
import { CITY_COUNTS, synthCity } from './synth-city.ts';

export const HELP = `用法 Usage: npm run geo -- <command> [options]

  import FILE     检查 GeoJSON 边界并导入运行中的中心；有错误时拒绝，什么都不改
                  check boundaries and publish them in the running centre; errors refuse the import and change nothing
  check FILE      只检查，不发送 | only check (the same as import --dry-run)
  locate LNG LAT  一个点在哪个区域 | which area holds a point; of the running centre, or of --file FILE
  synth --city    生成合成城市（${CITY_COUNTS.street} 街道、${CITY_COUNTS.community} 社区、${CITY_COUNTS.grid} 一般网格、${CITY_COUNTS.micro} 微网格）
                  write a synthetic city as GeoJSON, for benchmarks

Boundaries: FeatureCollection of Polygon or MultiPolygon, [lng, lat] in degrees. Properties of a feature and what to do when
they are named otherwise:
  --code-property P        area code (default code); e.g. --code-property osm_relation
  --name-property P        name (default name)
  --level-property P       level key (default level)        --level KEY  level of features without one, e.g. street
  --parent-property P      code of the parent (default parent; none = top)
  --households-property P  number of households (default households)
  --people-property P      number of residents (default people)
  --crs ${crsNames.join('|')}  datum of the file (default wgs84; CGCS2000 is taken as WGS-84)
  --levels FILE            levels of the centre as JSON, outermost first (default: Chengdu's street > community > grid > micro)
  --lang zh|en             language of the report (default zh)

import and locate speak to a centre:
  --url URL                default http://127.0.0.1:\${PORT} (8080)
  --token-file FILE        admin token (default \${DATA_DIR}/admin.token, DATA_DIR = data)
  --valid-from ISO         when the boundaries come into force (default now)
  --dry-run                import: check only

synth:
  --out FILE               default: standard output            --seed N  default 1
  --only LEVEL             street, community, grid or micro only

Exit code 0 = done, 1 = errors (nothing was changed).`;

export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

const options = {
  help: { type: 'boolean', short: 'h' },
  'code-property': { type: 'string' },
  'name-property': { type: 'string' },
  'level-property': { type: 'string' },
  'parent-property': { type: 'string' },
  'households-property': { type: 'string' },
  'people-property': { type: 'string' },
  level: { type: 'string' },
  levels: { type: 'string' },
  crs: { type: 'string', default: 'wgs84' },
  lang: { type: 'string', default: 'zh' },
  url: { type: 'string' },
  'token-file': { type: 'string' },
  'valid-from': { type: 'string' },
  'dry-run': { type: 'boolean' },
  city: { type: 'boolean' },
  out: { type: 'string' },
  seed: { type: 'string', default: '1' },
  only: { type: 'string' },
  file: { type: 'string' },
} as const;
type Flags = ReturnType<typeof parse>['values'];

/** Runs one command line; answers the exit code. Whatever goes wrong is told in one line on `io.err`. */
export async function geoCommand(args: readonly string[], io: Io): Promise<number> {
  try {
    const { values, positionals } = parse(args);
    const [command, ...rest] = positionals;
    if (values.help || !command) {
      io.out(HELP);
      return values.help ? 0 : 1;
    }
    if (command === 'check' || command === 'import')
      return await importFile(rest, { ...values, 'dry-run': values['dry-run'] || command === 'check' }, io);
    if (command === 'locate') return await locate(rest, values, io);
    if (command === 'synth') return await synth(values, io);
    throw new Error(`${command}: no such command; import, check, locate or synth`);
  } catch (error) {
    io.err(`geo: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function parse(args: readonly string[]) {
  // A negative coordinate is no option.
  const guarded = args.map((a) => (/^-\d/.test(a) ? ` ${a}` : a));
  return parseArgs({ args: guarded, options, allowPositionals: true, strict: true });
}

/** A server that has no centre yet gets one, named after the outermost area; its categories and limits are set later. */
async function foundCentre(report: BoundaryReport, flags: Flags, io: Io, headers: Record<string, string>) {
  const session = await ask(io, new URL('/api/v1/session', urlOf(flags, io)), { headers });
  if (session.status !== 200 || (session.json as { centre: string | null }).centre !== null) return;
  const root = report.areas.find((a) => a.parent === null);
  if (!root) return;
  const centre = {
    code: root.code,
    name: { zh: root.name, en: root.name },
    levels: await levelsOf(flags),
    utcOffsetMinutes: 480,
    categories: [],
    sensorKinds: [],
  };
  const url = new URL('/api/v1/centre', urlOf(flags, io));
  const answer = await ask(io, url, { method: 'POST', headers, body: JSON.stringify(centre) });
  if (answer.status !== 200) throw new Error(`${url} refused (${answer.status}): ${textOf((answer.json as { error?: unknown }).error)}`);
  io.out(`已设立中心 centre set up: ${root.code} ${root.name}`);
}

async function importFile([file, ...more]: readonly string[], flags: Flags, io: Io): Promise<number> {
  if (!file || more.length) throw new Error('FILE: give one GeoJSON file');
  const report = await readAndCheck(file, flags);
  for (const line of reportLines(report, langOf(flags))) io.out(line);
  if (!report.ok) {
    io.err(`geo: ${file} refused; nothing was changed`);
    return 1;
  }
  if (flags['dry-run']) return 0;
  const validFrom = new Date(flags['valid-from'] ?? Date.now());
  if (Number.isNaN(validFrom.getTime()))
    throw new Error(`--valid-from ${flags['valid-from']}: give a date and time, e.g. 2026-11-22T00:00:00+08:00`);
  const url = new URL('/api/v1/boundaries', urlOf(flags, io));
  const body = JSON.stringify({ geojson: report.collection, validFrom: validFrom.toISOString() });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(flags, io)}` };
  await foundCentre(report, flags, io, headers);
  const answer = await ask(io, url, { method: 'POST', headers, body });
  if (answer.status !== 200) {
    const { report: remote, error } = answer.json as { report?: Pick<BoundaryReport, 'findings' | 'total'>; error?: unknown };
    if (remote) for (const line of reportLines(remote, langOf(flags))) io.out(line);
    throw new Error(`${url} refused (${answer.status}); nothing was changed: ${textOf(error)}`);
  }
  const done = answer.json as { version: number; hash: string; areas: number };
  io.out(`已导入 imported: version ${done.version}, ${done.areas} areas, ${done.hash.slice(0, 12)}`);
  return 0;
}

async function locate(rest: readonly string[], flags: Flags, io: Io): Promise<number> {
  const [lng, lat] = rest.map((t) => Number(t.trim()));
  if (rest.length !== 2 || !isLngLat(lng!, lat!))
    throw new Error('LNG LAT: give longitude and latitude in degrees, e.g. locate 104.0299 30.6144');
  const at = toWgs84([lng!, lat!], crsOf(flags));
  const path = flags.file ? await locateInFile(flags.file, at, flags) : await locateByServer(at, flags, io);
  if (!path.length) {
    io.out('在所有区域之外 | in no area');
    return 1;
  }
  for (const { code, name, level } of path) io.out(`${code}  ${level}  ${name}`);
  return 0;
}

interface Step {
  readonly code: string;
  readonly name: string;
  readonly level: string;
}

async function locateInFile(file: string, at: LngLat, flags: Flags): Promise<Step[]> {
  const report = await readAndCheck(file, flags);
  if (!report.ok) throw new Error(`${file} has errors; see check ${file}`);
  const areas = new Map<string, BoundaryReport['areas'][number]>(report.areas.map((a) => [a.code, a]));
  const locator = buildLocator(report.collection.features.map(({ properties, geometry }) => ({ ...properties, geometry })));
  const path: Step[] = [];
  for (let area = areas.get(locator.locate(at) ?? ''); area; area = areas.get(area.parent ?? '')) path.unshift(area);
  return path;
}

async function locateByServer([lng, lat]: LngLat, flags: Flags, io: Io): Promise<readonly Step[]> {
  const url = new URL(`/api/v1/areas/locate?lng=${lng}&lat=${lat}`, urlOf(flags, io));
  const answer = await ask(io, url, {});
  if (answer.status === 404) return [];
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${textOf((answer.json as { error?: unknown }).error)}`);
  return (answer.json as { path: Step[] }).path;
}

async function synth(flags: Flags, io: Io): Promise<number> {
  if (!flags.city) throw new Error('synth: say what, --city');
  const seed = Number(flags.seed);
  if (!Number.isInteger(seed)) throw new Error(`--seed ${flags.seed}: give a whole number`);
  const level = flags.only as keyof typeof CITY_COUNTS | undefined;
  if (level !== undefined && !(level in CITY_COUNTS)) throw new Error(`--only ${level}: ${Object.keys(CITY_COUNTS).join(', ')}`);
  const city = synthCity({ seed });
  const features = level ? city.features(level) : city.all();
  if (!flags.out) {
    for (const line of collectionText(features)) io.out(line);
    return 0;
  }
  const file = createWriteStream(flags.out);
  await once(file, 'open');
  let count = 0;
  for (const line of collectionText(features)) {
    count++;
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  io.out(`${flags.out}: ${count - 2} areas, ${(file.bytesWritten / 1e6).toFixed(1)} MB`);
  return 0;
}

/** One feature a line, so that a city is never one string. */
function* collectionText(features: Iterable<Boundary>): Generator<string> {
  yield '{"type":"FeatureCollection","features":[';
  let before = '';
  for (const { geometry, ...properties } of features) {
    yield `${before}${JSON.stringify({ type: 'Feature', properties, geometry })}`;
    before = ',';
  }
  yield ']}';
}

async function readAndCheck(file: string, flags: Flags): Promise<BoundaryReport> {
  const properties = {
    code: flags['code-property'],
    name: flags['name-property'],
    level: flags['level-property'],
    parent: flags['parent-property'],
    households: flags['households-property'],
    people: flags['people-property'],
  };
  const options: ReadOptions = { crs: crsOf(flags), level: flags.level, properties };
  return checkBoundaries(await readJson(file), await levelsOf(flags), options);
}

async function levelsOf(flags: Flags): Promise<readonly Level[]> {
  if (!flags.levels) return chengduLevels;
  const levels = z
    .array(zLevel)
    .min(1)
    .safeParse(await readJson(flags.levels));
  if (!levels.success) throw new Error(`--levels ${flags.levels}: ${z.prettifyError(levels.error)}`);
  return levels.data;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? error.message})`);
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`);
  }
}

async function tokenOf(flags: Flags, io: Io): Promise<string> {
  const file = flags['token-file'] ?? join(io.env.DATA_DIR ?? 'data', 'admin.token');
  return (
    await readFile(file, 'utf8').catch(() => {
      throw new Error(`no admin token at ${file}: is the centre running with this DATA_DIR? (--token-file)`);
    })
  ).trim();
}

async function ask(io: Io, url: URL, init: RequestInit): Promise<{ readonly status: number; readonly json: unknown }> {
  const response = await io.fetch(url, init).catch(() => {
    throw new Error(`no centre answers at ${url.origin}: start it, or give --url`);
  });
  const json = await response.json().catch(() => ({}));
  return { status: response.status, json };
}

function urlOf(flags: Flags, io: Io): URL {
  const text = flags.url ?? `http://127.0.0.1:${io.env.PORT ?? 8080}`;
  if (!URL.canParse(text)) throw new Error(`--url ${text}: not a URL`);
  return new URL(text);
}

function crsOf({ crs }: Flags): Crs {
  if (!crsNames.includes(crs as Crs)) throw new Error(`--crs ${crs}: ${crsNames.join(', ')}`);
  return crs as Crs;
}

function langOf({ lang }: Flags): 'zh' | 'en' {
  if (lang !== 'zh' && lang !== 'en') throw new Error(`--lang ${lang}: zh or en`);
  return lang;
}

const textOf = (error: unknown) => (typeof error === 'string' ? error : JSON.stringify(error ?? null));
