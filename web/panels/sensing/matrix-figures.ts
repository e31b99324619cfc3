import { type Alarm, byUrgency, hidden } from '../../../model/alarm.ts';
import { type AreaTree, shortName } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import { sensorKindOf } from '../../../model/centre.ts';
import { STATUS_ONLINE } from '../../../model/frame.ts';
import { type Sensor, treeOf, type World } from '../../../model/world.ts';
import type { LatestStore } from '../../store/latest.ts';

/** 在线率, per cent: what is aimed at, and from where on it is far off. */
export const ONLINE_TARGET = 98;
export const ONLINE_FAR = 90;
/** 静默: online by its status, but longer without a reading than so many of its kind's intervals. */
export const SILENT_INTERVALS = 3;

/** One line of the matrix: all kinds, a group of kinds, or a kind. */
export interface Line {
  readonly is: 'all' | 'group' | 'kind';
  /** group or code of the kind; empty for all, and for the kinds without a group */
  readonly key: string;
}
/** One column: everything shown, a place below it, or what lies in none of those (`other`). */
export interface Column {
  readonly is: 'all' | 'area' | 'other';
  readonly key: string;
  readonly name: string;
}
/** Which sensor stands in which line and column: the same until sensors, areas or kinds change. Sensors by kind, then by id. */
export interface Layout {
  readonly lines: readonly Line[];
  readonly columns: readonly Column[];
  readonly sensors: readonly Sensor[];
  /** per sensor: line of its group, line of its kind, column; 0 = none beside that of all */
  readonly groupLine: Uint16Array;
  readonly kindLine: Uint16Array;
  readonly column: Uint16Array;
  /** per sensor, ms: how long it may be without a reading before it counts as silent */
  readonly silentMs: Float64Array;
}

export interface CellFigures {
  n: number;
  online: number;
  /** of those online */
  silent: number;
  /** registered, and not heard since telemetry is kept */
  never: number;
  /** age of the last reading of those that ever gave one, ms; null = none did */
  medianAgeMs: number | null;
  oldestAgeMs: number | null;
  /** standing alarms by priority: not hidden, not yet normal */
  readonly alarms: [p1: number, p2: number, p3: number, p4: number];
  unacked: number;
}
/** `cells[line * columns + column]` */
export type Matrix = readonly CellFigures[];

type Places = Pick<World, 'centre' | 'areas' | 'sensors'>;
type Telemetry = Pick<LatestStore, 'value' | 'valueAt' | 'sensorStatus'>;

/** @param area the place shown, whose direct parts are the columns; null = the whole centre, those outside every place too */
export function layoutOf(world: Places, area: AreaCode | null): Layout {
  const tree = treeOf(world);
  const base = area ?? tree.root?.code ?? null;
  const parts = base === null ? [] : tree.children(base);
  const columnOf = placer(tree, base, new Map(parts.map((p, i) => [p.code, i + 1])));
  const order = new Map(world.centre?.sensorKinds.map((k, i) => [k.code, i]));
  const at = (s: Sensor) => order.get(s.kind) ?? order.size;
  const sensors = [...world.sensors.values()]
    .filter((s) => area === null || (s.area !== null && tree.isWithin(s.area, area)))
    .sort((a, b) => at(a) - at(b) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : a.id < b.id ? -1 : 1));

  const kindOf = (code: string) => sensorKindOf(world.centre, code);
  const lines = linesOf([...new Set(sensors.map((s) => s.kind))], (kind) => kindOf(kind)?.group ?? '');
  const lineOf = new Map(lines.map((l, i) => [`${l.is} ${l.key}`, i]));
  const other = parts.length === 0 ? 0 : parts.length + 1;
  const column = Uint16Array.from(sensors, (s) => columnOf(s.area) ?? other);
  return {
    lines,
    columns: [
      { is: 'all', key: '', name: '' },
      ...parts.map((p): Column => ({ is: 'area', key: p.code, name: shortName(p.name) })),
      ...(other > 0 && column.includes(other) ? [{ is: 'other', key: 'other', name: '' } as const] : []),
    ],
    sensors,
    groupLine: Uint16Array.from(sensors, (s) => lineOf.get(`group ${kindOf(s.kind)?.group ?? ''}`) ?? 0),
    kindLine: Uint16Array.from(sensors, (s) => lineOf.get(`kind ${s.kind}`)!),
    column,
    silentMs: Float64Array.from(sensors, (s) => (kindOf(s.kind)?.intervalS ?? 60) * 1000 * SILENT_INTERVALS),
  };
}

