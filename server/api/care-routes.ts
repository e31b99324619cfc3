import { z } from 'zod';
import { type Actor, may } from '../../model/access.ts';
import { areaLabel, zAreaCode } from '../../model/area.ts';
import type { EpochMs } from '../../model/brand.ts';
import { type CareRow, careStateNames, countCareStates, listCares } from '../../model/care.ts';
import { careFigures, monthStart, visitsBearFrom } from '../../model/care-figures.ts';
import { text, zId } from '../../model/fields.ts';
import type { EntryBody } from '../../model/ledger.ts';
import { maskedName, telTail } from '../../model/mask.ts';
import { zCareVisitForm } from '../../model/patrol-plan.ts';
import { zInstant } from '../../model/report.ts';
import { treeOf, type World } from '../../model/world.ts';
import type { AreaPoints } from '../care/area-points.ts';
import { openCareVisits } from '../care/care-visits.ts';
import { mustBeAllowed } from '../commands.ts';
import { askedPlaces } from '../incident-scope.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { KnownPerson, Store } from '../store/store.ts';
import { count, csv } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly store: Pick<Store, 'getPeople' | 'readEntries'>;
  readonly points: AreaPoints;
  readonly now: () => number;
}

const PER_READ = 5000;
const DAY = 86_400_000;
const MOST_DAYS = 92;
const zMaybe = z.number().nullable();
const zMasked = z.object({ name: z.string(), telTail: z.string().nullable() });
const asOf = count(8.64e15, 0).describe('as of this moment, epoch ms; absent = now');
const zListQuery = z.object({
  kind: z.string().max(40).optional(),
  area: zAreaCode.optional(),
  state: csv(careStateNames.length)
    .pipe(z.array(z.enum(careStateNames)))
    .optional()
    .describe('states, separated by commas'),
  unit: zId.optional(),
  q: text(60).optional().describe('part of the id, the place, who answers, or the masked name'),
  limit: count(5000, 500),
  offset: count(1_000_000, 0),
  asOf,
});
const zFiguresQuery = z.object({
  area: zAreaCode.optional(),
  days: count(MOST_DAYS, 0).describe('days up to today; absent or 0 = since the beginning of the month'),
  asOf,
});
const zFigure = z.object({
  kind: z.string(),
  value: zMaybe,
  numerator: z.number().int(),
  denominator: zMaybe,
  records: z.object({ kind: z.literal('care'), visited: z.array(z.string()), missed: z.array(z.string()) }),
});

