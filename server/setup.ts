import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { type BoundaryReport, checkBoundaries } from '../geo/boundaries/check.ts';
import type { Actor } from '../model/access.ts';
import type { EpochMs } from '../model/brand.ts';
import { type Centre, UNIT_KIND } from '../model/centre.ts';
import type { Facility, Tour } from '../model/facility.ts';
import type { Fact, zCameraSpec, zDuty, zSensorSpec, zUnitSpec } from '../model/ledger.ts';
import type { Care, Round } from '../model/patrol-plan.ts';
import type { Permit } from '../model/permit.ts';
import { telDigits } from '../model/report.ts';
import type { World } from '../model/world.ts';
import { mustBeAllowed } from './commands.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Places } from './places.ts';
import { Refused } from './refused.ts';
import { registryMistakes } from './registry-check.ts';
import type { Person, Store } from './store/store.ts';

export interface Registry {
  readonly units: readonly z.output<typeof zUnitSpec>[];
  readonly sensors: readonly z.output<typeof zSensorSpec>[];
  readonly cameras: readonly z.output<typeof zCameraSpec>[];
  readonly facilities: readonly Facility[];
  readonly tours: readonly Tour[];
  readonly duties: readonly z.output<typeof zDuty>[];
  readonly permits: readonly Permit[];
  readonly rounds: readonly Round[];
  readonly cares: readonly Care[];
  readonly people: readonly Person[];
}

/** What geo/boundaries found: warnings where the boundaries were published, errors first where they were not. */
export type Report = Pick<BoundaryReport, 'findings' | 'total'>;

/** What an administrator sets up: the centre, its boundaries and basemap, who and what is registered. `at`: recorded as of. */
export interface Setup {
  centre(actor: Actor, centre: Centre, at?: EpochMs): Promise<{ seq: number }>;
  boundaries(
    actor: Actor,
    geojson: unknown,
    validFrom: EpochMs,
    at?: EpochMs,
  ): Promise<{ version: number; hash: string; areas: number; report: Report }>;
  basemap(actor: Actor, geojson: unknown, at?: EpochMs): Promise<{ hash: string }>;
  register(actor: Actor, registry: Registry, at?: EpochMs): Promise<{ seq: number }>;
}

interface Parts {
  readonly ledger: Ledger;
  readonly store: Pick<Store, 'putBlob' | 'putPeople' | 'getPeople'>;
  readonly places: Places;
  readonly now: () => number;
}

export const GEOJSON = 'application/geo+json';
/** What one entry of a registration may hold (model/ledger). */
const PER_ENTRY = 2000;
const TOURS_PER_ENTRY = 100;

