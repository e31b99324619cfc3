import { z } from 'zod';
import { text, zId } from '../../model/fields.ts';
import type { Commands } from '../commands.ts';
import { type Route, route } from './route.ts';
import { stepRoutes } from './step-routes.ts';

const zAcknowledge = z.object({ alarm: zId, note: text(200).optional() });

/** What operators do: the steps of an incident, the acknowledgement of an alarm. */
export function operatorRoutes(commands: Commands): Route[] {
  return [
    ...stepRoutes(commands),
    route({
      method: 'post',
      path: '/api/v1/alarms/acknowledge',
      tag: 'operators',
      summary: 'Acknowledge an alarm',
      body: zAcknowledge,
      answers: {
        200: { what: 'acknowledged and durable', json: z.object({ ok: z.literal(true), seq: z.number().int() }) },
        404: { what: 'no such alarm' },
        409: { what: 'already acknowledged' },
      },
      handle: async ({ actor, body }) => ({ json: await commands.acknowledge(actor, body.alarm, body.note) }),
    }),
  ];
}
