import { polyphonic } from 'pinyin-pro';

/**
 * 搜索: names found by their characters, by full pinyin, by initials, and by any mixture (zjsq, zhengjie, 正jie, z街). A character may be
 * read in any of its ways, so 长 answers to chang and to zhang; the last reading of a query may be cut short while it is being typed.
 * Spaces, hyphens and other marks do not count.
 */
export interface Named {
  readonly name: string;
  readonly also?: string;
  readonly weight: number;
}

/** How well a name answers, compared from the left, less is better: how it was spelt, how much is left over, where it begins. */
type Rank = readonly [spelling: number, open: number, start: number, weight: number, length: number];

/** How one character was spelt; of a whole match the loosest counts. */
const SPELT = { literally: 0, fully: 1, begun: 2, byInitial: 3 } as const;

export const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{P}\p{S}\s]/gu, '');

const isHan = /\p{Script=Han}/u;
const isDigit = /^\d$/;
const readings = new Map<string, readonly string[]>();
/** Every way to read a character, without tones; ü is typed v or u. */
function readingsOf(char: string): readonly string[] {
  let known = readings.get(char);
  if (!known) {
    const said = isHan.test(char) ? (polyphonic(char, { toneType: 'none', type: 'array' })[0] ?? []) : [];
    const typed = [said].flat().flatMap((r) => (r.includes('ü') ? [r.replace('ü', 'v'), r.replace('ü', 'u')] : [r]));
    known = [...new Set(typed.filter((r) => /^[a-z]+$/.test(r)))];
    readings.set(char, known);
  }
  return known;
}

interface Row<T> {
  readonly place: T;
  readonly text: string;
  readonly chars: readonly string[];
  /** the letters its characters may begin with, one bit each: most names are put aside by one comparison */
  readonly letters: number;
}

const bit = (letter: string) => (letter >= 'a' && letter <= 'z' ? 1 << (letter.charCodeAt(0) - 97) : 0);

export interface SearchIndex<T> {
  readonly size: number;
  /** The best `limit` places, best first; none for an empty query. */
  find(query: string, limit: number): T[];
}

export function buildSearch<T extends Named>(places: Iterable<T>): SearchIndex<T> {
  const rows: Row<T>[] = [];
  for (const place of places) {
    const texts = new Set([plain(place.name), ...(place.also === undefined ? [] : [plain(place.also)])]);
    for (const text of texts) {
      const chars = [...text];
      let letters = 0;
      for (const c of chars) {
        letters |= bit(c);
        for (const r of readingsOf(c)) letters |= bit(r[0]!);
      }
      if (chars.length) rows.push({ place, text, chars, letters });
    }
  }

  function find(query: string, limit: number): T[] {
    const parts = query.trim().split(/\s+/u).map(plain).filter(Boolean);
    const whole = parts.join('');
    if (!whole) return [];
    const best: { place: T; rank: Rank; text: string }[] = [];
    const take = (row: Row<T>, rank: Rank) => {
      const { text } = row;
      const worse = best.length === limit ? best.at(-1)! : null;
      if (worse && compare(worse, { rank, text }) <= 0) return;
      const known = best.findIndex((b) => b.place === row.place);
      if (known >= 0) {
        if (compare(best[known]!, { rank, text }) <= 0) return;
        best.splice(known, 1);
      }
      const at = best.findIndex((b) => compare(b, { rank, text }) > 0);
      best.splice(at < 0 ? best.length : at, 0, { place: row.place, rank, text });
      if (best.length > limit) best.pop();
    };
    const first = bit(whole[0]!);
    for (const row of rows) {
      if (first ? !(row.letters & first) : !row.text.includes(whole[0]!)) continue;
      const rank = match(row, whole);
      if (rank) take(row, rank);
      else if (parts.length > 1) {
        // 新盛 公园: every word somewhere in the name, in any order
        const each = parts.map((p) => match(row, p));
        if (each.every((r) => r !== null)) take(row, [Math.max(...each.map((r) => r![0])), 2, 1, row.place.weight, row.chars.length]);
      }
    }
    return best.map((b) => b.place);
  }
  return { size: rows.length, find };
}

const compare = (a: { rank: Rank; text: string }, b: { rank: Rank; text: string }) => {
  for (let i = 0; i < a.rank.length; i++) if (a.rank[i] !== b.rank[i]) return a.rank[i]! - b.rank[i]!;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
};

/** The best way the query lies in the name; null = not at all. */
function match(row: Row<{ weight: number }>, query: string): Rank | null {
  const { chars, place } = row;
  let best: Rank | null = null;
  for (let start = 0; start < chars.length; start++) {
    const found = spell(chars, start, query, 0);
    if (!found) continue;
    const rest = start === 0 && found.end === chars.length ? 0 : 1;
    const rank: Rank = [found.spelling, rest, begins(chars, start), place.weight, chars.length];
    if (!best || compare({ rank, text: '' }, { rank: best, text: '' }) < 0) best = rank;
  }
  return best;
}

/** At the beginning of the name; within it; within a number, where 46 would be read out of 146. */
const begins = (chars: readonly string[], start: number) =>
  start === 0 ? 0 : isDigit.test(chars[start]!) && isDigit.test(chars[start - 1]!) ? 2 : 1;

interface Spelt {
  readonly spelling: number;
  readonly end: number;
}

/** Spell the query's rest with the name's characters from `at` on, each once and in order; the tightest way there is. */
function spell(chars: readonly string[], at: number, query: string, from: number): Spelt | null {
  if (from === query.length) return { spelling: 0, end: at };
  const char = chars[at];
  if (char === undefined) return null;
  let best: Spelt | null = null;
  const on = (length: number, spelling: number) => {
    if (best && best.spelling <= spelling) return;
    const rest = spell(chars, at + 1, query, from + length);
    if (!rest) return;
    const found = { spelling: Math.max(spelling, rest.spelling), end: rest.end };
    if (!best || found.spelling < best.spelling) best = found;
  };
  if (query.startsWith(char, from)) on(char.length, SPELT.literally);
  for (const reading of readingsOf(char)) {
    if (query[from] !== reading[0]) continue;
    if (query.startsWith(reading, from)) on(reading.length, SPELT.fully);
    const left = query.length - from;
    if (left > 1 && left < reading.length && query.endsWith(reading.slice(0, left))) on(left, SPELT.begun);
    on(1, SPELT.byInitial);
    if (/^[zcs]h/.test(reading) && query[from + 1] === 'h') on(2, SPELT.byInitial);
  }
  return best;
}