/** 走访: who is to be visited, who was, and the visits themselves. Names leave the vault masked; whole ones are read one by one, each an entry. */
export function careRoutes({ ledger, store, points, now }: Parts): Route[] {
  const visit = openCareVisits({ ledger, store, points, now });

  /** The world now or as of a moment, and that moment. */
  async function shown(ms: number): Promise<{ world: World; at: number }> {
    if (ms > now()) throw new Refused(400, 'asOf', 'in the future');
    return ms === 0 ? { world: ledger.world, at: now() } : { world: await ledger.worldAt(ms), at: ms };
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/cares',
      tag: 'visits',
      summary: 'Who is to be visited, the longest overdue first',
      description:
        'Names are masked (张*芳) for those who visit or look after visits in that place; others, the screens on the wall among them, get none.',
      query: zListQuery,
      answers: {
        200: {
          what: 'those the actor may see; `counts` of all that the filters but `state` leave',
          json: z.object({
            at: z.number(),
            seq: z.number().int(),
            total: z.number().int(),
            counts: z.record(z.enum(careStateNames), z.number().int()),
            rows: z.array(
              z.object({
                id: z.string(),
                kind: z.string(),
                area: z.string(),
                place: z.string(),
                lngLat: z.tuple([z.number(), z.number()]).nullable(),
                unit: z.string().nullable(),
                everyDays: zMaybe,
                dueAt: zMaybe,
                state: z.enum(careStateNames),
                daysLate: z.number().int(),
                lastAt: zMaybe,
                lastResult: z.string().nullable(),
                lastUnit: z.string().nullable(),
                overdue: z.object({ due: z.number(), incident: z.string().nullable() }).nullable(),
                person: zMasked.nullable(),
              }),
            ),
          }),
        },
      },
      async handle({ actor, query: { state, limit, offset, q, ...query } }) {
        const { world, at } = await shown(query.asOf);
        const names = await namesOf(world, actor);
        const place = placeIn(world);
        const isIn = seenBy(actor, world, query.area);
        const wanted = q?.trim().toLowerCase();
        const matches = (c: CareRow['care']) =>
          !wanted ||
          [c.id, place(c.area), world.units.get(c.unit ?? '')?.name, names.get(c.person)?.name].some((x) =>
            x?.toLowerCase().includes(wanted),
          );
        const all = listCares(world, { kind: query.kind, unit: query.unit, isIn, matches }, at);
        const rows = state?.length ? all.filter((r) => state.includes(r.state)) : all;
        return {
          json: {
            at,
            seq: world.seq,
            total: rows.length,
            counts: countCareStates(all),
            rows: rows.slice(offset, offset + limit).map(({ care, ...standing }) => ({
              ...standing,
              id: care.id,
              kind: care.kind,
              area: care.area,
              place: place(care.area),
              lngLat: care.lngLat ?? null,
              unit: care.unit ?? null,
              everyDays: care.everyDays ?? null,
              lastAt: care.lastAt,
              lastResult: care.lastResult,
              lastUnit: care.lastUnit,
              overdue: care.overdue,
              person: names.get(care.person) ?? null,
            })),
          },
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/cares/figures',
      tag: 'visits',
      summary: 'Of the persons due in a period, those visited in time every time; a figure a kind, with the records behind it',
      query: zFiguresQuery,
      answers: {
        200: {
          what: 'figures in order of the kinds',
          json: z.object({ from: z.number(), to: z.number(), figures: z.array(zFigure.loose()) }),
        },
      },
      async handle({ actor, query }) {
        const { world, at: to } = await shown(query.asOf);
        const offset = world.centre?.utcOffsetMinutes ?? 0;
        const from = query.days ? to - query.days * DAY : monthStart(to, offset);
        const isIn = seenBy(actor, world, query.area);
        const visits = await visitsSince(visitsBearFrom(world, from), to);
        return { json: { from, to, figures: careFigures(world, visits, from, to, (c) => isIn(c.area)) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/cares/{id}/visits',
      tag: 'visits',
      summary: 'Record a visit with what it found',
      description:
        'Counts from when it was made. Handed in twice within a minute it is one visit. A bad result registers an incident with it unless `raise` is false. ' +
        'A note that names the person is refused.',
      params: z.object({ id: zId }),
      body: zCareVisitForm.extend({ at: zInstant.optional() }),
      answers: {
        200: {
          what: 'recorded; `known`: it was before',
          json: z.object({
            ok: z.literal(true),
            seq: z.number().int(),
            at: z.number(),
            incident: z.string().nullable(),
            known: z.boolean(),
          }),
        },
        403: { what: 'not in the place of this actor, or the visit of another worker' },
        404: { what: 'nobody of this id is to be visited' },
        409: { what: 'no longer to be visited' },
      },
      async handle({ actor, params, body }) {
        return { json: { ok: true, ...(await visit(actor, params.id, body)) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/cares/{id}/reveal',
      tag: 'visits',
      summary: 'Name and telephone number of a person to be visited',
      description: 'Every reading is an entry of the ledger (`person.read`): who, whose and on account of which care.',
      params: z.object({ id: zId }),
      answers: {
        200: {
          what: 'the person',
          json: z.object({ id: z.string(), name: z.string(), tel: z.string().nullable(), seq: z.number().int() }),
        },
        403: { what: 'the role may not read whole names, or not there' },
        404: { what: 'nobody of this id is to be visited' },
      },
      async handle({ actor, params }) {
        const care = ledger.world.cares.get(params.id);
        for (const action of ['read-people', 'care'] as const) mustBeAllowed(actor, action, care?.area ?? null, ledger.world);
        const [known] = care ? await store.getPeople([care.person]) : [];
        if (!care || !known) throw new Refused(404, 'id', `no person ${params.id} to be visited is registered`);
        // written down before it is told
        const [entry] = await ledger.append(actor.id, () => [{ kind: 'person.read', body: { person: care.person, care: care.id } }]);
        return { json: { id: known.id, name: known.name, tel: known.tel, seq: entry!.seq } };
      },
    }),
  ];

  /** Masked, of those in places where this actor visits or may read names; the vault is as it is now, whatever the world is as of. */
  async function namesOf(world: World, actor: Actor) {
    const tree = treeOf(world);
    const ids = new Set<string>();
    for (const c of world.cares.values()) if (mayMasked(actor, c.area, tree)) ids.add(c.person);
    const people = ids.size ? await store.getPeople([...ids]) : [];
    return new Map(people.map((p) => [p.id, shownMasked(p)]));
  }

  /** Visits handed in since `from`; what was made since then was handed in since then. */
  async function visitsSince(from: number, to: number): Promise<{ care: string; at: EpochMs }[]> {
    const out: { care: string; at: EpochMs }[] = [];
    for (let after = 0; ; ) {
      const rows = await store.readEntries({ kinds: ['care.visited'], from: Math.max(0, from), to: to + 1, after, limit: PER_READ });
      for (const r of rows) out.push(JSON.parse(r.body) as EntryBody<'care.visited'>);
      if (rows.length < PER_READ) return out;
      after = rows.at(-1)!.seq;
    }
  }
}

const shownMasked = ({ name, tel }: KnownPerson) => ({ name: maskedName(name), telTail: telTail(tel) });
const mayMasked = (actor: Actor, area: CareRow['care']['area'], tree: ReturnType<typeof treeOf>) =>
  may(actor, 'care', area, tree).ok || may(actor, 'read-people', area, tree).ok;

/** Which places of those asked for the actor may watch. */
function seenBy(actor: Actor, world: World, area: Parameters<typeof askedPlaces>[2]): (area: CareRow['care']['area']) => boolean {
  const { areas } = askedPlaces(actor, world, area);
  if (areas === null) return () => true;
  const seen = new Set<string>(areas);
  return (code) => seen.has(code);
}
const placeIn = (world: World) => (area: CareRow['care']['area']) => (world.areas.has(area) ? areaLabel(treeOf(world), area) : area);
