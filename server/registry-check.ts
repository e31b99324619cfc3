import type { AreaCode } from '../model/brand.ts';
import type { Round } from '../model/patrol-plan.ts';
import { treeOf, type World } from '../model/world.ts';
import type { Registry } from './setup.ts';

/** `field` names list, index and field: `sensors.3.kind`. */
export interface RegistryMistake {
  readonly field: string;
  readonly rule: string;
}

const placed = ['units', 'sensors', 'cameras', 'facilities', 'duties', 'permits', 'rounds', 'cares'] as const;

/** A place, a kind or a facility that nobody knows is a typing error, found now rather than on the wall. In order of the lists. */
export function* registryMistakes(registry: Registry, world: World): Generator<RegistryMistake> {
  const kinds = new Set(world.centre?.sensorKinds.map((k) => k.code));
  const categories = new Set(world.centre?.categories.map((c) => c.code));
  const ids = new Set(registry.facilities.map((f) => f.id));
  const isFacility = (id: string) => ids.has(id) || world.facilities.has(id);
  const noFacility = (id: string) => `no facility ${id} is registered, nor in this request`;

  for (const list of placed) {
    for (const [i, x] of (registry[list] as readonly { readonly area: AreaCode | null; readonly facility?: string }[]).entries()) {
      if (x.area !== null && !world.areas.has(x.area)) yield { field: `${list}.${i}.area`, rule: `no area ${x.area} in the boundaries` };
      if (x.facility !== undefined && !isFacility(x.facility)) yield { field: `${list}.${i}.facility`, rule: noFacility(x.facility) };
    }
  }
  for (const [i, s] of registry.sensors.entries()) {
    if (!kinds.has(s.kind)) yield { field: `sensors.${i}.kind`, rule: `no sensor kind ${s.kind} in the centre's configuration` };
  }
  for (const [i, p] of registry.permits.entries()) {
    if (!categories.has(p.category))
      yield { field: `permits.${i}.category`, rule: `no category ${p.category} in the centre's configuration` };
  }
  const careKinds = new Set(world.centre?.careKinds.map((k) => k.code));
  const units = new Set(registry.units.map((u) => u.id));
  const isUnit = (id: string) => units.has(id) || world.units.has(id);
  const noUnit = (id: string) => `no unit ${id} is registered, nor in this request`;
  const shifts = new Set(world.centre?.shifts.map((s) => s.code));
  for (const [i, u] of registry.units.entries()) {
    if (u.shift !== undefined && !shifts.has(u.shift))
      yield { field: `units.${i}.shift`, rule: `no shift ${u.shift} in the centre's configuration` };
  }
  const leaves = new Set(registry.rounds.length ? treeOf(world).leaves.map((a) => a.code) : []);
  for (const [i, r] of registry.rounds.entries()) yield* roundMistakes(r, `rounds.${i}`, world, leaves, isUnit, noUnit);
  for (const [i, c] of registry.cares.entries()) {
    if (!careKinds.has(c.kind)) yield { field: `cares.${i}.kind`, rule: `no care kind ${c.kind} in the centre's configuration` };
    if (c.unit !== undefined && !isUnit(c.unit)) yield { field: `cares.${i}.unit`, rule: noUnit(c.unit) };
  }
  for (const [i, t] of registry.tours.entries()) {
    for (const [n, stop] of t.stops.entries()) {
      if (stop.facility !== undefined && !isFacility(stop.facility))
        yield { field: `tours.${i}.stops.${n}.facility`, rule: noFacility(stop.facility) };
    }
  }
}

/** Stops are places that are not divided further, each once: visits are to those. */
function* roundMistakes(
  round: Round,
  field: string,
  world: World,
  leaves: ReadonlySet<AreaCode>,
  isUnit: (id: string) => boolean,
  noUnit: (id: string) => string,
): Generator<RegistryMistake> {
  for (const [n, stop] of round.stops.entries()) {
    if (!leaves.has(stop))
      yield {
        field: `${field}.stops.${n}`,
        rule: world.areas.has(stop) ? `${stop} is divided further` : `no area ${stop} in the boundaries`,
      };
    else if (round.stops.indexOf(stop) !== n) yield { field: `${field}.stops.${n}`, rule: `${stop} stands twice` };
  }
  for (const [n, unit] of (round.units ?? []).entries()) if (!isUnit(unit)) yield { field: `${field}.units.${n}`, rule: noUnit(unit) };
}
