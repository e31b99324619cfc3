import { z } from 'zod';
import { zAlarmRule } from '../../model/alarm-rule.ts';
import { zInstant } from '../../model/report.ts';
import type { AlarmTrials } from '../alarm-trial.ts';
import { type Route, route } from './route.ts';

/** Five thousand overrides with their own hours. */
const LIMIT = 4 * 1024 * 1024;

/** A rule tried over what the sensors read, before it is set. */
export function alarmTrialRoutes(trials: AlarmTrials): Route[] {
  return [
    route({
      method: 'post',
      tag: 'rules',
      path: '/api/v1/alarm-rules/try',
      summary: 'What a rule would have raised over the readings at rest; nothing is set or written',
      description:
        'Judged as the live watch judges, with the overrides, delays and hours of the rule, by the time of the devices. Without `from` and `to` the last seven days; at most 35 days. As if it were switched on.',
      limit: LIMIT,
      body: z.object({ rule: zAlarmRule, from: zInstant.optional(), to: zInstant.optional() }),
      answers: {
        200: {
          what: '`rows` are the first 500, `bySensor` those that raised any; `coveredFrom`: the history begins there',
          json: z.object({
            from: z.number(),
            to: z.number(),
            coveredFrom: z.number().nullable(),
            sensors: z.number().int(),
            readings: z.number().int(),
            raised: z.number().int(),
            rows: z.array(z.object({ sensor: z.string(), raisedAt: z.number(), clearedAt: z.number().nullable(), peak: z.number() })),
            bySensor: z.array(z.object({ sensor: z.string(), raised: z.number().int() })),
          }),
        },
        429: { what: 'several trials are under way already' },
      },
      handle: async ({ actor, body: { rule, from, to } }) => ({ json: await trials.run(actor, rule, { from, to }) }),
    }),
  ];
}
