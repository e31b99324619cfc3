import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { deflateRawSync } from 'node:zlib';
import { POSITION_SPAN_MS } from '../../model/position-chunk.ts';
import { openStore, type PgStore } from '../../server/store/postgres.ts';
import { openColdPositions } from '../../server/telemetry/cold-positions.ts';
import { encodeReelRows } from '../../server/telemetry/film-reel.ts';
import { RestLog } from '../../server/telemetry/rest-log.ts';

export const title = 'positions at rest: chunks and film beside one row a position; the day of one unit among 10,000';

const HOUR = 3_600_000;
const END = Math.floor(Date.now() / POSITION_SPAN_MS) * POSITION_SPAN_MS;
const UNITS = 10_000;
/** of these the rows and frames beside the chunks */
const SHOWN = 200;
const HOURS = 24;
const GAP_MS = 300_000;

/** The same in every run: who walks on at 1.3 m/s, a metre or two off, rests now and then. */
let state = 7;
function draw(n: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
}
const at = Array.from(
  { length: UNITS },
  () => [1_040_000_000 + draw(900_000), 306_000_000 + draw(900_000), draw(256)] as [number, number, number],
);
function step(ix: number, seconds: number): [lng: number, lat: number, heading: number, speed: number] {
  const p = at[ix]!;
  const rests = draw(10) < 3;
  if (draw(8) === 0) p[2] = draw(256);
  const angle = (p[2] / 256) * 2 * Math.PI;
  const metres = rests ? 0 : 1.3 * seconds;
  p[0] += Math.round(Math.sin(angle) * metres * 104) + draw(200) - 100;
  p[1] += Math.round(Math.cos(angle) * metres * 90) + draw(200) - 100;
  return [p[0], p[1], (p[2] * 360) / 256, rests ? 0 : 1.3];
}
const median = (list: number[]) => list.sort((a, b) => a - b)[list.length >> 1]!;
const ms = (n: number) => `${n < 10 ? n.toFixed(1) : Math.round(n)} ms`;
const sizeOf = async (store: PgStore, table: string) => {
  await store.pool.query(`VACUUM ${table}`);
  return Number((await store.pool.query('SELECT pg_total_relation_size($1::regclass) AS n', [table])).rows[0].n);
};

export async function run(print: (line: string) => void) {
  const dir = mkdtempSync(join(tmpdir(), 'genglou-bench-'));
  const store = await openStore({ dataDir: dir, databaseUrl: null });
  try {
    await store.pool.query(
      'CREATE TABLE one_row (unit integer NOT NULL, at bigint NOT NULL, lng integer NOT NULL, lat integer NOT NULL, heading real NOT NULL, speed real NOT NULL, PRIMARY KEY (unit, at))',
    );
    let now = END - HOURS * HOUR;
    const cold = await openColdPositions({
      chunks: store.positionChunks,
      store: { framesBetween: async () => [] },
      filmFrom: async () => null,
      now: () => now,
      retentionDays: 35,
      log: { warn: (_, m) => print(m) },
      every: () => () => {},
      units: () => UNITS,
    });
    await cold.caughtUp;
    let count = 0;
    let film = 0;
    let filmed = 0;
    for (let hour = 0; hour < HOURS; hour++) {
      for (let n = 0; n < HOUR / GAP_MS; n++) {
        const start = now;
        const rows: number[][] = [[], [], [], [], [], []];
        for (let ix = 0; ix < UNITS; ix++) {
          const t = start + ((ix * 7919) % GAP_MS);
          const fix = step(ix, GAP_MS / 1000);
          cold.add(ix, t, ...fix);
          count += 1;
          for (const [k, v] of [ix, t, ...fix].entries()) rows[k]!.push(v);
        }
        now += GAP_MS;
        await store.pool.query(
          'INSERT INTO one_row SELECT * FROM unnest($1::int[], $2::bigint[], $3::int[], $4::int[], $5::real[], $6::real[])',
          rows,
        );
      }
      await cold.flush();
    }
    // ten minutes of the film of fewer units that speak every five seconds
    const frames = Array.from({ length: 600 }, (_, s) => {
      const rest = new RestLog();
      const t = END + s * 1000;
      for (let ix = s % 5; ix < SHOWN; ix += 5) {
        const [lng, lat, heading, speed] = step(ix, 5);
        rest.fix({ key: 1, ix, lng, lat, heading, speed, at: t - draw(1000), status: 1 });
        filmed += 1;
      }
      const bytes = rest.take(t);
      film += bytes.length;
      return { at: t, bytes };
    });
    const packed = deflateRawSync(encodeReelRows(END, { frames, keyframes: [] }), { level: 6 }).length;
    const row = (await sizeOf(store, 'one_row')) / count;
    const bytes = Number((await store.pool.query('SELECT sum(length(bytes)) AS n FROM position_chunks')).rows[0].n) / count;
    const disk = (await sizeOf(store, 'position_chunks')) / count;
    print(`${count.toLocaleString('en')} positions of ${UNITS.toLocaleString('en')} units, one each five minutes for ${HOURS} hours`);
    print(`one row a position: ${row.toFixed(0)} B with its key`);
    print(`chunks of an hour: ${bytes.toFixed(1)} B, on disk ${disk.toFixed(1)} B: ${(row / disk).toFixed(1)} x smaller`);
    print(
      `film: ${(film / filmed).toFixed(1)} B in frames, ${(packed / filmed).toFixed(1)} B in a reel: ${(row / (packed / filmed)).toFixed(1)} x smaller`,
    );
    const took = { chunks: [] as number[], rows: [] as number[] };
    for (let i = 0; i < 40; i++) {
      const ix = draw(UNITS);
      const t = performance.now();
      const found = await cold.read([ix], END - HOURS * HOUR, END);
      took.chunks.push(performance.now() - t);
      const u = performance.now();
      const { rows } = await store.pool.query(
        'SELECT at, lng, lat, heading, speed FROM one_row WHERE unit = $1 AND at >= $2 AND at < $3 ORDER BY at',
        [ix, END - HOURS * HOUR, END],
      );
      took.rows.push(performance.now() - u);
      if (found.get(ix)!.length !== rows.length) throw new Error('not the same positions');
    }
    const [c, r] = [median(took.chunks), median(took.rows)];
    print(`the day of one unit: chunks ${ms(c)}, rows by their index ${ms(r)}: ${(r / c).toFixed(1)} x`);
    const t = performance.now();
    const all = await cold.before(END - 1);
    print(`where all ${all.size.toLocaleString('en')} were at a moment: ${ms(performance.now() - t)}`);
    await cold.close();
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
