import { z } from 'zod';
import { decimate, type Point } from '../../model/decimate.ts';
import { zId } from '../../model/fields.ts';
import { zInstant } from '../../model/report.ts';
import type { Sensor } from '../../model/world.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { segmentIndex } from '../telemetry/segment-index.ts';
import type { TelemetryReader } from '../telemetry/telemetry.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly telemetry: { readonly reader: Pick<TelemetryReader, 'readings'> };
  readonly now: () => number;
}

const MAX_MS = 6 * 3_600_000;
const HALF_HOUR_MS = 30 * 60_000;
/** as many as a curve in a dossier has pixels */
const MAX_POINTS = 600;
const HOUR_MS = 3_600_000;

/** What a sensor read: the curve beside an alarm or an incident made of one. */
export function sensorRoutes({ ledger, store, telemetry, now }: Parts): Route[] {
  /** Its segment, where that cannot have changed since: else every segment is looked through. */
  async function segmentsOf(sensor: Sensor, from: number): Promise<ReadonlySet<number> | undefined> {
    if (sensor.area === null) return undefined;
    const moved = await store.readEntries({ kinds: ['boundaries.published', 'sensors.registered'], from: from - HOUR_MS, limit: 1 });
    return moved.length ? undefined : new Set([segmentIndex(ledger.world).keyOf(sensor.area)]);
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/sensors/{id}/readings',
      tag: 'watching',
      summary: 'What a sensor read, as a curve of at most 600 points with every extreme in it',
      description: 'By device time, at most six hours; without `from` and `to` the last half hour. Kept as long as telemetry is kept.',
      params: z.object({ id: zId }),
      query: z.object({ from: zInstant.optional(), to: zInstant.optional() }),
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
        const sensor = ledger.world.sensors.get(params.id);
        if (!sensor) throw new Refused(404, 'id', `sensor ${params.id} is not registered`);
        mustBeAllowed(actor, 'watch', sensor.area, ledger.world);
        const to = query.to ?? now();
        const from = query.from ?? to - HALF_HOUR_MS;
        if (from > to) throw new Refused(400, 'to', 'earlier than from');
        if (to - from > MAX_MS) throw new Refused(400, 'to', 'at most six hours after from');
        const readings = await telemetry.reader.readings(sensor.ix, from, to, await segmentsOf(sensor, from));
        const points = decimate(readings, MAX_POINTS).map(asMeasured);
        return { json: { sensor: sensor.id, kind: sensor.kind, from, to, total: readings.length, points } };
      },
    }),
  ];
}

/** Frames keep four bytes of a value: seven digits are what was measured, the rest is how they are written. */
const asMeasured = ([at, value]: Point): Point => [at, Number(value.toPrecision(7))];
