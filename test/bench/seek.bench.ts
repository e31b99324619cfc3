import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { deflateRawSync } from 'node:zlib';
import { areaCode } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { decodeMoment } from '../../model/film.ts';
import { decodeFrame, encodeFrame, encodeSegment, positions, REST_AGE_MS, readings, STATUS_ONLINE } from '../../model/frame.ts';
import { latest, replayFrame } from '../../model/latest.ts';
import type { Fact } from '../../model/ledger.ts';
import { worldFromJson, worldToJson } from '../../model/world.ts';
import { onDutyOf, staff } from '../../seed/people.ts';
import { walksOf } from '../../seed/play/past-walks.ts';
import { buildStreet } from '../../seed/street/street.ts';
import { walkGraph } from '../../seed/street/walk.ts';
import { type Film, openFilm } from '../../server/film/film.ts';
import { frameOfTable } from '../../server/film/table.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { openPlaces } from '../../server/places.ts';
import { openStore, type PgStore } from '../../server/store/postgres.ts';
import { encodeReelRows, REEL_MS } from '../../server/telemetry/film-reel.ts';
import { filmStore } from '../../server/telemetry/film-store.ts';
import { fixtureBoundaries, fixtureCentre } from '../support/fixture-street.ts';

export const title = 'seek: any second of 30 days on a street, beside the live join; and by how many days are kept';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const END = Math.floor(Date.now() / REEL_MS) * REEL_MS;
const DAYS = 30;
const UNITS = 48;
const SENSORS = 920;
const INCIDENTS_A_DAY = 160;
const STEPS = 12;
const operator = { id: 'op', role: 'operator', area: areaCode('') } as const;

let state = 7;
function draw(n: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}
const quantile = (list: readonly number[], q: number) =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))]!;
const ms = (n: number) => `${n < 10 ? n.toFixed(1) : Math.round(n)} ms`;

/** Thirty days of a ledger of the demonstration's size: about 2,000 entries a day. */
async function fillLedger(store: PgStore) {
  let now = END - DAYS * DAY;
  const ledger = await openLedger(store, { now: () => now });
  const units = Array.from({ length: UNITS }, (_, n) => ({ id: `u-${n}`, name: `${n}`, role: 'grid' as const, area: null }));
  const sensors = Array.from({ length: SENSORS }, (_, n) => ({
    id: `s-${n}`,
    kind: 'gas',
    name: `探测器 ${n}`,
    lngLat: [104.001, 30.602] as const,
    area: null,
  }));
  const areas = fixtureBoundaries.features.map((f) => f.properties);
  const hash = 'a'.repeat(64);
  await store.putBlob(hash, 'application/geo+json', Buffer.from(JSON.stringify(fixtureBoundaries)));
  const places = await openPlaces(ledger, store);
  places.prepare(hash, fixtureBoundaries.features as never);
  const facts = [
    { kind: 'centre.configured', body: zCentre.parse(fixtureCentre) },
    { kind: 'boundaries.published', body: { version: 1, hash, validFrom: now, areas } },
    { kind: 'units.registered', body: { units } },
    { kind: 'sensors.registered', body: { sensors } },
  ];
  await ledger.append('bench', () => facts as unknown as Fact[], now);
  const gap = DAY / INCIDENTS_A_DAY / STEPS;
  const leaf = areas.find((a) => a.level === 'micro')!.code;
  const open: string[] = [];
  for (let n = 0; now < END - gap; n++) {
    now += gap;
    const at = Math.floor(now);
    if (n % STEPS === 0) {
      const incident = `i-${n}`;
      open.push(incident);
      const body = {
        incident,
        title: '井盖破损，请派人查看',
        category: 'manhole',
        priority: 2,
        source: 'hotline',
        at,
        lngLat: [104.001, 30.602],
        area: leaf,
        deadline: null,
        handleClock: null,
      };
      void ledger.append('bench', () => [{ kind: 'incident.reported', body }] as unknown as Fact[], at);
    } else if (n % STEPS === STEPS - 1 && open.length > 120) {
      const incident = open.shift()!;
      void ledger
        .append(
          'bench',
          () => [{ kind: 'incident.voided', body: { incident, reason: '重复', approvedBy: 'bench' } }] as unknown as Fact[],
          at,
        )
        .catch(() => {});
    } else {
      const incident = open[draw(open.length)]!;
      void ledger
        .append(
          'bench',
          () => [{ kind: 'incident.noted', body: { incident, note: '已到场，正在处理，附近居民配合' } }] as unknown as Fact[],
          at,
        )
        .catch(() => {});
    }
    if (n % 500 === 0) await ledger.append('bench', () => [], at);
  }
  await ledger.close();
}

