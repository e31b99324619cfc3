import type { AreaTree } from '../../model/area.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import { type ClipLeg, type ClipUnit, packLine } from '../../model/clip.ts';
import { type Fixes, type Leg, legsOf, lngLatOf } from '../../model/track.ts';
import { thinTo } from '../../model/track-thin.ts';
import type { Unit } from '../../model/world.ts';
import type { PositionHistory } from '../telemetry/position-history.ts';

/** Metres by which a unit may be shown away from where it was. */
export const WITHIN_METRES = 5;
/** Units whose fixes are held at once. */
const AT_ONCE = 50;

/** The parts of its legs in which a unit was within the place. */
function* stretches(f: Fixes, inside: (at: LngLat) => boolean): Generator<Leg> {
  for (const leg of legsOf(f)) {
    let from = -1;
    for (let i = leg.from; i <= leg.to; i++) {
      const here = i < leg.to && inside(lngLatOf(f, i));
      if (here && from < 0) from = i;
      if (!here && from >= 0) {
        yield { from, to: i };
        from = -1;
      }
    }
  }
}

function legOf(f: Fixes, leg: Leg): ClipLeg {
  const part: Fixes = {
    length: leg.to - leg.from,
    at: Array.prototype.slice.call(f.at, leg.from, leg.to),
    lng: Array.prototype.slice.call(f.lng, leg.from, leg.to),
    lat: Array.prototype.slice.call(f.lat, leg.from, leg.to),
    heading: [],
    speed: [],
  };
  const keep = thinTo(part, [{ from: 0, to: part.length }], WITHIN_METRES);
  return {
    at: keep.map((i, n) => part.at[i]! - (n ? part.at[keep[n - 1]!]! : 0)),
    line: packLine(keep.map((i) => lngLatOf(part, i))),
  };
}

/** Units by role and a number of this clip, where they were while they were within `area` by the boundaries of `locate`. */
export async function unitsWithin(
  units: readonly Unit[],
  history: PositionHistory,
  { from, to }: { readonly from: number; readonly to: number },
  locate: (at: LngLat) => AreaCode | null,
  { tree, area }: { readonly tree: AreaTree; readonly area: AreaCode },
): Promise<ClipUnit[]> {
  const leaves = new Map<AreaCode, boolean>();
  const inside = (at: LngLat) => {
    const leaf = locate(at);
    if (leaf === null) return false;
    const known = leaves.get(leaf);
    if (known !== undefined) return known;
    const is = tree.isWithin(leaf, area);
    leaves.set(leaf, is);
    return is;
  };
  const out: ClipUnit[] = [];
  const numbers = new Map<string, number>();
  const ordered = [...units].sort((a, b) => a.ix - b.ix);
  for (let i = 0; i < ordered.length; i += AT_ONCE) {
    const some = ordered.slice(i, i + AT_ONCE);
    const read = await history.read(
      some.map((u) => u.ix),
      from,
      to,
    );
    for (const { ix, role } of some) {
      const f = read.get(ix);
      const legs = f ? [...stretches(f, inside)].map((leg) => legOf(f, leg)) : [];
      if (legs.length === 0) continue;
      const no = (numbers.get(role) ?? 0) + 1;
      numbers.set(role, no);
      out.push({ role, no, legs });
    }
  }
  return out;
}
