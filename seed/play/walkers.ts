import type { LngLat } from '../../model/brand.ts';
import type { UnitRole } from '../../model/ledger.ts';
import { between, normal, pick, type Rng, rngFor } from '../rng.ts';
import { dist, type Pt, sub, toLngLat, toMetres } from '../street/plane.ts';
import type { Street } from '../street/street.ts';
import { route, type WalkGraph } from '../street/walk.ts';

export interface Walking {
  readonly id: string;
  readonly role: UnitRole;
  /** grid or community the unit patrols */
  readonly area: string;
  /** 班次; absent = always */
  readonly shift?: string;
}
export interface Fix {
  readonly unit: string;
  readonly lngLat: LngLat;
  /** degrees clockwise from north */
  readonly heading: number;
  /** m/s */
  readonly speed: number;
}

/** Usual pace, m/s: on foot, or on an electric bicycle where the trade rides one. */
const pace: Record<UnitRole, readonly [number, number]> = {
  grid: [1.1, 1.5],
  volunteer: [0.9, 1.3],
  medical: [1.2, 1.6],
  police: [2.8, 4.6],
  urban: [2.6, 4.4],
  fire: [2.4, 4],
};

interface Walker {
  readonly unit: Walking;
  readonly r: Rng;
  readonly beat: readonly string[];
  path: number[];
  /** node of the path last passed, metres walked beyond it */
  leg: number;
  gone: number;
  speed: number;
  /** stands still for this much longer, ms */
  rest: number;
  /** the court it was sent to and stays in until it is released */
  post: string | null;
  /** where it goes when its shift is over, node of the graph */
  readonly home: number;
  offWork: boolean;
  drift: Pt;
}

/**
 * Patrol units on the street's own ways: round after round through the courts of their beat, to an incident when sent.
 * Moves only by `advance`; the same seed and the same calls give the same walk.
 */
export class Walkers {
  private readonly walkers: Walker[];
  private readonly byId = new Map<string, Walker>();
  private readonly graph: WalkGraph;

  constructor(street: Street, graph: WalkGraph, units: readonly Walking[], seed: number, from: ReadonlyMap<string, LngLat> = new Map()) {
    this.graph = graph;
    const codes = street.courts.map((c) => c.code);
    this.walkers = units.map((unit) => {
      const own = codes.filter((c) => c.startsWith(unit.area));
      const r = rngFor(seed, `walk ${unit.id}`);
      const beat = own.length ? own : codes;
      const known = from.get(unit.id);
      const start = known ? this.nearest(toMetres(known)) : graph.court.get(pick(r, beat))!;
      const w: Walker = {
        unit,
        r,
        beat,
        path: [start],
        leg: 0,
        gone: 0,
        speed: between(r, ...pace[unit.role]),
        rest: between(r, 0, 30_000),
        post: null,
        home: graph.court.get(pick(rngFor(seed, `home ${unit.id}`), beat))!,
        offWork: false,
        drift: [0, 0],
      };
      this.byId.set(unit.id, w);
      return w;
    });
  }

  private nearest(p: Pt): number {
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    this.graph.at.forEach((q, n) => {
      const d = dist(p, q);
      if (d < least && this.graph.links[n]!.length > 0) {
        least = d;
        best = n;
      }
    });
    return best;
  }

  /** Leave the round and go to a court, faster than usual; stay there until released. `there`: it is said to be there already. */
  send(unit: string, area: string, there = false) {
    const w = this.byId.get(unit);
    const to = this.graph.court.get(area);
    if (!w || to === undefined || w.post === area) return;
    w.post = area;
    w.rest = 0;
    if (there) {
      w.path = [to];
      w.leg = 0;
      w.gone = 0;
      return;
    }
    this.go(w, to);
    w.speed = pace[w.unit.role][1] * 1.25;
  }

  /** Back to the round. */
  release(unit: string) {
    const w = this.byId.get(unit);
    if (w) w.post = null;
  }