/** Film of so many days as it lies after packing: each unit a fix every four seconds, sensors every minute. One day, thirty times: the times within are those of the last. */
async function fillFilm(store: PgStore) {
  const street = buildStreet();
  const fixes = walksOf(street, walkGraph(street), onDutyOf(staff(street, UNITS).units, 1), 1, END);
  const at: [number, number][] = Array.from({ length: UNITS }, () => [1_040_010_000, 306_020_000]);
  for (let i = 0; i < UNITS; i++) {
    const f = fixes.next();
    if (!f.done) at[i] = [Math.round(f.value.lngLat[0] * 1e7), Math.round(f.value.lngLat[1] * 1e7)];
  }
  const frame = (t: number, units: readonly number[], sensors: readonly number[]) => {
    const p = positions(units.length);
    for (const ix of units) {
      const place = at[ix]!;
      place[0] += draw(1200) - 600;
      place[1] += draw(1200) - 600;
      const i = p.length++;
      p.ix[i] = ix;
      p.lng[i] = place[0];
      p.lat[i] = place[1];
      p.heading[i] = draw(360);
      p.speed[i] = 1.2;
      p.at[i] = t - draw(1000);
      p.status[i] = STATUS_ONLINE;
    }
    const r = readings(sensors.length);
    for (const ix of sensors) {
      const i = r.length++;
      r.ix[i] = ix;
      r.value[i] = draw(300) / 10;
      r.at[i] = t - draw(1000);
      r.status[i] = STATUS_ONLINE;
    }
    return encodeFrame(t, [encodeSegment(1, t, p, r, REST_AGE_MS)], REST_AGE_MS);
  };
  const every = (n: number, of: number, s: number) => Array.from({ length: n }, (_, i) => i).filter((i) => i % of === s % of);
  let raw = 0;
  let packed = 0;
  for (let start = END - DAY; start < END; start += REEL_MS) {
    const frames = Array.from({ length: 600 }, (_, s) => ({
      at: start + s * 1000 + 1,
      bytes: frame(start + s * 1000 + 1, every(UNITS, 4, s), every(SENSORS, 60, s)),
    }));
    const keyframes = Array.from({ length: 10 }, (_, m) => ({
      at: start + m * 60_000 + 2,
      bytes: frame(start + m * 60_000 + 2, every(UNITS, 1, 0), every(SENSORS, 1, 0)),
    }));
    const rows = encodeReelRows(start, { frames, keyframes });
    const bytes = deflateRawSync(rows, { level: 6 });
    for (let ago = 0; ago < DAYS; ago++) {
      raw += rows.length;
      packed += bytes.length;
      await store.reels.pack({ start: start - ago * DAY, keyframe: start - ago * DAY + 2, raw: rows.length, bytes }, [], []);
    }
  }
  return { raw, packed };
}

/** The whole of a seek as a visitor has it: the answer, read into what a screen draws from. */
async function seek(film: Film, at: number) {
  const moment = decodeMoment(await film.moment(operator, at));
  const table = latest();
  replayFrame(table, decodeFrame(moment.frame));
  return [worldFromJson(moment.world), table];
}
const timed = async (work: () => unknown) => {
  const t = performance.now();
  await work();
  return performance.now() - t;
};

export async function run(print: (line: string) => void) {
  const dir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  const store = await openStore({ dataDir: dir, databaseUrl: null });
  try {
    const t = performance.now();
    await fillLedger(store);
    const { raw, packed } = await fillFilm(store);
    const ledger = await openLedger(store, { now: () => END });
    const places = await openPlaces(ledger, store);
    print(
      `${ledger.world.seq.toLocaleString('en')} entries and ${DAYS} days of film made in ${ms(performance.now() - t)}; reels ${(packed / 1e6).toFixed(0)} MB, ${((packed / raw) * 100).toFixed(0)} % of what they hold`,
    );
    const film = filmStore(store, store.reels);
    const none = { positions: { read: async () => new Map(), before: async () => new Map() }, readings: { spans: async () => new Map() } };
    const open = () => openFilm({ ledger, store, film, places, ...none, now: () => END });
    const live = async () => {
      const table = latest();
      const key = await film.keyframeBefore(END);
      replayFrame(table, decodeFrame(key!.bytes));
      return { world: ledger.world, table };
    };
    const now = await live();
    // a join: the world as JSON and the table as a frame, read again on the screen's side
    const join1 = () => {
      const json = JSON.stringify(worldToJson(now.world));
      const bytes = frameOfTable(now.table, now.world, places.locate, null, END);
      const table = latest();
      replayFrame(table, decodeFrame(bytes));
      return [worldFromJson(JSON.parse(json)), table];
    };
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const took: Record<string, number[]> = { join: [], 'any second': [], 'next second': [], 'next hour': [] };
    for (let i = 0; i < 5; i++) await seek(open(), END - draw(DAYS * DAY));
    delay.enable();
    for (let i = 0; i < 60; i++) {
      const at = END - 1 - draw(DAYS * DAY - HOUR);
      const one = open();
      took.join!.push(await timed(join1));
      took['any second']!.push(await timed(() => seek(one, at)));
      took['next second']!.push(await timed(() => seek(one, at + 1000)));
      took['next hour']!.push(await timed(() => seek(one, at + HOUR > END ? at - HOUR : at + HOUR)));
    }
    delay.disable();
    const base = quantile(took.join!, 0.5);
    for (const [what, list] of Object.entries(took))
      print(
        `${what}: p50 ${ms(quantile(list, 0.5))}, p99 ${ms(quantile(list, 0.99))}, ${(quantile(list, 0.5) / base).toFixed(1)} x the live join`,
      );
    print(`meanwhile the server was held ${ms(delay.percentile(99) / 1e6)} (p99), ${ms(delay.max / 1e6)} (most)`);
    await ledger.close();

    for (const days of [30, 7, 1]) {
      await store.reels.dropBefore(END - days * DAY);
      const ledger = await openLedger(store, { now: () => END });
      const film = openFilm({ ledger, store, film: filmStore(store, store.reels), places, ...none, now: () => END });
      const list: number[] = [];
      for (let i = 0; i < 40; i++) list.push(await timed(() => seek(film, END - 1 - draw(days * DAY - HOUR))));
      print(`${days} days of film kept: p50 ${ms(quantile(list, 0.5))}, p99 ${ms(quantile(list, 0.99))}`);
      await ledger.close();
    }
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
