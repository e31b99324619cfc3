import type { z } from 'zod';
import type { Actor } from '../../model/access.ts';
import type { EpochMs } from '../../model/brand.ts';
import { isSameVisit } from '../../model/care.ts';
import { type CareKind, careKindOf } from '../../model/centre.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import type { CareState, zCareVisitForm } from '../../model/patrol-plan.ts';
import type { World } from '../../model/world.ts';
import { mustBeAllowed } from '../commands.ts';
import { incidentId } from '../incident-id.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import type { AreaPoints } from './area-points.ts';
import { noteOnOverdue, raiseOf } from './care-facts.ts';

/** A clock ahead of ours by so much is no clock set wrong. */
const MAX_AHEAD_MS = 60_000;

export type VisitForm = z.output<typeof zCareVisitForm>;
export interface Visited {
  readonly seq: number;
  readonly at: EpochMs;
  /** what was registered of a bad result */
  readonly incident: string | null;
  /** it was recorded before; nothing was written */
  readonly known: boolean;
}

interface Parts {
  readonly ledger: Ledger;
  readonly store: Pick<Store, 'getPeople'>;
  readonly points: AreaPoints;
  readonly now: () => number;
}

/** 走访登记: a visit handed in becomes an entry, with the incident of a bad result and the word to the desk about an overdue one. */
export function openCareVisits({ ledger, store, points, now }: Parts) {
  return async function visit(actor: Actor, id: string, form: VisitForm): Promise<Visited> {
    const held = careFor(actor, id, ledger.world);
    if (form.note) await mustNotName(held, form.note);
    if (!held.lngLat) await points.prepare(ledger.world);
    const at = form.at ?? (now() as EpochMs);
    let known = false;
    const entries = await ledger.append(actor.id, (world) => {
      const care = careFor(actor, id, world);
      const kind = careKindOf(world.centre, care.kind);
      const unit = unitOf(actor, form, world);
      checkVisit(care, kind, form, at, now());
      known = isSameVisit(care, { unit, result: form.result, at });
      return known ? [] : visitFacts(world, actor, care, kind, { ...form, at, unit });
    });
    const made = entries.find((e): e is Entry<'care.visited'> => e.kind === 'care.visited');
    return { seq: made?.seq ?? ledger.world.seq, at: made?.body.at ?? at, incident: made?.body.incident ?? null, known };
  };

  function visitFacts(
    world: World,
    actor: Actor,
    care: CareState,
    kind: CareKind | undefined,
    visit: Omit<VisitForm, 'at' | 'unit'> & { readonly at: EpochMs; readonly unit: string | undefined },
  ): Fact[] {
    const { result, note, at, unit } = visit;
    const found = kind?.results.find((r) => r.code === result);
    const raise = {
      category: found?.bad && visit.raise ? (found.category ?? kind?.category) : undefined,
      title: `${kind?.name.zh ?? care.kind}走访：${found?.name.zh ?? result}`,
      at,
      source: actor.role === 'worker' ? 'worker' : 'patrol',
    } as const;
    const made = raiseOf(world, incidentId(`\0visit\0${care.id}\0${at}`), care, raise, now(), points.of);
    const body = { care: care.id, area: care.area, at, result, ...(unit ? { unit } : {}), ...(note ? { note } : {}), ...made.link };
    // a visit made before one that is recorded already is history: it clears nothing
    const latest = care.lastAt === null || at >= care.lastAt;
    return [...made.facts, { kind: 'care.visited', body }, ...(latest ? noteOnOverdue(world, care, kind, result, now()) : [])];
  }

  /** Free text is for all to read: the person's name and number stay in the vault. */
  async function mustNotName({ person }: CareState, note: string) {
    const [known] = await store.getPeople([person]);
    const tel = digitsOf(known?.tel ?? '');
    const named = known !== undefined && known.name.length > 1 && note.includes(known.name);
    if (named || (tel.length > 4 && digitsOf(note).includes(tel)))
      throw new Refused(400, 'note', 'names the person or their number: the ledger holds no personal data');
  }
}

const digitsOf = (text: string) => text.replace(/\D/g, '');

/** @throws Refused 404 not registered, or not any more · 403 not this actor's */
export function careFor(actor: Actor, id: string, world: World): CareState {
  const care = world.cares.get(id);
  mustBeAllowed(actor, 'care', care?.area ?? null, world);
  if (!care) throw new Refused(404, 'id', `no person ${id} to be visited is registered`);
  if (care.ended) throw new Refused(409, 'id', `${id} is no longer to be visited`);
  return care;
}

/** A worker's account bears the id of the worker's unit: it hands in its own visits only. */
function unitOf(actor: Actor, { unit }: VisitForm, world: World): string | undefined {
  if (unit !== undefined && !world.units.has(unit)) throw new Refused(400, 'unit', `no unit ${unit} is registered`);
  if (actor.role !== 'worker' || !world.units.has(actor.id)) return unit;
  if (unit !== undefined && unit !== actor.id) throw new Refused(403, 'unit', `${actor.id} hands in its own visits only`);
  return actor.id;
}

function checkVisit(care: CareState, kind: CareKind | undefined, { result }: VisitForm, at: number, now: number) {
  if (kind && !kind.results.some((r) => r.code === result))
    throw new Refused(400, 'result', `one of ${kind.results.map((r) => r.code).join(', ')}`);
  if (at > now + MAX_AHEAD_MS) throw new Refused(400, 'at', 'in the future');
  if (at < care.since) throw new Refused(400, 'at', `before ${new Date(care.since).toISOString()}, from when the person is to be visited`);
}
