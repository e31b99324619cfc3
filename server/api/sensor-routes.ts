import { LTTB } from 'downsample';
import { z } from 'zod';
import type { Actor } from '../../model/access.ts';
import { type Centre, sensorKindOf } from '../../model/centre.ts';
import { decimate, type Point } from '../../model/decimate.ts';
import { zId } from '../../model/fields.ts';
import { asMeasured } from '../../model/frame.ts';
import { CHUNK_MS, chunkStart, type Series } from '../../model/reading-chunk.ts';
import { zInstant } from '../../model/report.ts';
import type { Sensor } from '../../model/world.ts';
import type { WorldAsOf } from '../as-of.ts';
import { mustBeAllowed } from '../commands.ts';
import { nameAsOf } from '../exported.ts';
import { Refused } from '../refused.ts';
import type { ColdReadings } from '../telemetry/cold-readings.ts';
import { zAsOf } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly readings: Pick<ColdReadings, 'between'>;
  readonly asOf: WorldAsOf;
}

const MAX_DAYS = 35;
const MAX_MS = MAX_DAYS * 86_400_000;
const HALF_HOUR_MS = 30 * 60_000;
/** as many as a curve in a dossier has pixels */
const USUAL_POINTS = 600;
const MAX_POINTS = 5000;
/** The lowest and highest of so many stretches for each point are what the library chooses from. */
const PRESELECT = 4;

const zSpan = { from: zInstant.optional(), to: zInstant.optional(), asOf: zAsOf };
interface Asked {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly asOf?: number | undefined;
}

/** What a sensor read: curves beside alarms and incidents, and the figures themselves as a file. */
export function sensorRoutes({ readings, asOf }: Parts): Route[] {
  async function asked(actor: Actor, id: string, query: Asked) {
    const { at, world } = await asOf(query.asOf);
    const sensor = world.sensors.get(id);
    if (!sensor) throw new Refused(404, 'id', `sensor ${id} is not registered`);
    mustBeAllowed(actor, 'watch', sensor.area, world);
    const end = query.to ?? at;
    const to = query.asOf === undefined ? end : Math.min(end, at);
    const from = query.from ?? to - HALF_HOUR_MS;
    if (from > to) throw new Refused(400, 'to', 'earlier than from');
    if (to - from > MAX_MS) throw new Refused(400, 'to', `at most ${MAX_DAYS} days after from`);
    return { sensor, from, to, centre: world.centre };
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/sensors/{id}/readings',
      tag: 'watching',
      summary: 'What a sensor read, as a curve of at most so many points',
      description: `By device time, at most ${MAX_DAYS} days; without \`from\` and \`to\` the last half hour; with \`asOf\`, nothing later than that moment. Where there are more readings than points, those that carry the curve's shape are chosen (LTTB): each point is a reading, the first and the last always are. Kept READINGS_DAYS days.`,
      params: z.object({ id: zId }),
      query: z.object({
        ...zSpan,
        points: z
          .string()
          .regex(/^\d{1,4}$/, 'a whole number')
          .transform(Number)
          .refine((n) => n >= 3 && n <= MAX_POINTS, `from 3 to ${MAX_POINTS}`)
          .default(USUAL_POINTS),
      }),
      answers: {
        200: {
          what: '`points` are [epoch ms, value in the unit of the kind], ascending; `total` readings were there',
          json: z.object({
            sensor: z.string(),
            kind: z.string(),
            from: z.number(),
            to: z.number(),
            total: z.number().int(),
            points: z.array(z.tuple([z.number(), z.number()])),
          }),
        },
        404: { what: 'no such sensor' },
      },
      async handle({ actor, params, query }) {
        const { sensor, from, to } = await asked(actor, params.id, query);
        const series = await readings.between(sensor.ix, from, to);
        const points = curveOf(series, query.points);
        return { json: { sensor: sensor.id, kind: sensor.kind, from, to, total: series.at.length, points } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/sensors/{id}/readings.csv',
      tag: 'watching',
      summary: 'Every single reading of a sensor as a file: time, value, unit',
      description: `By device time in the centre's own, at most ${MAX_DAYS} days; without \`from\` and \`to\` the last half hour. With \`asOf\`, nothing later than that moment.`,
      params: z.object({ id: zId }),
      query: z.object(zSpan),
      answers: { 200: { what: 'the file', type: 'text/csv' }, 404: { what: 'no such sensor' } },
      async handle({ actor, params, query }) {
        const { sensor, from, to, centre } = await asked(actor, params.id, query);
        const day = (ms: number) => isoOf(ms, centre).slice(0, 10);
        const name = `readings-${sensor.id.replace(/[^0-9A-Za-z._-]/g, '_')}-${day(from)}-${day(to)}${nameAsOf(query.asOf, centre)}.csv`;
        return { stream: { type: 'text/csv; charset=utf-8', name, chunks: csvOf(readings, sensor, from, to, centre) } };
      },
    }),
  ];
}

/**
 * At most `max` of the readings, with the curve's shape. The lowest and highest of short stretches are chosen from, not all: months
 * cost no more than days, and no peak is passed over for its neighbours (Van Der Donckt et al., MinMaxLTTB, IEEE VIS 2023).
 */
function curveOf(series: Series, max: number): readonly Point[] {
  const all = series.at.map((at, i): Point => [at, asMeasured(series.value[i]!)]);
  if (all.length <= max) return all;
  return LTTB(decimate(all, PRESELECT * max) as [number, number][], max) as [number, number][];
}

/** `2026-11-22T14:05:00.000+08:00` */
function isoOf(at: number, centre: Centre | null): string {
  const offset = centre?.utcOffsetMinutes ?? 0;
  const two = (n: number) => String(n).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return new Date(at + offset * 60_000).toISOString().slice(0, -1) + zone;
}

/** One span of chunks at a time, so that months are never in memory at once. */
async function* csvOf(
  readings: Pick<ColdReadings, 'between'>,
  sensor: Sensor,
  from: number,
  to: number,
  centre: Centre | null,
): AsyncGenerator<string> {
  const unit = sensorKindOf(centre, sensor.kind)?.unit ?? '';
  const quoted = /[",\r\n]/.test(unit) ? `"${unit.replaceAll('"', '""')}"` : unit;
  yield '\ufefftime,value,unit\r\n';
  for (let start = chunkStart(from); start <= to; start += CHUNK_MS) {
    const { at, value } = await readings.between(sensor.ix, Math.max(from, start), Math.min(to, start + CHUNK_MS - 1));
    const lines = at.map((ms, i) => `${isoOf(ms, centre)},${asMeasured(value[i]!)},${quoted}\r\n`);
    if (lines.length) yield lines.join('');
  }
}
