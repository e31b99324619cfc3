import { sensorKindOf } from '../../model/centre.ts';
import type { ReelFrame } from '../../model/film.ts';
import { STATUS_ALARM, STATUS_ONLINE } from '../../model/frame.ts';
import { type Latest, latest, reserve } from '../../model/latest.ts';
import type { Series } from '../../model/reading-chunk.ts';
import { SILENT_INTERVALS } from '../../model/staleness.ts';
import type { Sensor, World } from '../../model/world.ts';
import type { ColdForm } from '../telemetry/cold-form.ts';
import { lastBefore } from '../telemetry/last-before.ts';
import type { FixColumns, PositionHistory } from '../telemetry/position-history.ts';
import { slices } from '../telemetry/slices.ts';
import { frameOfTable, type Locate } from './table.ts';

/** What is known of the time before the film: what the devices said, by their own clocks. */
export interface ColdPast {
  readonly positions: PositionHistory;
  readonly readings: Pick<ColdForm<Series>, 'spans'>;
}

/** So long a unit counts as on line after its last fix: five times what a hand-held terminal waits while nobody moves. */
const UNIT_ONLINE_MS = SILENT_INTERVALS * 3 * 60_000;
const SECOND_MS = 1000;

/** What a gateway hands in of a past it has kept for long is thinned: one reading in half an hour is not a sensor that fell silent. */
const KEPT_EVERY_MS = 30 * 60_000;
const onlineMs = (world: World, sensor: Sensor) =>
  SILENT_INTERVALS * Math.max(KEPT_EVERY_MS, (sensorKindOf(world.centre, sensor.kind)?.intervalS ?? 60) * 1000);
/** Sensors with an active alarm. */
const alarming = (world: World): ReadonlySet<string | undefined> =>
  new Set([...world.alarms.values()].filter((a) => a.active).map((a) => a.sensor));

function putFix(table: Latest, ix: number, f: FixColumns, i: number, online: boolean) {
  const { units } = table;
  reserve(units, ix);
  units.lng[ix] = f.lng[i]!;
  units.lat[ix] = f.lat[i]!;
  units.heading[ix] = f.heading[i]!;
  units.speed[ix] = f.speed[i]!;
  units.at[ix] = f.at[i]!;
  units.status[ix] = online ? STATUS_ONLINE : 0;
}
function putReading(table: Latest, ix: number, value: number, at: number, status: number) {
  const { sensors } = table;
  reserve(sensors, ix);
  sensors.value[ix] = value;
  sensors.at[ix] = at;
  sensors.status[ix] = status;
}

/** The latest table as of a moment, made of what was said by then, at most a day old. Who has been silent for too long is off line. */
export async function rebuiltTable(past: ColdPast, world: World, at: number): Promise<Latest> {
  const table = latest();
  for (const [ix, f] of await past.positions.before(at)) putFix(table, ix, f, 0, at - f.at[0]! <= UNIT_ONLINE_MS);
  const sensors = new Map([...world.sensors.values()].map((s) => [s.ix, s]));
  const alarms = alarming(world);
  for (const [ix, s] of await lastBefore(past.readings, [...sensors.keys()], at)) {
    const sensor = sensors.get(ix)!;
    const online = at - s.at[0]! <= onlineMs(world, sensor) ? STATUS_ONLINE : 0;
    putReading(table, ix, s.value[0]!, s.at[0]!, online | (alarms.has(sensor.id) ? STATUS_ALARM : 0));
  }
  return table;
}

/** A record at the second it is shown at: a table that holds what was said in it. */
class Seconds {
  private readonly tables = new Map<number, Latest>();
  private readonly from: number;
  private readonly to: number;
  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
  }
  /** The table of the second that ends at or after `at`; undefined outside (from, to]. Later records of a device in a second win. */
  at(at: number): Latest | undefined {
    const shown = Math.min(Math.ceil(at / SECOND_MS) * SECOND_MS, this.to);
    if (at <= this.from || at > this.to) return undefined;
    let table = this.tables.get(shown);
    if (!table) {
      table = latest();
      this.tables.set(shown, table);
    }
    return table;
  }
  ascending = () => [...this.tables].sort(([a], [b]) => a - b);
}

/**
 * What was said in (from, to], one frame for each second in which somebody spoke or fell silent.
 * @param world of `from`, whose boundaries hold throughout; `after` of `to`
 */
export async function rebuiltFrames(
  past: ColdPast,
  { before, after }: { readonly before: World; readonly after: World },
  locate: Locate,
  only: ReadonlySet<number> | null,
  from: number,
  to: number,
): Promise<ReelFrame[]> {
  const seconds = new Seconds(from, to);
  const slice = slices();
  const units = [...after.units.values()].map((u) => u.ix);
  // who spoke last before `from` may fall silent after it
  const fixes = await past.positions.read(units, from - UNIT_ONLINE_MS, to + 1);
  for (const [ix, f] of fixes) {
    for (let i = 0; i < f.length; i++) {
      const said = seconds.at(f.at[i]!);
      if (said) putFix(said, ix, f, i, true);
      const silent = f.at[i]! + UNIT_ONLINE_MS + 1;
      const quiet = (f.at[i + 1] ?? Number.POSITIVE_INFINITY) > silent ? seconds.at(silent) : undefined;
      if (quiet) putFix(quiet, ix, f, i, false);
    }
    await slice();
  }
  const alarms = alarming(after);
  const sensors = [...after.sensors.values()];
  const longest = Math.max(0, ...sensors.map((s) => onlineMs(after, s)));
  const said = await past.readings.spans(
    sensors.map((s) => s.ix),
    from - Math.min(longest, 24 * 3_600_000),
    to,
  );
  for (const sensor of sensors) {
    const alarm = alarms.has(sensor.id) ? STATUS_ALARM : 0;
    const parts = [...(said.get(sensor.ix)?.values() ?? [])];
    const at = parts.flatMap((p) => p.at);
    const value = parts.flatMap((p) => p.value);
    for (let i = 0; i < at.length; i++) {
      const spoke = seconds.at(at[i]!);
      if (spoke) putReading(spoke, sensor.ix, value[i]!, at[i]!, STATUS_ONLINE | alarm);
      const silent = at[i]! + onlineMs(after, sensor) + 1;
      const quiet = (at[i + 1] ?? Number.POSITIVE_INFINITY) > silent ? seconds.at(silent) : undefined;
      if (quiet) putReading(quiet, sensor.ix, value[i]!, at[i]!, alarm);
    }
    await slice();
  }
  const frames: ReelFrame[] = [];
  for (const [at, table] of seconds.ascending()) {
    frames.push({ at, bytes: frameOfTable(table, { ...after, areas: before.areas }, locate, only, at) });
    await slice();
  }
  return frames;
}
