import { dayStart } from '../../model/centre.ts';
import { demoCentre } from '../centre.ts';
import { between, normal, rngFor } from '../rng.ts';
import type { Street } from '../street/street.ts';
import type { WalkGraph } from '../street/walk.ts';
import { handIn } from './backfill.ts';
import type { DemoServer } from './server.ts';
import { isAtWork } from './shifts.ts';
import { type Fix, Walkers, type Walking } from './walkers.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const DAYS = 30;
/** Hand-held terminals remember one fix in so many milliseconds. */
const STEP_MS = 2.5 * MINUTE;
/** Patrols go from 08:00 to 18:30, street's time. */
const HOURS = [8, 18.5] as const;
/** So many different days are walked; the days of the past take turns in them, each a few minutes and metres apart. */
const PATTERNS = 5;
/** The live day begins there: older than what is on its way. */
const MARGIN_MS = 2 * MINUTE;
/** a metre, in degrees */
const METRE = 1e-5;

export interface PastFix extends Fix {
  readonly kind: 'position';
  readonly at: string;
  readonly past: true;
}

const STEPS = Math.floor(((HOURS[1] - HOURS[0]) * 3_600_000) / STEP_MS);
/** One working day on the street's own ways: at each step where everybody is. Walked as far as it is asked for. */
class Day {
  private readonly steps: Fix[][] = [];
  private readonly walkers: Walkers;
  private readonly count: number;
  constructor(street: Street, graph: WalkGraph, units: readonly Walking[], seed: number) {
    this.walkers = new Walkers(street, graph, units, seed);
    this.count = units.length;
  }
  at(step: number): readonly Fix[] {
    while (this.steps.length <= step) {
      this.walkers.advance(STEP_MS);
      this.steps.push(Array.from({ length: this.count }, (_, i) => this.walkers.fix(i)));
    }
    return this.steps[step]!;
  }
}

/**
 * 补传: where the patrols were in the thirty days before the day is joined, as their terminals kept it: a fix every two and a half minutes of
 * the working day, newest day first. About 310,000 fixes. History: it moves no marker.
 * @param now epoch ms
 */
export function* walksOf(street: Street, graph: WalkGraph, units: readonly Walking[], seed: number, now: number): Generator<PastFix> {
  const today = dayStart(now, demoCentre.utcOffsetMinutes);
  const days = Array.from({ length: PATTERNS }, (_, which) => new Day(street, graph, units, seed * 100 + which));
  for (let ago = 0; ago < DAYS; ago++) {
    const r = rngFor(seed, `past day ${ago}`);
    const begin = today - ago * DAY + HOURS[0] * 3_600_000 + between(r, 0, 10 * MINUTE);
    const late = units.map(() => between(r, 0, STEP_MS));
    const away = units.map((u) => !isAtWork(u, begin));
    for (let n = 0; n < STEPS; n++) {
      if (begin + n * STEP_MS > now) break;
      for (const [i, fix] of days[ago % PATTERNS]!.at(n).entries()) {
        const at = Math.round((begin + n * STEP_MS + late[i]!) / 1000) * 1000;
        if (away[i] || at > now - MARGIN_MS) continue;
        const [lng, lat] = fix.lngLat;
        const lngLat = [Number((lng + normal(r) * METRE).toFixed(7)), Number((lat + normal(r) * METRE).toFixed(7))] as const;
        yield { kind: 'position', ...fix, lngLat, at: new Date(at).toISOString(), past: true };
      }
    }
  }
}

/** Hands the walks in, once: where the server knows of them already, nothing is sent. */
export async function handInWalks(
  server: Pick<DemoServer, 'ask'>,
  walks: {
    readonly street: Street;
    readonly graph: WalkGraph;
    readonly units: readonly Walking[];
    readonly seed: number;
    readonly now: number;
  },
  signal: AbortSignal,
): Promise<number> {
  const { street, graph, units, seed, now } = walks;
  if (units.length === 0 || (await isKnown(server, units[0]!.id, now))) return 0;
  return handIn(server, walksOf(street, graph, units, seed, now), signal);
}

/** The oldest day is handed in last: are there tracks of it? */
async function isKnown(server: Pick<DemoServer, 'ask'>, unit: string, now: number): Promise<boolean> {
  const day = dayStart(now, demoCentre.utcOffsetMinutes) - (DAYS - 1) * DAY;
  const iso = (ms: number) => encodeURIComponent(new Date(ms).toISOString());
  const known = await server.ask<{ tracks: readonly { at: readonly unknown[] }[] }>(
    `/api/v1/tracks?units=${encodeURIComponent(unit)}&from=${iso(day)}&to=${iso(day + DAY)}`,
  );
  return (known?.tracks ?? []).some((t) => t.at.length > 0);
}
