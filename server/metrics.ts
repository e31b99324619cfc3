import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { DoorStatus } from '../model/wire.ts';
import type { World } from '../model/world.ts';
import type { WatchStats } from './alarms/watch.ts';
import type { ColdStats } from './telemetry/cold-form.ts';
import type { TelemetryStats } from './telemetry/telemetry.ts';

interface Parts {
  readonly world: () => World;
  readonly doors: () => readonly DoorStatus[];
  readonly screens: () => number;
  readonly telemetry: () => TelemetryStats;
  readonly readings: () => ColdStats;
  readonly positions: () => ColdStats;
  readonly film: () => { readonly reelsPacked: number };
  readonly watch: () => WatchStats;
  readonly devices: () => { readonly bound: number; readonly waiting: number; readonly quarantined: number };
  readonly sizes: () => Promise<Readonly<Record<string, number>>>;
  readonly now: () => number;
}

/** Figures for Prometheus, read from their owners when asked for. */
export function openMetrics({ world, doors, screens, telemetry, readings, positions, film, watch, devices, sizes, now }: Parts): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const gauge = (name: string, help: string, read: () => number) => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('genglou_ledger_seq', 'seq of the last durable ledger entry', () => world().seq);
  gauge('genglou_screens', 'open screens', screens);
  gauge('genglou_incidents_open', 'open incidents', () => world().incidents.size);
  gauge('genglou_alarms', 'alarms not in their normal state', () => world().alarms.size);
  gauge('genglou_alarms_pending', 'conditions of alarm rules that wait for the end of a delay', () => watch().pending);
  gauge('genglou_sensors_silent', 'sensors that have been silent for five of their own intervals', () => watch().silent);
  new Counter({
    name: 'genglou_readings_judged_total',
    help: 'readings put to the alarm rules',
    registers,
    collect() {
      this.reset();
      this.inc(watch().judged);
    },
  });
  gauge('genglou_devices_bound', 'devices that stand for a unit', () => devices().bound);
  gauge('genglou_devices_waiting', 'devices that were heard and nobody has bound', () => devices().waiting);
  gauge('genglou_fixes_not_believed', 'fixes put into quarantine since the server started', () => devices().quarantined);
  gauge('genglou_telemetry_units', 'units with a known position', () => telemetry().units);
  gauge('genglou_telemetry_sensors', 'sensors with a known reading', () => telemetry().sensors);
  gauge('genglou_telemetry_frames_lost', 'frames given up because the store was too slow', () => telemetry().framesLost);
  gauge('genglou_readings_buffered', 'readings that are not in the chunks yet', () => readings().buffered);
  gauge('genglou_readings_buffer_bytes', 'memory of their buffer', () => readings().bufferBytes);
  gauge('genglou_positions_buffered', 'positions that are not in the chunks yet', () => positions().buffered);
  gauge('genglou_positions_buffer_bytes', 'memory of their buffer', () => positions().bufferBytes);
  gauge('genglou_position_write_failures', 'writes of positions that failed and were tried again', () => positions().writeFailures);
  gauge('genglou_film_reels_packed', 'ten minutes of film packed since the start', () => film().reelsPacked);
  gauge('genglou_reading_write_failures', 'writes of readings that failed and were tried again', () => readings().writeFailures);

  const perDoor = (
    name: string,
    help: string,
    read: (d: DoorStatus) => readonly [labels: Record<string, string>, value: number][],
    labelNames: string[] = [],
  ) => {
    const all = ['door', ...labelNames];
    const kind = name.endsWith('_total') ? Counter : Gauge;
    new kind({
      name,
      help,
      registers,
      labelNames: all,
      collect() {
        this.reset();
        for (const d of doors()) for (const [labels, value] of read(d)) this.inc({ door: d.door, ...labels }, value);
      },
    });
  };
  perDoor('genglou_reports_accepted_total', 'reports taken', (d) => [[{}, d.accepted]]);
  perDoor(
    'genglou_reports_refused_total',
    'reports refused, by reason',
    (d) => Object.entries(d.refusals).map(([reason, n]) => [{ reason }, n]),
    ['reason'],
  );
  perDoor('genglou_reports_per_second', 'reports taken per second over the last minute', (d) => [[{}, d.rate]]);
  perDoor('genglou_door_open', '1 = open', (d) => [[{}, d.state === 'open' ? 1 : 0]]);
  perDoor('genglou_door_last_report_seconds', 'seconds since the last accepted report', (d) =>
    d.lastAt === null ? [] : [[{}, (now() - d.lastAt) / 1000]],
  );
  perDoor('genglou_door_data_age_seconds', 'age of the newest device time', (d) =>
    d.dataAt === null ? [] : [[{}, (now() - d.dataAt) / 1000]],
  );

  new Gauge({
    name: 'genglou_store_bytes',
    help: 'bytes on disk per table',
    registers,
    labelNames: ['table'],
    async collect() {
      for (const [table, bytes] of Object.entries(await sizes())) this.set({ table }, bytes);
    },
  });
  return registry;
}
