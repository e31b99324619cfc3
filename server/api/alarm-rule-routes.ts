import { z } from 'zod';
import { zAlarmRule } from '../../model/alarm-rule.ts';
import { entryKinds } from '../../model/ledger.ts';
import type { AlarmRules } from '../alarm-rules.ts';
import { zAsOf, zRecordedAt } from './forms.ts';
import { type Route, route } from './route.ts';

/** Five thousand overrides with their own hours. */
const LIMIT = 4 * 1024 * 1024;

/** The rules that raise alarms: as they stand, and set or changed as a whole. */
export function alarmRuleRoutes({ rules }: { readonly rules: AlarmRules }): Route[] {
  return [
    route({
      method: 'get',
      tag: 'rules',
      path: '/api/v1/alarm-rules',
      summary: 'Every rule, those of the kinds’ own limits (`simple`) too, with what hangs on it',
      query: z.object({ asOf: zAsOf }),
      answers: {
        200: {
          what: 'rules, how many sensors they cover and alarms of them are active, who set them when, and what their trial said',
          json: z.object({
            seq: z.number().int(),
            rules: z.array(
              z.looseObject({
                rule: z.looseObject({ kind: z.string(), code: z.string() }),
                simple: z.boolean(),
                sensors: z.number().int(),
                standing: z.number().int(),
                setAt: z.number().nullable().describe('epoch ms'),
                setBy: z.string().nullable(),
              }),
            ),
          }),
        },
      },
      handle: async ({ actor, query }) => ({ json: await rules.list(actor, query.asOf) }),
    }),
    route({
      method: 'post',
      tag: 'rules',
      path: '/api/v1/alarm-rules',
      summary: 'Set a rule: a new one, or in place of the one with this kind and code',
      description:
        '`trial`: what POST /api/v1/alarm-rules/try said of it before. A rule equal to the one that stands changes nothing. Switched off with `enabled: false`; the ledger keeps every version.',
      query: zRecordedAt,
      limit: LIMIT,
      body: z.object({ rule: zAlarmRule, trial: entryKinds['rule.set'].shape.trial }),
      answers: {
        200: { what: 'set and durable', json: z.object({ seq: z.number().int() }) },
        409: { what: 'no centre yet, or `at` is earlier than the last entry' },
      },
      handle: async ({ actor, body, query }) => ({ json: await rules.set(actor, body.rule, body.trial, query.at) }),
    }),
  ];
}
