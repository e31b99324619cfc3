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
const bit = (letter: string) => (letter >= 'a' && letter <= 'z' ? 1 << (letter.charCodeAt(0) - 97) : 0);

/** A character of a name and every way to spell it. */
interface Glyph {
  readonly char: string;
  /** readings without tones; ü is typed v or u */
  readonly readings: readonly string[];
  /** z and zh, each once: two readings of one initial would try everything twice, and twice again at the next character */
  readonly initials: readonly string[];
  /** the letters a spelling of it may begin with, one bit each */
  readonly letters: number;
}

const glyphs = new Map<string, Glyph>();
function glyphOf(char: string): Glyph {
  let known = glyphs.get(char);
  if (!known) {
    const said = isHan.test(char) ? (polyphonic(char, { toneType: 'none', type: 'array' })[0] ?? []) : [];
    const typed = [said].flat().flatMap((r) => (r.includes('ü') ? [r.replace('ü', 'v'), r.replace('ü', 'u')] : [r]));
    const readings = [...new Set(typed.filter((r) => /^[a-z]+$/.test(r)))];
    const initials = [...new Set(readings.flatMap((r) => (r[1] === 'h' ? [r[0]!, r.slice(0, 2)] : [r[0]!])))];
    known = { char, readings, initials, letters: readings.reduce((all, r) => all | bit(r[0]!), bit(char)) };
    glyphs.set(char, known);
  }
  return known;
}

/** A name ready to be searched. Most are put aside by one comparison: of letters, or of the first character. */
export interface Row<T> {
  readonly place: T;
  readonly text: string;
  readonly glyphs: readonly Glyph[];
  readonly letters: number;
}

/** Characters of a name that are looked at. */
const LONGEST = 200;

export function rowsOf<T extends Named>(places: Iterable<T>): Row<T>[] {
  const rows: Row<T>[] = [];
  for (const place of places) {
    const texts = place.also === undefined ? [plain(place.name)] : new Set([plain(place.name), plain(place.also)]);
    for (const text of texts) {
      if (!text) continue;
      const list = [...text].slice(0, LONGEST).map(glyphOf);
      rows.push({ place, text, glyphs: list, letters: list.reduce((all, g) => all | g.letters, 0) });
    }
  }
  return rows;
}

/** The best `limit` places of several lists, best first; none for an empty query. */
export function find<T extends Named>(lists: readonly (readonly Row<T>[])[], query: string, limit: number): T[] {
  const parts = query.trim().split(/\s+/u).map(plain).filter(Boolean);
  const whole = parts.join('');
  if (!whole) return [];
  const best: { place: T; rank: Rank; text: string }[] = [];
  const take = (place: T, rank: Rank, text: string) => {
    const one = { place, rank, text };
    if (best.length === limit && compare(best.at(-1)!, one) <= 0) return;
    const known = best.findIndex((b) => b.place === place);
    if (known >= 0) {
      if (compare(best[known]!, one) <= 0) return;
      best.splice(known, 1);
    }
    const at = best.findIndex((b) => compare(b, one) > 0);
    best.splice(at < 0 ? best.length : at, 0, one);
    if (best.length > limit) best.pop();
  };
  const first = bit(whole[0]!);
  for (const rows of lists) {
    for (const row of rows) {
      if (first ? !(row.letters & first) : !row.text.includes(whole[0]!)) continue;
      const rank = match(row, whole);
      if (rank) take(row.place, rank, row.text);
      else if (parts.length > 1) {
        // 新盛 公园: every word somewhere in the name, in any order
        const each = parts.map((p) => match(row, p));
        if (each.every((r) => r !== null)) {
          take(row.place, [Math.max(...each.map((r) => r![0])), 2, 1, row.place.weight, row.glyphs.length], row.text);
        }
      }
    }
  }
  return best.map((b) => b.place);
}

const compare = (a: { rank: Rank; text: string }, b: { rank: Rank; text: string }) => {
  for (let i = 0; i < a.rank.length; i++) if (a.rank[i] !== b.rank[i]) return a.rank[i]! - b.rank[i]!;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
};

/** The best way the query lies in the name; null = not at all. */
function match({ glyphs: list, place }: Row<Named>, query: string): Rank | null {
  const first = bit(query[0]!);
  let best: Rank | null = null;
  for (let start = 0; start < list.length; start++) {
    const glyph = list[start]!;
    if (!(glyph.letters & first) && !query.startsWith(glyph.char)) continue;
    const found = spell(list, start, query, 0);
    if (found < 0) continue;
    const [spelling, end] = [Math.floor(found / END), found % END];
    const open = start === 0 && end === list.length ? 0 : 1;
    const rank: Rank = [spelling, open, begins(list, start), place.weight, list.length];
    if (!best || compare({ rank, text: '' }, { rank: best, text: '' }) < 0) best = rank;
  }
  return best;
}

/** At the beginning of the name; within it; within a number, where 46 would be read out of 146. */
const begins = (list: readonly Glyph[], start: number) =>
  start === 0 ? 0 : isDigit.test(list[start]!.char) && isDigit.test(list[start - 1]!.char) ? 2 : 1;

/** Above any position in a name. */
const END = 1024;

/**
 * Spell the query's rest with the name's characters from `at` on, each once and in order.
 * @returns of the tightest way there is: how it was spelt, times END, plus where it ended; -1 = there is none
 */
function spell(list: readonly Glyph[], at: number, query: string, from: number): number {
  if (from === query.length) return at;
  const glyph = list[at];
  if (glyph === undefined) return -1;
  let best = -1;
  if (query.startsWith(glyph.char, from)) best = tighter(best, spell(list, at + 1, query, from + glyph.char.length), SPELT.literally);
  const left = query.length - from;
  for (const reading of glyph.readings) {
    if (query[from] !== reading[0]) continue;
    if (query.startsWith(reading, from)) best = tighter(best, spell(list, at + 1, query, from + reading.length), SPELT.fully);
    else if (left > 1 && left < reading.length && reading.startsWith(query.slice(from))) best = tighter(best, at + 1, SPELT.begun);
  }
  if (best >= 0 && best < SPELT.byInitial * END) return best; // no initial is tighter
  for (const initial of glyph.initials) {
    if (query.startsWith(initial, from)) best = tighter(best, spell(list, at + 1, query, from + initial.length), SPELT.byInitial);
  }
  return best;
}

function tighter(best: number, rest: number, spelling: number): number {
  if (rest < 0) return best;
  const found = Math.max(Math.floor(rest / END), spelling) * END + (rest % END);
  return best < 0 || found < best ? found : best;
}
