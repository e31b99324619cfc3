import type { EpochMs } from './brand.ts';
import { zId } from './fields.ts';
import { type JsonPath, jsonPath, readPath } from './json-path.ts';
import type { MappedReading, Mapping, Mappings } from './mapping.ts';
import { jsonOf, ONLINE_RULE, onlineOf } from './online.ts';
import type { Refusal } from './report.ts';
import { filterOf, matchTopic, type Template, template, topicPattern } from './topic-pattern.ts';

/** A reading as a mapping found it. `kind`: what its sensor must be of; `at`: null = when the message came. */
export interface FoundReading {
  readonly sensor: string;
  readonly kind: string | null;
  readonly value: number;
  readonly at: EpochMs | null;
}
/** What mappings make of a message. `others`: of no mapped topic; `refused` beside readings: those of its values that could not be read. */
export type Mapped =
  | { readonly say: 'others' | 'ignored' }
  | { readonly say: 'readings'; readonly mapping: string; readonly readings: readonly FoundReading[]; readonly refused: readonly Refusal[] }
  | {
      readonly say: 'online';
      readonly mapping: string;
      readonly device: string;
      readonly sensors: readonly string[];
      readonly online: boolean;
    }
  | { readonly say: 'refused'; readonly mapping: string | null; readonly refusal: Refusal };

export const MAX_MAPPED_CHARS = 64 * 1024;
const MAX_ELEMENTS = 1000;

/** Mappings made ready: every path and topic is parsed once. */
export interface Mapper {
  /** topics a broker is asked for */
  readonly filters: readonly string[];
  map(topic: string, payload: string): Mapped;
}

interface Ready {
  readonly mapping: Mapping;
  readonly topic: ReturnType<typeof pattern>;
  readonly when: Check | null;
  readonly each: JsonPath | null;
  readonly readings: readonly ReadyReading[];
  readonly online: { readonly topic: ReturnType<typeof pattern>; readonly device: Template } | null;
}
interface ReadyReading {
  readonly spec: MappedReading;
  readonly field: string;
  readonly sensor: Template;
  readonly value: JsonPath;
  readonly time: JsonPath | null;
  readonly when: Check | null;
}
interface Check {
  readonly path: JsonPath;
  readonly equals: unknown;
}

/** Texts here were checked by `readMappings`. */
const ready = <T>(parsed: T | string): T => parsed as T;
const pattern = (text: string) => ready(topicPattern(text));
const check = (when: { path: string; equals: unknown } | undefined): Check | null =>
  when ? { path: ready(jsonPath(when.path)), equals: when.equals } : null;
const holds = (c: Check | null, message: unknown, element?: unknown) => !c || readPath(c.path, message, element) === c.equals;

export function openMapper(mappings: Mappings): Mapper {
  const all = mappings.mappings.map(
    (mapping): Ready => ({
      mapping,
      topic: pattern(mapping.topic),
      when: check(mapping.when),
      each: mapping.each === undefined ? null : ready(jsonPath(mapping.each)),
      readings: mapping.readings.map((spec, i) => ({
        spec,
        field: `readings.${i}`,
        sensor: ready(template(spec.sensor)),
        value: ready(jsonPath(spec.value)),
        time: spec.time ? ready(jsonPath(spec.time.path)) : null,
        when: check(spec.when),
      })),
      online: mapping.online ? { topic: pattern(mapping.online.topic), device: ready(template(mapping.online.device)) } : null,
    }),
  );
  const ignored = mappings.ignore.map(pattern);
  const filters = all.flatMap(({ mapping: m }) => [m.topic, ...(m.online ? [m.online.topic] : [])].map(filterOf));

  return {
    filters: [...new Set(filters)],
    map(topic, payload) {
      if (ignored.some((p) => matchTopic(p, topic))) return { say: 'ignored' };
      for (const m of all) {
        const holes = m.online && matchTopic(m.online.topic, topic);
        if (m.online && holes) return stateOf(m, m.online.device, holes, payload);
      }
      let message: unknown;
      let others = true;
      for (const m of all) {
        const holes = matchTopic(m.topic, topic);
        if (!holes) continue;
        if (others) {
          if (payload.length > MAX_MAPPED_CHARS) return refused(m, 'payload', `at most ${MAX_MAPPED_CHARS} characters`, 'too-large');
          message = jsonOf(payload);
          if (message === undefined) return refused(m, 'payload', 'JSON');
        }
        others = false;
        if (holds(m.when, message)) return readingsOf(m, holes, message);
      }
      if (others) return { say: 'others' };
      return refused(null, 'when', 'a mapping has this topic, but none is meant for such a message');
    },
  };
}

function stateOf(m: Ready, device: Template, holes: ReadonlyMap<string, string>, payload: string): Mapped {
  if (payload === '') return { say: 'ignored' }; // a retained state was erased
  const online = onlineOf(payload);
  if (online === undefined) return refused(m, 'online', ONLINE_RULE);
  const name = fill(device, m, holes, undefined, undefined);
  if (name.wrong) return refused(m, 'online.device', name.wrong);
  const ids = m.readings.map((r) => fill(r.sensor, m, holes, undefined, undefined).text);
  return { say: 'online', mapping: m.mapping.name, device: name.text, sensors: [...new Set(ids.filter((id) => id !== ''))], online };
}