  /** Its shift begins or ends: then it goes home when nobody sends it anywhere. `there`: it is at home already. */
  atWork(unit: string, on: boolean, there = false) {
    const w = this.byId.get(unit);
    if (!w || w.offWork === !on) return;
    w.offWork = !on;
    w.rest = 0;
    if (on || w.post !== null) return;
    if (there) {
      w.path = [w.home];
      w.leg = 0;
      w.gone = 0;
    } else this.go(w, w.home);
  }

  /** Its shift is over and it has reached its home. */
  isHome(unit: string): boolean {
    const w = this.byId.get(unit);
    return w?.offWork === true && w.post === null && w.leg === w.path.length - 1 && w.path[w.leg] === w.home;
  }

  /** Units that were sent somewhere and not released. */
  posted(): string[] {
    return this.walkers.flatMap((w) => (w.post === null ? [] : [w.unit.id]));
  }

  /** Has the unit reached the court it was sent to? null = it does not walk here, or was not sent there. */
  isThere(unit: string, area: string | null): boolean | null {
    const w = this.byId.get(unit);
    if (!w || area === null || w.post !== area) return null;
    return w.leg === w.path.length - 1;
  }

  /** From between two nodes one first goes on to the next of them. */
  private go(w: Walker, to: number) {
    const here = w.path[w.leg]!;
    const next = w.path[w.leg + 1];
    if (next === undefined || w.gone === 0) {
      w.path = route(this.graph, here, to);
      w.gone = 0;
    } else w.path = [here, ...route(this.graph, next, to)];
    if (w.path.length === 0) w.path = [here];
    w.leg = 0;
  }

  /** Let `ms` of the street's time pass. */
  advance(ms: number) {
    for (const w of this.walkers) this.step(w, ms);
  }

  private step(w: Walker, ms: number) {
    w.drift = [w.drift[0] * 0.9 + normal(w.r) * 0.6, w.drift[1] * 0.9 + normal(w.r) * 0.6];
    let left = ms;
    for (let guard = 0; left > 0 && guard < 200; guard++) {
      if (w.rest > 0) {
        const pause = Math.min(w.rest, left);
        w.rest -= pause;
        left -= pause;
        continue;
      }
      const next = w.path[w.leg + 1];
      if (next === undefined) {
        if (w.post !== null || (w.offWork && w.path[w.leg] === w.home)) {
          w.rest = 5000;
          continue;
        }
        if (w.offWork) {
          this.go(w, w.home);
          continue;
        }
        this.go(w, this.graph.court.get(pick(w.r, w.beat))!);
        w.speed = between(w.r, ...pace[w.unit.role]);
        if (w.path.length < 2) w.rest = 20_000;
        continue;
      }
      const length = dist(this.graph.at[w.path[w.leg]!]!, this.graph.at[next]!);
      const metres = Math.min(length - w.gone, (w.speed * left) / 1000);
      w.gone += metres;
      left -= (metres / w.speed) * 1000;
      if (w.gone >= length - 1e-6) {
        w.leg += 1;
        w.gone = 0;
        if (w.leg === w.path.length - 1) w.rest = between(w.r, 25_000, 150_000);
        else if (w.post === null && w.r() < 0.04) w.rest = between(w.r, 4000, 15_000);
      }
    }
  }

  /** Where the unit's receiver believes it is: on the right-hand side of the way, a metre or two off. */
  fix(index: number): Fix {
    const w = this.walkers[index]!;
    const a = this.graph.at[w.path[w.leg]!]!;
    const b = this.graph.at[w.path[w.leg + 1] ?? w.path[w.leg]!]!;
    const d = sub(b, a);
    const length = Math.hypot(d[0], d[1]);
    const u: Pt = length > 0 ? [d[0] / length, d[1] / length] : [0, 0];
    const side = length > 0 ? 2.2 : 0;
    const at: Pt = [a[0] + u[0] * w.gone + u[1] * side + w.drift[0], a[1] + u[1] * w.gone - u[0] * side + w.drift[1]];
    const still = w.rest > 0 || length === 0;
    const heading = length > 0 ? (Math.round((Math.atan2(u[0], u[1]) * 180) / Math.PI) + 360) % 360 : 0;
    return { unit: w.unit.id, lngLat: toLngLat(at), heading, speed: still ? 0 : Number(w.speed.toFixed(1)) };
  }
}