export function openSetup({ ledger, store, places, now }: Parts): Setup {
  /** Append as `actor`, who must be allowed to `action` on the whole centre; `at` is checked against clock and ledger. */
  async function append(
    actor: Actor,
    action: 'configure' | 'register',
    at: EpochMs | undefined,
    decide: (world: World) => readonly Fact[],
  ) {
    mustBeAllowed(actor, action, null, ledger.world);
    const entries = await ledger.append(
      actor.id,
      (world) => {
        checkRecordedAt(at, world, now());
        return decide(world);
      },
      at,
    );
    return entries.at(-1)?.seq ?? ledger.world.seq;
  }

  /** A caller's number is kept as the doors keep it, so that whoever calls again is known. */
  async function keepPeople(people: readonly Person[]) {
    const known = people.map((p) => (p.kind === 'caller' && p.tel !== null ? { ...p, tel: telDigits(p.tel) } : p));
    await store.putPeople(known).catch((error) => {
      if ((error as { code?: string }).code !== '23505') throw error;
      throw new Refused(409, 'people', "a caller's telephone number is that of another caller");
    });
  }

  /** Whoever is visited is in the vault, as somebody whose name is masked wherever it is shown. */
  async function mustBeKept(cares: readonly Care[]) {
    const kept = new Map((cares.length ? await store.getPeople(cares.map((c) => c.person)) : []).map((p) => [p.id, p]));
    for (const [i, { person }] of cares.entries()) {
      const field = `cares.${i}.person`;
      const known = kept.get(person);
      if (!known) throw new Refused(400, field, `no person ${person} in the vault, nor in this request`);
      if (known.kind !== 'caller') throw new Refused(400, field, `${person} is staff; whoever is visited is registered as kind caller`);
    }
  }

  return {
    async centre(actor, centre, at) {
      const unitKind = centre.sensorKinds.findIndex((k) => k.code === UNIT_KIND.code);
      if (unitKind >= 0) throw new Refused(400, `sensorKinds.${unitKind}.code`, `${UNIT_KIND.code} stands for units as a source of alarms`);
      return { seq: await append(actor, 'configure', at, () => [{ kind: 'centre.configured', body: centre }]) };
    },

    async boundaries(actor, geojson, validFrom, at) {
      mustBeAllowed(actor, 'configure', null, ledger.world);
      const { centre } = ledger.world;
      if (!centre) throw new Refused(409, 'centre', 'no centre is set up yet');
      const { ok, findings, total, areas, collection } = checkBoundaries(geojson, centre.levels);
      const report: Report = { findings, total };
      if (!ok) throw new Refused(422, 'geojson', findings[0]?.message.en ?? 'not valid boundaries', {}, { report });
      const { hash, bytes } = blobOf(collection);
      places.prepare(hash, collection.features);
      await store.putBlob(hash, GEOJSON, bytes);
      let version = 0;
      await append(actor, 'configure', at, (world) => {
        const before = world.boundaries;
        version = before?.hash === hash ? before.version : (before?.version ?? 0) + 1;
        if (before?.hash === hash) return [];
        return [{ kind: 'boundaries.published', body: { version, hash, validFrom, areas: [...areas] } }];
      });
      return { version, hash, areas: areas.length, report };
    },

    async basemap(actor, geojson, at) {
      mustBeAllowed(actor, 'configure', null, ledger.world);
      const { hash, bytes } = blobOf(geojson);
      await store.putBlob(hash, GEOJSON, bytes);
      await append(actor, 'configure', at, (world) =>
        world.basemap?.hash === hash ? [] : [{ kind: 'basemap.published', body: { hash } }],
      );
      return { hash };
    },

    async register(actor, registry, at) {
      mustBeAllowed(actor, 'register', null, ledger.world);
      if (!ledger.world.centre) throw new Refused(409, 'centre', 'no centre is set up yet');
      if (registry.people.length) await keepPeople(registry.people);
      await mustBeKept(registry.cares);
      const seq = await append(actor, 'register', at, (world) => {
        for (const { field, rule } of registryMistakes(registry, world)) throw new Refused(400, field, rule);
        const placed = <T extends { readonly area: unknown; readonly lngLat: Parameters<Places['locate']>[0] }>(x: T) =>
          x.area === null ? { ...x, area: places.locate(x.lngLat) } : x;
        return [
          ...pages(registry.units).map((units): Fact => ({ kind: 'units.registered', body: { units } })),
          ...pages(registry.facilities.map(placed)).map((facilities): Fact => ({ kind: 'facilities.registered', body: { facilities } })),
          ...pages(registry.tours, TOURS_PER_ENTRY).map((tours): Fact => ({ kind: 'tours.registered', body: { tours } })),
          ...pages(registry.sensors.map(placed)).map((sensors): Fact => ({ kind: 'sensors.registered', body: { sensors } })),
          ...pages(registry.cameras.map(placed)).map((cameras): Fact => ({ kind: 'cameras.registered', body: { cameras } })),
          ...pages(registry.duties).map((duties): Fact => ({ kind: 'duties.assigned', body: { duties } })),
          ...pages(registry.permits.map(placed)).map((permits): Fact => ({ kind: 'permits.registered', body: { permits } })),
          ...pages(registry.rounds).map((rounds): Fact => ({ kind: 'rounds.registered', body: { rounds } })),
          ...pages(registry.cares).map((cares): Fact => ({ kind: 'cares.registered', body: { cares } })),
        ];
      });
      return { seq };
    },
  };
}

/** History is recorded in order: not before the last entry, not in the future. */
export function checkRecordedAt(at: EpochMs | undefined, world: World, now: number, field = 'at') {
  if (at === undefined) return;
  if (at > now) throw new Refused(400, field, 'history lies in the past');
  if (at < world.at) throw new Refused(409, field, `earlier than the last entry of the ledger (${new Date(world.at).toISOString()})`);
}

function pages<T>(list: readonly T[], size = PER_ENTRY): T[][] {
  const out: T[][] = [];
  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size));
  return out;
}

function blobOf(json: unknown) {
  const bytes = Buffer.from(JSON.stringify(json));
  return { hash: createHash('sha256').update(bytes).digest('hex'), bytes };
}
