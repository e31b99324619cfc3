import { z } from 'zod';
import { type Actor, may } from '../../model/access.ts';
import { type Alarm, alarmId } from '../../model/alarm.ts';
import { rulesByKind } from '../../model/alarm-rules.ts';
import { areaLabel, zAreaCode } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import { sensorKindOf } from '../../model/centre.ts';
import { facilityKinds, serviceTabs } from '../../model/facility.ts';
import {
  type FacilityFigures,
  type FacilityIndex,
  facilityFigures,
  facilityIndex,
  facilityMatches,
  type NearbyAsked,
  nearbyAsked,
  type Said,
} from '../../model/facility-figures.ts';
import { text } from '../../model/fields.ts';
import { asMeasured, STATUS_ONLINE } from '../../model/frame.ts';
import { isKnown, type Latest } from '../../model/latest.ts';
import { zInstant } from '../../model/report.ts';
import { treeOf, type World } from '../../model/world.ts';
import type { Archive } from '../archive.ts';
import type { AsOf } from '../as-of.ts';
import { askedPlaces } from '../incident-scope.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import { zAsOf } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world'>;
  readonly archive: Pick<Archive, 'reached'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly asOf: AsOf;
}

const WAIT_MS = 3000;
const zWhen = z.union([z.literal('now'), zInstant], 'now, or an ISO 8601 date and time with an offset');
const zNumber = z.number().nullable();
const zOpen = { open: z.boolean(), changesAt: zNumber };
const zRow = z.object({
  id: z.string(),
  kind: z.enum(facilityKinds),
  name: z.string(),
  lngLat: z.tuple([z.number(), z.number()]),
  area: z.string().nullable(),
  place: z.string().nullable(),
  always: z.boolean().describe('round the clock'),
  ...zOpen,
  capacity: zNumber,
  since: zNumber,
  offers: z.array(
    z.object({
      name: z.looseObject({ zh: z.string() }),
      tab: z.enum(serviceTabs).nullable(),
      floor: z.string().nullable(),
      ...zOpen,
      machine: z
        .object({ device: z.string(), up: z.boolean(), why: z.enum(['alarm', 'offline']).nullable(), since: zNumber, at: zNumber })
        .nullable(),
    }),
  ),
  occupied: z.object({ value: z.number(), share: zNumber, at: z.number(), online: z.boolean() }).nullable(),
  readings: z.array(
    z.object({ sensor: z.string(), kind: z.string(), value: z.number(), unit: z.string(), at: z.number(), online: z.boolean() }),
  ),
  alarms: z.array(
    z.object({ id: z.string(), sensor: z.string(), rule: z.string(), priority: z.number(), state: z.string(), raisedAt: z.number() }),
  ),
  incidents: z.array(
    z.object({
      period: z.enum(['before', 'after', 'month']),
      categories: z.array(z.string()),
      near: z.tuple([z.number(), z.number(), z.number()]),
      from: z.number(),
      to: z.number(),
      days: z.number(),
      count: z.number().int(),
    }),
  ),
});
export type FacilityRow = z.output<typeof zRow>;

