import { z } from 'zod';
import { type Actor, may } from '../../model/access.ts';
import { type BindingForm, deviceDoors, zBinding, zBoundDevice } from '../../model/device.ts';
import { zId } from '../../model/fields.ts';
import { maskedNumber } from '../../model/mask.ts';
import { fixFlaws } from '../../model/plausible.ts';
import { treeOf } from '../../model/world.ts';
import type { WorldAsOf } from '../as-of.ts';
import { mustBeAllowed } from '../commands.ts';
import { MAX_CSV_ROWS } from '../csv-table.ts';
import { bindingColumns, readBindingCsv } from '../devices/binding-csv.ts';
import { boundThen } from '../devices/bound-then.ts';
import type { DeviceRegister } from '../devices/open-devices.ts';
import type { Quarantine } from '../devices/quarantine.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { count, zAsOf } from './forms.ts';
import { bytesOf, refusedTable } from './read-table.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly devices: DeviceRegister;
  readonly quarantine: Quarantine;
  readonly ledger: Pick<Ledger, 'world'>;
  readonly asOf: WorldAsOf;
  readonly store: Pick<Store, 'readEntries'>;
}
const MOST = 2000;
const MOST_BYTES = 512 * 1024;
const MOST_FIXES = 200;
const MOST_CSV_BYTES = 4 * 1024 * 1024;
const zFixes = z.object({
  fixes: z.array(z.object({ at: z.number(), lng: z.number(), lat: z.number(), receivedAt: z.number(), reason: z.string().optional() })),
});
const zBound = z.object({
  id: z.string().describe('opaque: what the ledger knows the device by'),
  door: z.string(),
  device: z.string().nullable().describe('null = released since `asOf`: its number is kept nowhere'),
  unit: z.string(),
  boundAt: z.number(),
  boundBy: z.string(),
  lastAt: z.number().nullable().describe('null = not since the start; with `asOf` never told'),
});
const zWaiting = z.object({
  id: z.string(),
  door: z.string(),
  device: z.string(),
  firstAt: z.number(),
  lastAt: z.number(),
  sosAt: z.number().nullable().describe('its SOS button is pressed since it last said so'),
  reports: z.number().int(),
  dropped: z.number().int().describe('reports of it that are no longer kept'),
});

/** Who binds devices: for each unit, where that unit belongs; or whoever registers. */
export function mustBind(actor: Actor, units: readonly string[], { world }: Pick<Ledger, 'world'>) {
  if (may(actor, 'register', null, treeOf(world)).ok) return;
  for (const unit of units) mustBeAllowed(actor, 'bind-devices', world.units.get(unit)?.area ?? null, world);
}

