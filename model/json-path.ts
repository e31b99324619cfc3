/**
 * Paths into JSON, a small part of RFC 9535: `a.b`, `a[0].b`, `['a b'].c`, each begun with `$` (the whole message), `@` (the element in hand)
 * or neither, which means `@`. No wildcards, filters or scripts: nothing of a path is ever run.
 */
export interface JsonPath {
  readonly from: '$' | '@';
  readonly keys: readonly (string | number)[];
}

const STEP = /\.?([^\s.[\]'"$@]+)|\[(\d{1,6})\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

/** @returns the path, or a sentence that says what is wrong with its text */
export function jsonPath(text: string): JsonPath | string {
  const from = text[0] === '$' ? '$' : '@';
  const keys: (string | number)[] = [];
  let at = text[0] === '$' || text[0] === '@' ? 1 : 0;
  if (text.length > 200) return 'a path of at most 200 characters';
  while (at < text.length) {
    STEP.lastIndex = at;
    const step = STEP.exec(text);
    const begins = at === 0 || text[at] === '.' || text[at] === '[';
    if (!step || !begins || (at === 0 && text[at] === '.')) return `not a path at character ${at + 1}: a.b, a[0] or ['a b']`;
    const [all, name, index, single, double] = step;
    keys.push(index === undefined ? (name ?? single ?? double)! : Number(index));
    at += all.length;
  }
  return keys.length || text ? { from, keys } : 'must not be empty';
}

/** What lies there; undefined where nothing does. Only what the message itself holds: never what objects inherit. */
export function readPath(path: JsonPath, message: unknown, element: unknown = message): unknown {
  let value = path.from === '$' ? message : element;
  for (const key of path.keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    if (typeof key === 'number' && !Array.isArray(value)) return undefined;
    if (!Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
