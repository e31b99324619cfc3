import { z } from 'zod';
import { zId } from './fields.ts';
import { jsonPath } from './json-path.ts';
import { namesIn, placeholdersOf, type Template, takesElement, template, topicPattern } from './topic-pattern.ts';

/**
 * 映射: how messages of a foreign bus become readings, so that it is taken as it is. A file of mappings is checked once, at start
 * (`readMappings`); what one makes of a message is `mapMessage` in map-message.ts. docs/operations.md explains every field.
 */
const zPath = z.string().superRefine((text, ctx) => {
  const path = jsonPath(text);
  if (typeof path === 'string') ctx.addIssue(path);
});
const zTemplate = z.string().superRefine((text, ctx) => {
  const parts = template(text);
  if (typeof parts === 'string') ctx.addIssue(parts);
});
const zTopic = z.string().superRefine((text, ctx) => {
  const pattern = topicPattern(text);
  if (typeof pattern === 'string') ctx.addIssue(pattern);
  else if (/^(genglou|[#+$])|^\{/.test(text)) ctx.addIssue('its first level is a name of its own, not genglou, and neither + # nor $');
});

const zScalar = z.union([z.string().max(80), z.number(), z.boolean()]);
/** A message or an element is meant only if the value there is this one. */
const zWhen = z.strictObject({ path: zPath, equals: zScalar });
const zTime = z.strictObject({
  path: zPath,
  /** iso: ISO 8601 text, also `2026-11-22 09:00:00`; s, ms: seconds or milliseconds since 1970 */
  unit: z.enum(['iso', 's', 'ms']),
  /** of an ISO text that does not say its own */
  offset: z
    .string()
    .regex(/^([+-]\d{2}:\d{2}|Z)$/, 'as +08:00 or Z')
    .optional(),
});
const zMappedReading = z.strictObject({
  /** the sensor must be of this kind */
  kind: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/, 'the code of a sensor kind')
    .optional(),
  /** id of the sensor: text with {placeholders} of the topic and {$.paths} or {@.paths} of the message */
  sensor: zTemplate,
  value: zPath,
  when: zWhen.optional(),
  /** what texts and truth values stand for; without it true is 1 and false is 0, and a text must be a number */
  map: z.record(z.string().max(80), z.number()).optional(),
  /** value = what is there x scale + offset */
  scale: z.number().default(1),
  offset: z.number().default(0),
  /** device time; absent = when the message came */
  time: zTime.optional(),
});
export type MappedReading = z.output<typeof zMappedReading>;

const zMapping = z.strictObject({
  name: z.string().regex(/^[0-9A-Za-z._-]{1,40}$/, '1-40 letters, digits or . _ -'),
  topic: zTopic,
  when: zWhen.optional(),
  /** a list in the message: its elements are read one by one */
  each: zPath.optional(),
  readings: z.array(zMappedReading).min(1).max(200),
  /** where the bus says that a device is there. `device`: every sensor of that device; those of `readings` that the topic alone names, too. */
  online: z.strictObject({ topic: zTopic, device: zTemplate }).optional(),
  /** the bus's names of devices, where they cannot be ids: {"客厅温湿度": "z-0001"} */
  names: z.record(z.string().min(1).max(80), zId).optional(),
});
export type Mapping = z.output<typeof zMapping>;

const zFilter = z.string().superRefine((text, ctx) => {
  const pattern = topicPattern(text);
  if (typeof pattern === 'string') ctx.addIssue(pattern);
});
const zMappings = z.strictObject({
  mappings: z.array(zMapping).min(1).max(200),
  /** topics of the bus that tell of no reading: passed over in silence */
  ignore: z.array(zFilter).max(100).default([]),
});
export type Mappings = z.output<typeof zMappings>;

/** What is wrong with a file of mappings: which entry, which field of it, which rule. */
export interface MappingMistake {
  readonly entry: string;
  readonly field: string;
  readonly rule: string;
}

/** Every mistake of a file, each with the entry (its name, where it has one) and the field; or the mappings. */
export function readMappings(json: unknown): { readonly mappings: Mappings } | { readonly mistakes: readonly MappingMistake[] } {
  const read = zMappings.safeParse(json);
  if (!read.success) return { mistakes: read.error.issues.map((i) => placed(json, i.path.map(String), ruleOf(i))) };
  const mistakes = read.data.mappings.flatMap((m, i) => {
    const wrong = (field: string, rule: string) => placed(json, ['mappings', String(i), ...field.split('.')], rule);
    const twice = read.data.mappings.findIndex((o) => o.name === m.name) !== i;
    const unknown = (topic: string, text: string, field: string) => {
      const known = placeholdersOf(topic);
      const names = namesIn(template(text) as Template).filter((name) => !known.has(name));
      return names.map((name) => wrong(field, `{${name}} is no placeholder of the topic ${topic}`));
    };
    return [
      ...(twice ? [wrong('name', `${m.name} is the name of two mappings`)] : []),
      ...m.readings.flatMap((r, n) => unknown(m.topic, r.sensor, `readings.${n}.sensor`)),
      ...(m.online ? unknown(m.online.topic, m.online.device, 'online.device') : []),
      ...m.readings.flatMap((r, n) =>
        !m.each && takesElement(template(r.sensor) as Template)
          ? [wrong(`readings.${n}.sensor`, '{@…} is of an element: the mapping has no `each`')]
          : [],
      ),
    ];
  });
  return mistakes.length ? { mistakes } : { mappings: read.data };
}

const ruleOf = (issue: z.core.$ZodIssue) =>
  issue.code === 'unrecognized_keys' ? `no such field: ${issue.keys.join(', ')}` : issue.message;

function placed(json: unknown, path: readonly string[], rule: string): MappingMistake {
  const [list, index, ...field] = path;
  if (list !== 'mappings' || index === undefined) return { entry: '', field: path.join('.'), rule };
  const name = (json as { mappings?: { name?: unknown }[] }).mappings?.[Number(index)]?.name;
  return { entry: typeof name === 'string' ? name : `mappings[${index}]`, field: field.join('.'), rule };
}

/** One line a mistake: `zigbee2mqtt: readings.2.value: …`. */
export const mistakeLine = ({ entry, field, rule }: MappingMistake) => [entry, field, rule].filter(Boolean).join(': ');
