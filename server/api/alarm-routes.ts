import { z } from 'zod';
import { type AlarmAct, type AlarmActForm, alarmActs, alarmForms } from '../../model/alarm-forms.ts';
import { zId } from '../../model/fields.ts';
import type { AlarmCommands } from '../alarm-commands.ts';
import { type Route, route } from './route.ts';

const MAX_ALARMS = 1000;
/** A thousand ids of 80 characters and the form. */
const ACTS_LIMIT = 128 * 1024;
const zAlarms = z
  .array(zId)
  .min(1)
  .max(MAX_ALARMS)
  .refine((ids) => new Set(ids).size === ids.length, 'each alarm once');

const zActRequest = (() => {
  const formOf = (act: AlarmAct) => (alarmForms[act] as z.ZodType as z.ZodObject).safeExtend({ act: z.literal(act), alarms: zAlarms });
  const [first, ...rest] = alarmActs.map(formOf);
  return z.discriminatedUnion('act', [first!, ...rest]) as z.ZodType as z.ZodType<AlarmActForm & { alarms: string[] }>;
})();
const zActAnswer = z.object({
  results: z.array(
    z.object({
      alarm: z.string(),
      ok: z.boolean(),
      seq: z.number().int().optional().describe('entry of the ledger that says so'),
      error: z.object({ field: z.string(), rule: z.string() }).optional(),
    }),
  ),
});

/** What operators do to alarms. */
export function alarmRoutes({ commands }: { readonly commands: AlarmCommands }): Route[] {
  return [
    route({
      method: 'post',
      tag: 'operators',
      path: '/api/v1/alarms/acts',
      summary: 'Acknowledge, reset, shelve, unshelve, take out of service, return or comment on alarms',
      description:
        'Each alarm for itself: one that is refused holds up no other, and its line says why. What is answered ok is durable. An alarm in its normal state (`<sensor>/<rule>`) can be shelved and taken out of service too.',
      body: zActRequest,
      limit: ACTS_LIMIT,
      answers: { 200: { what: 'one line for each alarm, in the order given', json: zActAnswer } },
      async handle({ actor, body: { alarms, ...form } }) {
        return { json: { results: await commands.act(actor, alarms, form) } };
      },
    }),
  ];
}
