import { hidden } from '../../model/alarm.ts';
import type { Priority } from '../../model/centre.ts';
import { type Clip, type ClipLeg, changeAt, unpackLine } from '../../model/clip.ts';
import { endStates } from '../../model/incident.ts';
import type { Fixes } from '../../model/track.ts';
import { trackAt } from '../../model/track-at.ts';

type Place = readonly [lng: number, lat: number];
export interface ShownThing {
  readonly index: number;
  readonly at: Place;
  readonly priority: Priority;
}
export interface ShownUnit {
  readonly index: number;
  readonly at: Place;
}

/** Legs as the rules of tracks read them. */
function fixesOf(leg: ClipLeg): Fixes {
  const points = unpackLine(leg.line);
  const at: number[] = [];
  for (const dt of leg.at) at.push(dt + (at.at(-1) ?? 0));
  const none = points.map(() => 0);
  return { length: at.length, at, lng: points.map((p) => p[0] * 1e7), lat: points.map((p) => p[1] * 1e7), heading: none, speed: none };
}
const NO_LEG: ReadonlySet<number> = new Set();
/** After the last fix of a leg a unit is shown so much longer, ms: the next leg of a unit that walks on begins at once. */
const LINGER_MS = 30_000;

/** What is so at a moment of the clip: the same questions the live wall asks of its world. */
export function openClip(clip: Clip) {
  const legs = clip.units.map((u) => u.legs.map(fixesOf));
  return {
    units(at: number): ShownUnit[] {
      return legs.flatMap((of, index) => {
        for (const leg of of) {
          const here = trackAt(leg, NO_LEG, at, LINGER_MS);
          if (here && leg.at[leg.length - 1]! + LINGER_MS >= at) return [{ index, at: here.lngLat }];
        }
        return [];
      });
    },
    incidents(at: number): ShownThing[] {
      return clip.incidents.flatMap((i, index) => {
        const now = changeAt(i.changes, at);
        return now && !endStates.has(now[1]) ? [{ index, at: i.at, priority: now[2] }] : [];
      });
    },
    alarms(at: number): ShownThing[] {
      return clip.alarms.flatMap((a, index) => {
        const now = changeAt(a.changes, at);
        return now && now[1] !== 'normal' && !hidden.has(now[1]) ? [{ index, at: a.at, priority: now[2] }] : [];
      });
    },
    /** how many events are at or before the moment */
    told(at: number): number {
      let n = 0;
      while (n < clip.events.length && clip.events[n]!.at <= at) n++;
      return n;
    },
    areas: (at: number) => (clip.places.filter((p) => p.from <= at).at(-1) ?? clip.places[0])?.areas ?? [],
  };
}
export type OpenClip = ReturnType<typeof openClip>;
