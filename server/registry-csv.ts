import type { z } from 'zod';
import { zAreaCode } from '../model/area.ts';
import { facilityKinds, serviceTabs, zFacilityForm } from '../model/facility.ts';
import { given, text } from '../model/fields.ts';
import type { Hours } from '../model/hours.ts';
import { hoursFromText } from '../model/hours-text.ts';
import { zCameraSpec, zSensorSpec, zUnitSpec } from '../model/ledger.ts';
import { zCare } from '../model/patrol-plan.ts';
import type { World } from '../model/world.ts';
import { type CsvColumn, type CsvMistake, readCsvTable } from './csv-table.ts';
import { registryMistakes } from './registry-check.ts';
import type { Registry } from './setup.ts';

export const csvLists = ['units', 'sensors', 'cameras', 'facilities', 'cares'] as const;
export type CsvList = (typeof csvLists)[number];

interface Column extends CsvColumn {
  /** @throws Error with the rule */
  readonly read?: (text: string, utcOffsetMinutes: number) => unknown;
}
const needed = true as const;
const place = {
  id: { zh: '编号', needed },
  name: { zh: '名称', needed },
  lng: { zh: '经度', needed, read: degrees },
  lat: { zh: '纬度', needed, read: degrees },
  area: { zh: '区划' },
} satisfies Record<string, Column>;

export const csvColumns: Readonly<Record<CsvList, Readonly<Record<string, Column>>>> = {
  units: {
    id: place.id,
    name: place.name,
    role: { zh: '角色', needed },
    area: place.area,
    person: { zh: '关联人' },
    team: { zh: '班组' },
    shift: { zh: '班次' },
  },
  sensors: {
    ...place,
    kind: { zh: '类型', needed },
    device: { zh: '设备' },
    facility: { zh: '设施' },
    person: { zh: '关联人' },
  },
  cameras: { ...place, bearing: { zh: '方位角', read: number }, facility: { zh: '设施' }, stream: { zh: '流名' } },
  facilities: {
    ...place,
    kind: { zh: '类型', needed },
    hours: { zh: '开放时间', read: hours },
    capacity: { zh: '容量', read: number },
    since: { zh: '启用日期', read: day },
    offers: { zh: '服务', read: offers },
  },
  cares: {
    id: place.id,
    kind: { zh: '类型', needed },
    area: { zh: '区划', needed },
    person: { zh: '关联人', needed },
    name: { zh: '姓名' },
    tel: { zh: '电话' },
    lng: { ...place.lng, needed: false },
    lat: { ...place.lat, needed: false },
    unit: { zh: '责任力量' },
    everyDays: { zh: '间隔天数', read: number },
    since: { zh: '起始日期', needed, read: day },
  },
};
const optionalArea = zAreaCode.nullable().default(null);
const forms = {
  units: zUnitSpec.extend({ area: optionalArea }),
  sensors: zSensorSpec.extend({ area: optionalArea }),
  cameras: zCameraSpec.extend({ area: optionalArea }),
  facilities: zFacilityForm,
  // a name goes to the vault with the row
  cares: zCare.extend({ name: given(40).optional(), tel: text(24).nullable().default(null) }),
};

/**
 * Read a table of units, devices, facilities or visits.
 * @returns what to register, or every mistake in order of lines: then nothing is registered
 */
export function readRegistryCsv(
  list: CsvList,
  bytes: Uint8Array,
  world: World,
): { readonly registry: Registry; readonly rows: number } | { readonly mistakes: readonly CsvMistake[] } {
  const { rows, mistakes } = readCsvTable(bytes, csvColumns[list]);
  if (rows.length === 0) return { mistakes };
  const wrong = (line: number, column: string, rule: string) => void mistakes.push({ line, column, rule });
  const lineOf: number[] = [];
  const seen = new Map<string, number>();
  const read: unknown[] = [];
  for (const { line, cells } of rows) {
    const before = mistakes.length;
    const form = formOf(list, cells, world.centre?.utcOffsetMinutes ?? 0, (column, rule) => wrong(line, column, rule));
    if (mistakes.length > before) continue;
    const parsed = forms[list].safeParse(form);
    for (const issue of parsed.error?.issues ?? []) wrong(line, columnOf(issue.path), issue.message);
    const first = seen.get(cells.id!);
    if (first !== undefined) wrong(line, 'id', `${cells.id} stands in line ${first} already`);
    seen.set(cells.id!, line);
    if (mistakes.length > before || !parsed.success) continue;
    read.push(parsed.data);
    lineOf.push(line);
  }
  const registry: Registry = { ...empty, ...(list === 'cares' ? caresWithPeople(read as CareLine[]) : { [list]: read }) };
  for (const { field, rule } of registryMistakes(registry, world)) {
    const [, index, column = ''] = field.split('.');
    wrong(lineOf[Number(index)]!, column, rule);
  }
  if (mistakes.length) return { mistakes: mistakes.sort((a, b) => a.line - b.line) };
  return { registry, rows: read.length };
}

