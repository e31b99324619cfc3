import { z } from 'zod';
import { distanceM } from '../../geo/distance.ts';
import type { Walk } from '../../geo/roads/walk.ts';
import { type Actor, may } from '../../model/access.ts';
import { areaLabel } from '../../model/area.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import { rankCandidates, shortlist } from '../../model/candidates.ts';
import { similar } from '../../model/duplicates.ts';
import { text, zId } from '../../model/fields.ts';
import { notHeld } from '../../model/incident-step.ts';
import { zInstant } from '../../model/report.ts';
import { whoAnswers } from '../../model/responsibility.ts';
import { incidentOf, treeOf, type World } from '../../model/world.ts';
import type { AsOf } from '../as-of.ts';
import { mustBeAllowed, refusedAs } from '../commands.ts';
import type { Finder } from '../finder/finder.ts';
import { placeKinds } from '../finder/place-names.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Log } from '../log.ts';
import { motionNow, motionOf } from '../motion.ts';
import type { Places } from '../places.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { zAsOf, zLocateQuery } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world'>;
  readonly telemetry: Pick<Telemetry, 'units' | 'sensors'>;
  readonly places: Pick<Places, 'locate' | 'of'>;
  readonly finder: Pick<Finder, 'walks' | 'search'>;
  readonly asOf: AsOf;
  readonly log: Pick<Log, 'error'>;
}

const zCategoryCode = z.string().regex(/^[a-z0-9-]{1,40}$/);
const upTo = (max: number, fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d?$/, `a whole number from 1 to ${max}`)
    .transform(Number)
    .pipe(z.number().max(max))
    .default(fallback);
const zLngLatShown = z.tuple([z.number(), z.number()]);
const zReasons = z.array(z.looseObject({ key: z.string() }));
const zCandidate = z.object({
  unit: z.string(),
  name: z.string(),
  role: z.string(),
  rank: z.number().int(),
  crew: z.boolean(),
  metres: z.number(),
  minutes: z.number(),
  by: z.enum(['road', 'straight']),
  path: z.array(zLngLatShown),
  fixAgeMs: z.number(),
  free: z.boolean(),
  onDuty: z.boolean(),
  answers: z.string().nullable(),
  reasons: zReasons,
});