/** The column of a place: that of the part it lies in; undefined = it lies in none. */
function placer(tree: AreaTree, base: AreaCode | null, parts: ReadonlyMap<AreaCode, number>) {
  const known = new Map<AreaCode, number | undefined>();
  return (area: AreaCode | null): number | undefined => {
    if (area === null || base === null) return undefined;
    if (!known.has(area)) {
      const part = tree.path(area).find((a) => parts.has(a.code));
      known.set(area, part && parts.get(part.code));
    }
    return known.get(area);
  };
}

/** All, then each group with its kinds under it; one group alone, or none, is no group. */
function linesOf(kinds: readonly string[], groupOf: (kind: string) => string): Line[] {
  const groups = new Map<string, string[]>();
  for (const kind of kinds) groups.set(groupOf(kind), [...(groups.get(groupOf(kind)) ?? []), kind]);
  const divided = groups.size > 1;
  return [
    { is: 'all', key: '' },
    ...[...groups].flatMap(([group, own]): Line[] => [
      ...(divided ? [{ is: 'group', key: group } as const] : []),
      ...own.map((key): Line => ({ is: 'kind', key })),
    ]),
  ];
}

const empty = (): CellFigures => ({
  n: 0,
  online: 0,
  silent: 0,
  never: 0,
  medianAgeMs: null,
  oldestAgeMs: null,
  alarms: [0, 0, 0, 0],
  unacked: 0,
});

/** Standing: an operator has something to see of it. */
export const isStanding = (a: Pick<Alarm, 'state'>) => !hidden.has(a.state) && a.state !== 'normal';

/** Every figure of the matrix at `now` (epoch ms). Linear in the sensors but for the medians, which sort the ages of each cell. */
export function figuresOf(layout: Layout, latest: Telemetry, alarms: ReadonlyMap<string, Alarm>, now: number): Matrix {
  const { lines, columns, sensors } = layout;
  const width = columns.length;
  const cells: CellFigures[] = Array.from({ length: lines.length * width }, empty);
  const ages = new Float64Array(sensors.length);
  for (let i = 0; i < sensors.length; i++) {
    const ix = sensors[i]!.ix;
    const at = latest.valueAt[ix] ?? 0;
    const age = at === 0 ? -1 : Math.max(0, now - at);
    const online = at !== 0 && ((latest.sensorStatus[ix] ?? 0) & STATUS_ONLINE) !== 0;
    ages[i] = age;
    eachCell(layout, i, (c) => {
      const cell = cells[c]!;
      cell.n += 1;
      if (online) cell.online += 1;
      if (online && age > layout.silentMs[i]!) cell.silent += 1;
      if (at === 0) cell.never += 1;
    });
  }
  spread(layout, ages, cells);
  if (alarms.size > 0) {
    const at = new Map(sensors.map((s, i) => [s.id, i]));
    for (const a of alarms.values()) {
      const i = isStanding(a) ? at.get(a.sensor) : undefined;
      if (i === undefined) continue;
      eachCell(layout, i, (c) => {
        const cell = cells[c]!;
        cell.alarms[a.priority - 1]! += 1;
        if (a.state === 'unack') cell.unacked += 1;
      });
    }
  }
  return cells;
}

/** The cells a sensor counts in: its kind, its group and all kinds, each in its own column and in the one of all. */
function eachCell(layout: Layout, i: number, use: (cell: number) => void) {
  const width = layout.columns.length;
  const column = layout.column[i]!;
  const group = layout.groupLine[i]!;
  const kind = layout.kindLine[i]! * width;
  use(0);
  use(kind);
  if (group > 0) use(group * width);
  if (column === 0) return;
  use(column);
  use(kind + column);
  if (group > 0) use(group * width + column);
}

/** Median and oldest age of each cell, by sorting each cell's own stretch of one array. */
function spread(layout: Layout, ages: Float64Array, cells: CellFigures[]) {
  const start = new Uint32Array(cells.length + 1);
  for (let c = 0; c < cells.length; c++) start[c + 1] = start[c]! + cells[c]!.n - cells[c]!.never;
  const filled = start.slice(0, cells.length);
  const all = new Float64Array(start[cells.length]!);
  for (let i = 0; i < ages.length; i++) {
    if (ages[i]! < 0) continue;
    eachCell(layout, i, (c) => {
      all[filled[c]!++] = ages[i]!;
    });
  }
  for (let c = 0; c < cells.length; c++) {
    const own = all.subarray(start[c]!, start[c + 1]!).sort();
    if (own.length === 0) continue;
    const half = own.length >> 1;
    cells[c]!.medianAgeMs = own.length % 2 ? own[half]! : (own[half - 1]! + own[half]!) / 2;
    cells[c]!.oldestAgeMs = own[own.length - 1]!;
  }
}

