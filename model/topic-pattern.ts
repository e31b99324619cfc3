import { type JsonPath, jsonPath } from './json-path.ts';

/** A topic filter of MQTT whose levels may also be {placeholders}: `zigbee2mqtt/{device}/availability`. `#` stands last. */
export type TopicPattern = readonly string[];
const PLACEHOLDER = /^\{([A-Za-z][0-9A-Za-z_]{0,39})\}$/;

/** @returns its levels, or a sentence that says what is wrong with it */
export function topicPattern(text: string): TopicPattern | string {
  if (text === '' || text.length > 200) return 'a topic of 1-200 characters';
  const levels = text.split('/');
  const seen = new Set<string>();
  for (const [i, level] of levels.entries()) {
    if (level === '#' && i < levels.length - 1) return '# stands at the end';
    if (/[#+{}]/.test(level) && !PLACEHOLDER.test(level) && level !== '#' && level !== '+')
      return `${level}: a level is a name, +, # or one {placeholder}`;
    if (PLACEHOLDER.test(level) && seen.has(level)) return `${level} stands twice`;
    seen.add(level);
  }
  return levels;
}

/** The placeholders' values; null where the topic is not of this pattern. */
export function matchTopic(pattern: TopicPattern, topic: string): ReadonlyMap<string, string> | null {
  const levels = topic.split('/');
  const found = new Map<string, string>();
  for (const [i, want] of pattern.entries()) {
    if (want === '#') return found;
    const level = levels[i];
    if (level === undefined) return null;
    const name = PLACEHOLDER.exec(want)?.[1];
    if (name) found.set(name, level);
    else if (want !== '+' && want !== level) return null;
  }
  return levels.length === pattern.length ? found : null;
}

/** What a broker is asked for. */
export const filterOf = (topic: string) => topic.replace(/\{[^}]*\}/g, '+');
export const placeholdersOf = (topic: string): ReadonlySet<string> =>
  new Set(topic.split('/').flatMap((level) => PLACEHOLDER.exec(level)?.[1] ?? []));

/** Text with holes: `{device}-temperature`, `{$.dev.eui}/{@.type}`. */
export type Template = readonly (string | { readonly name: string } | { readonly path: JsonPath })[];

/** @returns its parts, or a sentence that says what is wrong with it */
export function template(text: string): Template | string {
  const parts: Template[number][] = [];
  if (text === '' || text.length > 200) return 'text of 1-200 characters';
  for (const part of text.split(/(\{[^{}]*\})/)) {
    if (part === '') continue;
    const name = PLACEHOLDER.exec(part)?.[1];
    if (name) parts.push({ name });
    else if (/^\{[$@]/.test(part)) {
      const path = jsonPath(part.slice(1, -1));
      if (typeof path === 'string') return `${part}: ${path}`;
      parts.push({ path });
    } else if (/[{}]/.test(part)) return `${part}: a hole is a {placeholder} of the topic, or a path {$.a.b} or {@.a}`;
    else parts.push(part);
  }
  return parts;
}

/** What a template takes from the topic. */
export const namesIn = (parts: Template): string[] => parts.flatMap((p) => (typeof p === 'object' && 'name' in p ? [p.name] : []));
export const takesElement = (parts: Template) => parts.some((p) => typeof p === 'object' && 'path' in p && p.path.from === '@');
