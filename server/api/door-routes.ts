import { z } from 'zod';
import { mustBeAllowed } from '../commands.ts';
import { type Doors, KEPT_REFUSALS } from '../ingest/doors.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly doors: Doors;
  readonly ledger: Pick<Ledger, 'world'>;
}

const zRefused = z.object({
  at: z.number(),
  door: z.string(),
  where: z.string().describe('topic or route'),
  mapping: z.string().nullable(),
  field: z.string(),
  rule: z.string(),
  reason: z.string(),
  payload: z.string().describe('its first 200 characters, without telephone numbers and callers'),
  device: z.string().nullable().describe('id of the unit, sensor or device it names, where that is not registered'),
});

/** What the doors turned away: for whoever sets a sender right or registers its device. */
export function doorRoutes({ doors, ledger }: Parts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/doors/refusals',
      tag: 'doors',
      summary: 'What the doors refused last, and why; devices that are not registered',
      description: `The last ${KEPT_REFUSALS} of each door since the server started, newest first. \`unknown\` counts the messages of each unknown device among them.`,
      query: z.object({ door: z.string().max(40).optional() }),
      answers: {
        200: {
          what: 'refused messages',
          json: z.object({
            refusals: z.array(zRefused),
            unknown: z.array(
              z.object({ device: z.string(), door: z.string(), where: z.string(), messages: z.number().int(), lastAt: z.number() }),
            ),
          }),
        },
        403: { what: 'for supervisors and administrators' },
      },
      handle({ actor, query: { door } }) {
        mustBeAllowed(actor, 'inspect-doors', null, ledger.world);
        const refusals = doors.refused().filter((r) => door === undefined || r.door === door);
        const unknown = new Map<string, { device: string; door: string; where: string; messages: number; lastAt: number }>();
        for (const { device, door, where, at } of refusals) {
          if (device === null) continue;
          const row = unknown.get(device) ?? { device, door, where, messages: 0, lastAt: at };
          unknown.set(device, { ...row, messages: row.messages + 1 });
        }
        return { json: { refusals, unknown: [...unknown.values()] } };
      },
    }),
  ];
}