/** Who should go, who answers, what it may repeat, where it is. */
export function placeRoutes({ ledger, telemetry, places, finder, asOf, log }: Parts): Route[] {
  const common = { method: 'get', tag: 'places' } as const;
  const sees = (actor: Actor, world: World) => (area: AreaCode | null) => may(actor, 'watch', area, treeOf(world)).ok;

  /** Ways by the roads; straight lines, which say so, when the finder does not answer. */
  async function walks(goal: LngLat, from: readonly LngLat[]): Promise<Walk[]> {
    try {
      return await finder.walks(goal, from);
    } catch (err) {
      log.error({ err }, 'the finder found no ways');
      return from.map((p) => ({ metres: distanceM(p, goal), by: 'straight', path: [p, goal] }));
    }
  }

  return [
    route({
      ...common,
      path: '/api/v1/incidents/{id}/candidates',
      summary: 'Who should go to an incident, best first, with the reasons',
      description:
        'Metres and minutes are on foot by the roads of the basemap (`by` says where only a straight line is known). Units sent already stand last, with `crew` true.',
      params: z.object({ id: zId }),
      query: z.object({ limit: upTo(40, 12).describe('how many beside those sent already'), asOf: zAsOf }),
      answers: {
        200: { what: 'ranked units', json: z.object({ at: z.iso.datetime(), candidates: z.array(zCandidate) }) },
        404: { what: 'no such incident' },
      },
      async handle({ actor, params: { id }, query: { limit, asOf: moment } }) {
        const { at, world, latest } = await asOf(moment);
        const incident = incidentOf(world, id);
        if (!incident) throw refusedAs(notHeld(id), undefined);
        mustBeAllowed(actor, 'watch', incident.area, world);
        const mine = sees(actor, world);
        const crew = new Set(incident.crew.map((c) => c.unit));
        const units = moment === undefined ? motionNow(telemetry).units : motionOf(await latest(), world, await places.of(world)).units;
        const seen = new Map([...units].filter(([unit, { area }]) => crew.has(unit) || mine(area)));
        const near = shortlist(world, incident, seen, at);
        const found = await walks(
          incident.lngLat,
          near.map((u) => seen.get(u.id)!.lngLat),
        );
        const ways = new Map(near.map((u, i) => [u.id, shorten(found[i]!)]));
        const ranked = rankCandidates(world, incident, seen, ways, at);
        return { json: { at: new Date(at).toISOString(), candidates: ranked.filter((c) => c.crew || c.rank <= limit) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/incidents/similar',
      summary: 'Open incidents that a report may be a repetition of, the most alike first, with the reasons',
      query: zLocateQuery.extend({
        category: zCategoryCode,
        title: text(80).optional(),
        at: zInstant.optional().describe('when it happened; absent = now'),
        alarm: zId.optional(),
        except: zId.optional().describe('the report itself, once it is an incident'),
        asOf: zAsOf,
      }),
      answers: {
        200: {
          what: 'at most five',
          json: z.object({
            similar: z.array(
              z.object({
                incident: z.string(),
                no: z.number().int(),
                title: z.string(),
                state: z.string(),
                category: z.string(),
                reportedAt: z.iso.datetime(),
                place: z.string().nullable(),
                lngLat: zLngLatShown,
                metres: z.number(),
                minutes: z.number().describe('between the two, as they happened'),
                score: z.number().describe('0 to 1'),
                reasons: zReasons,
              }),
            ),
          }),
        },
      },
      async handle({ actor, query: { lng, lat, at: happened, asOf: moment, ...probe } }) {
        const { world, at: asked } = await asOf(moment);
        const at = happened ?? asked;
        const known = probe.except === undefined ? undefined : incidentOf(world, probe.except);
        const mine = sees(actor, world);
        const incidents = [...world.incidents.values()].filter((i) => mine(i.area));
        // the report's own caller and alarm, where it is an incident that this actor may see
        const { reporter = null, alarm = null } = known && mine(known.area) ? known : {};
        const alike = similar(incidents, { reporter, ...probe, alarm: probe.alarm ?? alarm, lngLat: [lng, lat], at }, world.centre);
        return {
          json: {
            similar: alike.map(({ incident: i, metres, ms, score, reasons }) => ({
              incident: i.id,
              no: i.no,
              title: i.title,
              state: i.state,
              category: i.category,
              reportedAt: new Date(i.reportedAt).toISOString(),
              place: i.area === null ? null : areaLabel(treeOf(world), i.area),
              lngLat: i.lngLat,
              metres: Math.round(metres),
              minutes: Math.round(ms / 60_000),
              score: round(score, 3),
              reasons,
            })),
          },
        };
      },
    }),
    route({
      ...common,
      path: '/api/v1/areas/who',
      summary: 'Who answers for a point on the map, from the micro-grid up to the street, and for a category of matter there',
      description: 'People are ids into the vault: names come from /api/v1/people, for those who may read them.',
      query: zLocateQuery.extend({ category: zCategoryCode.optional(), asOf: zAsOf }),
      answers: {
        200: {
          what: 'the places that hold the point, who answers for each, and posts that nobody holds; all empty outside every area',
          json: z.object({
            path: z.array(z.object({ code: z.string(), name: z.string(), level: z.string() })),
            answers: z.array(z.object({ post: z.string(), person: z.string(), area: z.string(), level: z.string() })),
            vacant: z.array(z.object({ post: z.string(), area: z.string(), level: z.string() })),
            department: z.looseObject({ code: z.string() }).nullable(),
          }),
        },
      },
      async handle({ actor, query: { lng, lat, category, asOf: moment } }) {
        const { world } = await asOf(moment);
        const locate = await places.of(world);
        const mine = sees(actor, world);
        const { answers, vacant, ...rest } = whoAnswers(world, locate([lng, lat]), category);
        return { json: { ...rest, answers: answers.filter((a) => mine(a.area)), vacant: vacant.filter((v) => mine(v.area)) } };
      },
    }),
    route({
      ...common,
      path: '/api/v1/search',
      summary: 'Places by name: areas, streets, buildings, facilities',
      description:
        'By characters, by full pinyin, by initials, and by any mixture: 正街, zhengjie, zjsq, 正jie. Spaces and hyphens do not count.',
      query: z.object({ q: text(60), limit: upTo(20, 10) }),
      answers: {
        200: {
          what: 'best first',
          json: z.object({
            places: z.array(
              z.object({
                kind: z.enum(placeKinds),
                name: z.string(),
                lngLat: zLngLatShown,
                area: z.string().nullable(),
                label: z.string().nullable(),
              }),
            ),
          }),
        },
      },
      async handle({ query: { q, limit } }) {
        const tree = treeOf(ledger.world);
        const found = await finder.search(q, limit);
        return {
          json: {
            places: found.map(({ kind, name, lngLat, area = places.locate(lngLat) }) => ({
              kind,
              name,
              lngLat,
              area,
              label: area === null ? null : areaLabel(tree, area),
            })),
          },
        };
      },
    }),
  ];
}

const round = (n: number, digits: number) => Math.round(n * 10 ** digits) / 10 ** digits;

/** Whole metres; a path to the decimetre, which is finer than any road is drawn. */
const shorten = ({ metres, by, path }: Walk): Walk => ({
  metres: Math.round(metres),
  by,
  path: path.map(([lng, lat]): LngLat => [round(lng, 6), round(lat, 6)]),
});