/** 设施: what is open, up, taken and wrong at each, and what it has changed about it. */
export function facilityRoutes({ ledger, archive, store, asOf }: Parts): Route[] {
  const saidIn =
    ({ sensors: table }: Latest): Said =>
    ({ ix }) =>
      isKnown(table, ix) ? { value: table.value[ix]!, at: table.at[ix]!, online: (table.status[ix]! & STATUS_ONLINE) !== 0 } : undefined;

  /** When the last fault of a machine was over: it has been up since. Looked for in the ledger, the world has let go of it. */
  async function upSince(world: World, index: FacilityIndex, device: string): Promise<number | null> {
    const ids = (index.devices.get(device) ?? []).flatMap((s) => (rulesByKind(world).get(s.kind) ?? []).map((r) => alarmId(s.id, r.code)));
    const ends = await Promise.all(
      ids.map(
        async (subject) => (await store.readEntries({ subject, kinds: ['alarm.cleared'], upTo: world.seq, limit: 5000 })).at(-1)?.at ?? 0,
      ),
    );
    return Math.max(0, ...ends) || null;
  }

  async function rowOf(f: FacilityFigures, world: World, index: FacilityIndex, counts: readonly (NearbyAsked & { count: number })[]) {
    const { facility: is } = f;
    const offers = f.offers.map(async ({ offer, open, changesAt, machine }): Promise<FacilityRow['offers'][number]> => {
      const { device } = offer;
      const state = machine && device !== undefined ? { device, ...machine } : null;
      const since = state?.up ? await upSince(world, index, state.device) : (state?.since ?? null);
      return {
        name: offer.name,
        tab: offer.tab ?? null,
        floor: offer.floor ?? null,
        open,
        changesAt,
        machine: state && { ...state, since },
      };
    });
    const { id, kind, name, lngLat, area, capacity = null, since = null } = is;
    const row: FacilityRow = {
      id,
      kind,
      name,
      lngLat: [...lngLat],
      area,
      place: area === null ? null : areaLabel(treeOf(world), area),
      always: f.always,
      open: f.open,
      changesAt: f.changesAt,
      capacity,
      since,
      offers: await Promise.all(offers),
      occupied: f.occupied && { ...f.occupied, share: f.occupied.share === null ? null : Math.round(f.occupied.share * 10) / 10 },
      readings: f.readings.map(({ sensor: s, value, at, online }) => ({
        sensor: s.id,
        kind: s.kind,
        value: asMeasured(value),
        unit: sensorKindOf(world.centre, s.kind)?.unit ?? '',
        at,
        online,
      })),
      alarms: f.alarms.map(({ id, sensor, rule, priority, state, raisedAt }: Alarm) => ({ id, sensor, rule, priority, state, raisedAt })),
      incidents: counts.map((c) => ({ ...c, categories: [...c.categories], near: [...c.near] })),
    };
    return row;
  }

  return [
    route({
      method: 'get',
      path: '/api/v1/facilities',
      tag: 'watching',
      summary: 'Facilities: what is open, up, taken and in alarm at each, and the incidents about it',
      description:
        'Times are epoch ms; every figure carries the time of the reading it is from. `incidents` counts, within 150 m, the categories that are about such a facility: before and after a charging shed was opened, over thirty days about a car park and a shed older than the reports, as far back as there are reports; GET /api/v1/incidents with the same category, near, from and to lists them.',
      query: z.object({
        kind: z.enum(facilityKinds).optional(),
        area: zAreaCode.optional(),
        open: zWhen.optional().describe('only those open then'),
        tab: z.enum(serviceTabs).optional().describe('only those with something under this tab; with `open`, something open'),
        q: text(60).optional().describe('looked for in names of facilities and of what they offer'),
        asOf: zAsOf,
      }),
      answers: {
        200: {
          what: 'in order of registration',
          json: z.object({ seq: z.number().int(), at: z.number(), total: z.number().int(), rows: z.array(zRow) }),
        },
      },
      async handle({ actor, query: { kind, area, open, tab, q, asOf: moment } }) {
        if (moment === undefined) await archive.reached(ledger.world.seq, WAIT_MS);
        const { at, world, lists, latest } = await asOf(moment);
        const said = saidIn(await latest());
        const openAt = open === 'now' ? at : open;
        const isIn = scope(actor, world, area);
        const offset = world.centre?.utcOffsetMinutes ?? 0;
        const shown = [...world.facilities.values()].filter((f) => facilityMatches(f, { kind, tab, openAt, q, isIn }, offset));
        const index = facilityIndex(world);
        const recorded = (await lists.recordedFrom()) ?? at;
        const asked = shown.map((f) => nearbyAsked(f, world.centre, at, recorded));
        const { counts } = await lists.nearby(asked.flat(), askedPlaces(actor, world, undefined).areas);
        let n = 0;
        const counted = asked.map((list) => list.map((a) => ({ ...a, count: counts[n++]! })));
        const rows = await Promise.all(
          shown.map((f, i) => rowOf(facilityFigures(f, world, index, said, openAt ?? at), world, index, counted[i]!)),
        );
        return { json: { seq: world.seq, at, total: world.facilities.size, rows } };
      },
    }),
  ];
}

function scope(actor: Actor, world: World, area: Parameters<typeof askedPlaces>[2]) {
  const tree = treeOf(world);
  const { areas } = askedPlaces(actor, world, area);
  const wanted = areas && new Set(areas);
  return (code: AreaCode | null) => may(actor, 'watch', code, tree).ok && (wanted === null || (code !== null && wanted.has(code)));
}