/** What is the matter with a device, the worst first. */
export const troubles = ['offline', 'never', 'silent', 'alarm', 'none'] as const;
/** 离线 从未上报 静默 告警 正常 */
export type Trouble = (typeof troubles)[number];

export interface DeviceRow {
  readonly sensor: Sensor;
  readonly trouble: Trouble;
  /** the most urgent of its standing alarms */
  readonly alarm: Alarm | null;
}

/** Devices of one cell: offline, silent, in alarm, then the others; the longest silence and the most urgent alarm first. */
export function devicesOf(
  layout: Layout,
  where: { readonly line: number; readonly column: number },
  latest: Telemetry,
  alarms: ReadonlyMap<string, Alarm>,
  now: number,
): DeviceRow[] {
  const worst = new Map<string, Alarm>();
  for (const a of alarms.values()) {
    const known = worst.get(a.sensor);
    if (isStanding(a) && (!known || byUrgency(a, known) < 0)) worst.set(a.sensor, a);
  }
  const cell = where.line * layout.columns.length + where.column;
  const by: Record<Trouble, DeviceRow[]> = { offline: [], never: [], silent: [], alarm: [], none: [] };
  for (let i = 0; i < layout.sensors.length; i++) {
    let inside = false;
    eachCell(layout, i, (c) => {
      inside ||= c === cell;
    });
    if (!inside) continue;
    const sensor = layout.sensors[i]!;
    const alarm = worst.get(sensor.id) ?? null;
    const trouble = troubleOf(sensor, layout.silentMs[i]!, latest, alarm, now);
    by[trouble].push({ sensor, trouble, alarm });
  }
  const since = (r: DeviceRow) => latest.valueAt[r.sensor.ix] ?? 0;
  by.offline.sort((a, b) => since(a) - since(b));
  by.silent.sort((a, b) => since(a) - since(b));
  by.alarm.sort((a, b) => byUrgency(a.alarm!, b.alarm!));
  return troubles.flatMap((t) => by[t]);
}

/** @param silentMs how long it may be without a reading before it counts as silent */
export function troubleOf(sensor: Pick<Sensor, 'ix'>, silentMs: number, latest: Telemetry, alarm: Alarm | null, now: number): Trouble {
  const at = latest.valueAt[sensor.ix] ?? 0;
  if (at === 0) return 'never';
  if (((latest.sensorStatus[sensor.ix] ?? 0) & STATUS_ONLINE) === 0) return 'offline';
  if (now - at > silentMs) return 'silent';
  return alarm ? 'alarm' : 'none';
}

/** The online rate, cut and not rounded: what is not quite all never reads as 100. null = no device. */
export const onlineRate = (c: Pick<CellFigures, 'n' | 'online'>): number | null =>
  c.n === 0 ? null : Math.floor((c.online / c.n) * 1000) / 10;

/** A cell as the address names it; all kinds in all places is `list=all`, kinds without a group are `group=-`. */
export function cellParams(line: Line, column: Column): Readonly<Record<string, string>> {
  const named: Record<string, string> = {};
  if (line.is !== 'all') named[line.is] = line.key || '-';
  if (column.is !== 'all') named.cell = column.key;
  return Object.keys(named).length ? named : { list: 'all' };
}
export const cellWords = ['kind', 'group', 'cell', 'list'] as const;

/** The cell an address names. null = it names none; a line or column that is not there (any more) is -1. */
export function cellOf(layout: Pick<Layout, 'lines' | 'columns'>, params: Readonly<Record<string, string>>) {
  if (!cellWords.some((w) => params[w] !== undefined)) return null;
  const { kind, group, cell } = params;
  const is = kind !== undefined ? 'kind' : group !== undefined ? 'group' : 'all';
  const key = kind ?? (group === '-' ? '' : group) ?? '';
  return {
    line: layout.lines.findIndex((l) => l.is === is && l.key === key),
    column: cell === undefined ? 0 : layout.columns.findIndex((c) => c.key === cell),
  };
}
