import { epochMs, type LngLat } from '../../model/brand.ts';
import type { Fact } from '../../model/ledger.ts';
import type { Implausible } from '../../model/plausible.ts';
import { isVisit, type Stay } from '../../model/visit.ts';
import type { Unit, World } from '../../model/world.ts';

/** What fixes come to, each decided against a world that may know it already: none is told twice. `at` epoch ms of the device. */

export const visitFacts = (world: World, unit: Unit, { area, since, fixes }: Stay, at: number): Fact[] =>
  isVisit(world, unit.id, area, at)
    ? [{ kind: 'area.visited', body: { area, unit: unit.id, at: epochMs(at), since: epochMs(since), fixes } }]
    : [];

/** Only of a stay that was told of. One that a newer visit of somebody else has followed is told too: it is the end of its own. */
export const leftFact = (unit: Unit, { area, since, last, fixes }: Stay): Fact => ({
  kind: 'area.left',
  body: { area, unit: unit.id, at: epochMs(last), since: epochMs(since), fixes },
});

export function strayFacts(world: World, unit: Unit, out: boolean, at: number, lngLat: LngLat): Fact[] {
  if ((world.patrols.get(unit.id)?.strayedAt != null) === out) return [];
  const body = { unit: unit.id, area: unit.area, at: epochMs(at) };
  return [out ? { kind: 'unit.strayed', body: { ...body, lngLat } } : { kind: 'unit.returned', body }];
}

/** Nothing is heard of it, or nothing that can be believed. */
export const isAway = (world: World, unit: Unit) => {
  const unusual = world.patrols.get(unit.id);
  return unusual?.silentSince != null || unusual?.doubted != null;
};

export const heardFacts = (world: World, unit: Unit, at: number): Fact[] =>
  isAway(world, unit) ? [{ kind: 'unit.heard', body: { unit: unit.id, area: unit.area, at: epochMs(at) } }] : [];

/** @param at when it was last heard */
export function silentFacts(world: World, unit: Unit, at: number, usualMs: number): Fact[] {
  if (!world.units.has(unit.id) || world.patrols.get(unit.id)?.silentSince != null) return [];
  return [{ kind: 'unit.silent', body: { unit: unit.id, area: unit.area, at: epochMs(at), usualMs: Math.round(usualMs) } }];
}

/** @param at when it was last believed */
export function doubtedFacts(world: World, unit: Unit, at: number, reason: Implausible): Fact[] {
  if (!world.units.has(unit.id) || world.patrols.get(unit.id)?.doubted != null) return [];
  return [{ kind: 'unit.doubted', body: { unit: unit.id, area: unit.area, at: epochMs(at), reason } }];
}