const empty: Registry = {
  units: [],
  sensors: [],
  cameras: [],
  facilities: [],
  tours: [],
  duties: [],
  permits: [],
  rounds: [],
  cares: [],
  people: [],
};

type CareLine = z.output<(typeof forms)['cares']>;
/** Who is visited: the name and number of a row go to the vault under the row's person, everything else to the register. */
function caresWithPeople(lines: readonly CareLine[]): Pick<Registry, 'cares' | 'people'> {
  const people = lines.flatMap(({ person, name, tel }) => (name === undefined ? [] : [{ id: person, name, tel, kind: 'caller' as const }]));
  return { people, cares: lines.map(({ name: _, tel: __, ...care }) => care) };
}

/** The form of a row. An empty cell says nothing. */
function formOf(
  list: CsvList,
  cells: Readonly<Record<string, string>>,
  utcOffsetMinutes: number,
  wrong: (column: string, rule: string) => void,
) {
  const out: Record<string, unknown> = {};
  for (const [column, spec] of Object.entries(csvColumns[list])) {
    const text = cells[column] ?? '';
    if (text === '') {
      if (spec.needed) wrong(column, 'must not be empty');
      continue;
    }
    try {
      out[column] = spec.read ? spec.read(text, utcOffsetMinutes) : text;
    } catch (error) {
      wrong(column, `${text.slice(0, 40)}: ${(error as Error).message}`);
    }
  }
  if (list === 'facilities' && typeof out.kind === 'string' && !facilityKinds.includes(out.kind as never))
    wrong('kind', `${out.kind.slice(0, 40)}: one of ${facilityKinds.join(', ')}`);
  const { lng, lat, ...rest } = out;
  return lng === undefined && lat === undefined ? rest : { ...rest, lngLat: [lng, lat] };
}

const columnOf = ([first, second]: readonly PropertyKey[]) => (first === 'lngLat' ? (second === 1 ? 'lat' : 'lng') : String(first ?? ''));

function number(text: string): number {
  if (!/^[+-]?\d{1,12}(\.\d{1,12})?$/.test(text)) throw new Error('a number');
  return Number(text);
}
function degrees(text: string): number {
  if (!/^[+-]?\d{1,3}(\.\d{1,15})?$/.test(text)) throw new Error('decimal degrees, WGS-84');
  return Number(text);
}
/** Midnight of the day by the centre's clock. */
function day(text: string, utcOffsetMinutes: number): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) - utcOffsetMinutes * 60_000 : Number.NaN;
  if (Number.isNaN(ms)) throw new Error('a date as 2026-03-01');
  return ms;
}
function hours(text: string): Hours {
  const read = hoursFromText(text);
  if (typeof read === 'string') throw new Error(read);
  return read;
}
/** `1F|餐厅|Canteen|life|device-1; 3F|健康小屋|Health room|health` */
function offers(text: string) {
  return text
    .split(/[;；]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [floor = '', zh = '', en = '', tab = '', device = '', ...more] = part.split('|').map((x) => x.trim());
      if (more.length || zh === '') throw new Error(`${part.slice(0, 40)}: floor|name|English name|tab|device, the name at least`);
      if (tab !== '' && !serviceTabs.includes(tab as never))
        throw new Error(`${tab.slice(0, 20)}: a tab is one of ${serviceTabs.join(', ')}`);
      return {
        name: { zh, en: en || zh },
        ...(floor ? { floor } : {}),
        ...(tab ? { tab } : {}),
        ...(device ? { device } : {}),
      };
    });
}