function readingsOf(m: Ready, holes: ReadonlyMap<string, string>, message: unknown): Mapped {
  const list = m.each ? readPath(m.each, message) : [message];
  if (!Array.isArray(list)) return refused(m, 'each', `no list at ${m.mapping.each}`);
  if (list.length > MAX_ELEMENTS) return refused(m, 'each', `at most ${MAX_ELEMENTS} elements`, 'too-large');
  const readings: FoundReading[] = [];
  const wrong: Refusal[] = [];
  for (const element of list) {
    for (const r of m.readings) {
      if (!holds(r.when, message, element)) continue;
      const raw = readPath(r.value, message, element);
      if (raw === undefined || raw === null) continue; // a device tells what it measures, not all that a mapping knows
      const found = readingOf(m, r, holes, message, element, raw);
      if ('field' in found) wrong.push(found);
      else readings.push(found);
    }
  }
  if (readings.length === 0 && wrong.length === 0) {
    const paths = [...new Set(m.mapping.readings.map((r) => r.value))].join(', ');
    return refused(m, 'readings', `none of its values is in the message: ${paths.slice(0, 200)}`);
  }
  return { say: 'readings', mapping: m.mapping.name, readings, refused: wrong };
}

function readingOf(
  m: Ready,
  r: ReadyReading,
  holes: ReadonlyMap<string, string>,
  message: unknown,
  element: unknown,
  raw: unknown,
): FoundReading | Refusal {
  const no = (field: string, rule: string): Refusal => ({ field: `${r.field}.${field}`, rule, reason: 'form' });
  const id = fill(r.sensor, m, holes, message, element);
  if (id.wrong) return no('sensor', id.wrong);
  const number = numberOf(raw, r.spec.map);
  if (number === null) {
    return no('value', r.spec.map ? `a number, or one of ${Object.keys(r.spec.map).join(', ').slice(0, 120)}` : 'a number, true or false');
  }
  const value = number * r.spec.scale + r.spec.offset;
  if (!Number.isFinite(value)) return no('value', 'a finite number');
  const { time } = r.spec;
  if (!time || !r.time) return { sensor: id.text, kind: r.spec.kind ?? null, value, at: null };
  const at = timeOf(readPath(r.time, message, element), time);
  if (at === null)
    return no(
      'time',
      time.unit === 'iso' ? 'ISO 8601 date and time with an offset, or `offset` in the mapping' : `a number of ${time.unit}`,
    );
  return { sensor: id.text, kind: r.spec.kind ?? null, value, at };
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
function numberOf(raw: unknown, map: Readonly<Record<string, number>> | undefined): number | null {
  if (typeof raw === 'object') return null;
  if (map && Object.hasOwn(map, String(raw))) return map[String(raw)]!;
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'boolean') return map ? null : Number(raw);
  return NUMBER.test(String(raw)) ? Number(raw) : null;
}

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/;
function timeOf(raw: unknown, { unit, offset }: NonNullable<MappedReading['time']>): EpochMs | null {
  let ms = Number.NaN;
  if (unit === 'iso') {
    const [, day, time, own] = ISO.exec(String(raw)) ?? [];
    const zone = own ?? offset;
    if (day && time && zone) ms = Date.parse(`${day}T${time}${zone === 'Z' ? 'Z' : zone.replace(/^(...):?/, '$1:')}`);
  } else if (typeof raw === 'number' || (typeof raw === 'string' && NUMBER.test(raw))) ms = Number(raw) * (unit === 's' ? 1000 : 1);
  return Number.isFinite(ms) && ms >= 0 && ms <= 8.64e15 ? (Math.round(ms) as EpochMs) : null;
}

/** The text of a template, or why there is none. Without a message, what needs one stays empty. */
function fill(
  parts: Template,
  { mapping }: Ready,
  holes: ReadonlyMap<string, string>,
  message: unknown,
  element: unknown,
): { readonly text: string; readonly wrong: string } {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
      continue;
    }
    const raw = 'name' in part ? holes.get(part.name) : readPath(part.path, message, element);
    if (typeof raw !== 'string' && typeof raw !== 'number')
      return { text: '', wrong: 'its template needs a text or number that is not in the message' };
    text += (mapping.names && Object.hasOwn(mapping.names, raw) ? mapping.names[String(raw)] : undefined) ?? String(raw);
  }
  const ok = zId.safeParse(text);
  return ok.success
    ? { text, wrong: '' }
    : { text: '', wrong: `${text.slice(0, 80)}: ${ok.error.issues[0]?.message}; \`names\` can give it another` };
}

function refused(m: Ready | null, field: string, rule: string, reason: Refusal['reason'] = 'form'): Mapped {
  return { say: 'refused', mapping: m?.mapping.name ?? null, refusal: { field, rule, reason } };
}
