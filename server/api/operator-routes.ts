import { z } from 'zod';
import { zId } from '../../model/fields.ts';
import type { Commands } from '../commands.ts';
import { zAcknowledge, zStepRequest } from './forms.ts';
import { type Route, route } from './route.ts';

/** What operators do: the steps of an incident, the acknowledgement of an alarm. */
export function operatorRoutes(commands: Commands): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/incidents/{id}/steps',
      tag: 'operators',
      summary: 'Take the next step of an incident',
      params: z.object({ id: zId }),
      body: zStepRequest,
      answers: {
        200: { what: 'taken and durable', json: z.object({ ok: z.literal(true), seq: z.number().int(), state: z.string() }) },
        404: { what: 'no such incident' },
        409: { what: 'not possible from the state the incident is in; `error.state` is that state' },
      },
      handle: async ({ actor, params, body }) => ({ json: await commands.step(actor, params.id, body) }),
    }),
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