/** 设备: which is which unit, who waits to be bound, what was not believed. */
export function deviceRoutes({ devices, quarantine, ledger, asOf, store }: Parts): Route[] {
  const mayBind = (actor: Actor) =>
    may(actor, 'bind-devices', actor.area, treeOf(ledger.world)).ok || may(actor, 'register', actor.area, treeOf(ledger.world)).ok;

  return [
    route({
      method: 'get',
      path: '/api/v1/devices',
      tag: 'devices',
      summary: 'Devices bound to units, devices that wait, fixes that were not believed',
      description:
        'Numbers of devices are masked (138****0001) unless the actor may bind devices; bound ones and flaws are of units in the actor’s area. Times are epoch ms by the server’s clock. `asOf`: who was bound then, by the ledger; who waited and what was not believed is not kept.',
      query: z.object({ asOf: zAsOf }),
      answers: {
        200: {
          what: 'all three; `waiting` and `quarantined` null with `asOf`',
          json: z.object({
            doors: z.array(z.enum(deviceDoors)),
            mayBind: z.boolean(),
            bound: z.array(zBound),
            waiting: z.array(zWaiting).nullable(),
            quarantined: z
              .array(z.object({ unit: z.string(), reason: z.enum(fixFlaws), n: z.number().int(), lastAt: z.number() }))
              .nullable(),
          }),
        },
      },
      async handle({ actor, query }) {
        const { world } = await asOf(query.asOf);
        const tree = treeOf(world);
        const sees = (unit: string) => may(actor, 'watch', world.units.get(unit)?.area ?? null, tree).ok;
        const open = mayBind(actor);
        const shown = (device: string) => (open ? device : maskedNumber(device));
        if (query.asOf !== undefined) {
          const numbers = new Map([...devices.bound(), ...devices.waiting()].map((d) => [d.id, d.device]));
          const bound = (await boundThen(store, world.seq)).flatMap((b) => {
            const number = numbers.get(b.id);
            return sees(b.unit) ? [{ ...b, device: number === undefined ? null : shown(number), lastAt: null }] : [];
          });
          return { json: { doors: deviceDoors, mayBind: open, bound, waiting: null, quarantined: null } };
        }
        return {
          json: {
            doors: deviceDoors,
            mayBind: open,
            bound: devices
              .bound()
              .filter((b) => sees(b.unit))
              .map(({ id, door, device, unit, boundAt, boundBy, lastAt }) => {
                return { id, door, device: shown(device), unit, boundAt, boundBy, lastAt };
              }),
            waiting: devices
              .waiting()
              .map(({ id, door, device, firstAt, lastAt, sosAt, reports, dropped }) => {
                return { id, door, device: shown(device), firstAt, lastAt, sosAt, reports, dropped };
              })
              .sort((a, b) => b.lastAt - a.lastAt),
            quarantined: quarantine.counts().filter((c) => sees(c.unit)),
          },
        };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/devices/bind',
      tag: 'devices',
      summary: 'Bind devices to units',
      description:
        'All or none. What a waiting device has reported becomes its unit’s history (`handed`; `refused` were not believed and are in quarantine). A device stands for one unit, a unit has one device. The ledger gets `device.bound` with an opaque id.',
      limit: MOST_BYTES,
      body: z.object({ devices: z.array(zBinding).min(1).max(MOST) }),
      answers: {
        200: {
          what: 'bound',
          json: z.object({
            bound: z.array(
              z.object({ id: z.string(), door: z.string(), unit: z.string(), handed: z.number().int(), refused: z.number().int() }),
            ),
          }),
        },
        409: { what: 'a unit is not registered, or a device or a unit is bound already; nothing was bound' },
      },
      async handle({ actor, body }) {
        mustBind(actor, unitsOf(body.devices), ledger);
        const bound = await devices.bind(actor, body.devices);
        return { json: { bound: bound.map(({ id, door, unit, handed, refused }) => ({ id, door, unit, handed, refused })) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/devices.csv',
      tag: 'devices',
      summary: 'Bind devices from a table',
      description: `CSV in UTF-8, at most ${MAX_CSV_ROWS} rows below a header. Columns, by either name: ${Object.entries(bindingColumns)
        .map(([name, { zh }]) => `${name} (${zh})`)
        .join(', ')}. One wrong line, and nothing is bound.`,
      raw: ['text/csv'],
      limit: MOST_CSV_BYTES,
      query: z.object({ dry: z.enum(['0', '1']).default('0').describe('1 = check only') }),
      answers: {
        200: { what: 'bound, or with `dry` what would be', json: z.object({ rows: z.number().int(), handed: z.number().int() }) },
        422: { what: 'wrong lines: `mistakes` beside `error`, each with line, column and rule' },
      },
      async handle({ actor, query, content }) {
        if (!mayBind(actor)) throw new Refused(403, 'actor', `role ${actor.role} may not bind-devices`);
        const read = readBindingCsv(await bytesOf(content, MOST_CSV_BYTES), ledger.world, devices);
        if ('mistakes' in read) throw refusedTable(read.mistakes);
        mustBind(actor, unitsOf(read.bindings), ledger);
        const rows = read.bindings.length;
        if (query.dry === '1') return { json: { rows, handed: 0 } };
        const bound = await devices.bind(actor, read.bindings);
        return { json: { rows, handed: bound.reduce((sum, b) => sum + b.handed, 0) } };
      },
    }),
    route({
      method: 'post',
      path: '/api/v1/devices/release',
      tag: 'devices',
      summary: 'Release devices from their units',
      description: 'All or none. What a released device reports from then on waits again. The ledger gets `device.released`.',
      limit: MOST_BYTES,
      body: z.object({ devices: z.array(zBoundDevice).min(1).max(MOST) }),
      answers: {
        200: { what: 'the units they stood for', json: z.object({ units: z.array(z.string()) }) },
        409: { what: 'a device is not bound; nothing was released' },
      },
      async handle({ actor, body }) {
        mustBind(
          actor,
          body.devices.map((d) => devices.unitOf(d.door, d.device) ?? ''),
          ledger,
        );
        return { json: { units: await devices.release(actor, body.devices) } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/devices/waiting/{id}/fixes',
      tag: 'devices',
      summary: 'The last fixes of a device that waits',
      params: z.object({ id: zId }),
      query: z.object({ limit: count(MOST_FIXES, 20) }),
      answers: { 200: { what: 'newest first', json: zFixes }, 404: { what: 'no such device waits' } },
      async handle({ actor, params, query }) {
        if (!mayBind(actor)) throw new Refused(403, 'actor', `role ${actor.role} may not bind-devices`);
        const fixes = await devices.waitingFixes(params.id, query.limit);
        if (!fixes) throw new Refused(404, 'id', 'no such device waits');
        return { json: { fixes: fixes.map(({ at, lng, lat, receivedAt }) => ({ at, lng, lat, receivedAt })) } };
      },
    }),
    route({
      method: 'get',
      path: '/api/v1/devices/quarantine',
      tag: 'devices',
      summary: 'Fixes of a unit that were not believed',
      description: 'The last 200 of each unit are kept for 30 days. They are in no track and on no map.',
      query: z.object({ unit: zId, reason: z.enum(fixFlaws).optional(), limit: count(MOST_FIXES, 50) }),
      answers: { 200: { what: 'newest first', json: zFixes } },
      async handle({ actor, query: { unit, reason, limit } }) {
        mustBind(actor, [unit], ledger);
        const fixes = await quarantine.fixesOf(unit, reason ?? null, limit);
        return { json: { fixes: fixes.map(({ at, lng, lat, receivedAt, reason }) => ({ at, lng, lat, receivedAt, reason })) } };
      },
    }),
  ];
}

const unitsOf = (forms: readonly BindingForm[]) => [...new Set(forms.map((f) => f.unit))];
