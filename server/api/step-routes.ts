import { z } from 'zod';
import { zId } from '../../model/fields.ts';
import type { IncidentStep } from '../../model/incident.ts';
import { type StepForm, stepForms, zWhistleAct, zWhistleForm } from '../../model/incident-forms.ts';
import type { Commands } from '../commands.ts';
import { type Route, route } from './route.ts';

const MAX_BULK = 500;
const steps = Object.keys(stepForms) as IncidentStep[];
/** One form for each step, told apart by `step`; with `more`, what a request says beside it. */
function zSteps<M extends z.ZodRawShape>(more: M) {
  const [first, ...rest] = steps.map((step) =>
    (stepForms[step] as z.ZodType as z.ZodObject).safeExtend({ step: z.literal(step), ...more }),
  );
  return z.discriminatedUnion('step', [first!, ...rest]) as z.ZodType as z.ZodType<StepForm & z.output<z.ZodObject<M>>>;
}

const zStepRequest = zSteps({});
const zBulkRequest = zSteps({
  incidents: z
    .array(zId)
    .min(1)
    .max(MAX_BULK)
    .refine((ids) => new Set(ids).size === ids.length, 'each incident once'),
  preview: z.boolean().default(false).describe('only say what would happen'),
});

const zSeq = z.number().int();
const zDone = z.object({ ok: z.literal(true), seq: zSeq });
const zBulkAnswer = z.object({
  results: z.array(
    z.looseObject({
      incident: z.string(),
      ok: z.boolean(),
      state: z.string().optional().describe('after it'),
      what: z
        .looseObject({})
        .optional()
        .describe('in a preview: from, to, deadline, unit and what it has already, department, into, answered'),
      error: z.looseObject({ field: z.string(), rule: z.string() }).optional(),
    }),
  ),
});
const conflict = 'not possible as things stand; `error.state` is where the incident stands, `error.last` the step that led there';
const notFound = 'no such incident';

/** The closed loop over HTTP: steps, whistles, and the same step on many. */
export function stepRoutes(commands: Commands): Route[] {
  const common = { method: 'post', tag: 'operators', params: z.object({ id: zId }) } as const;
  return [
    route({
      ...common,
      path: '/api/v1/incidents/{id}/steps',
      summary: 'Take the next step of an incident',
      description:
        'Which steps are possible from where it stands is one table; each brings its own form. Of two who race for one step one is answered 409. An incident that ended long ago is brought back for the steps that may follow.',
      body: zStepRequest,
      answers: {
        200: { what: 'taken and durable', json: zDone.extend({ state: z.string() }) },
        404: { what: notFound },
        409: { what: conflict },
      },
      handle: async ({ actor, params, body }) => ({ json: await commands.step(actor, params.id, body) }),
    }),
    route({
      ...common,
      path: '/api/v1/incidents/{id}/whistles',
      summary: 'Blow the whistle: call departments to an open incident',
      body: zWhistleForm,
      answers: {
        200: { what: 'blown and durable', json: zDone.extend({ whistle: z.number().int().describe('its number') }) },
        404: { what: notFound },
        409: { what: conflict },
      },
      handle: async ({ actor, params, body }) => ({ json: await commands.whistle(actor, params.id, body) }),
    }),
    route({
      ...common,
      path: '/api/v1/incidents/{id}/whistles/acts',
      summary: 'Answer, report in, urge, release or rate a whistle',
      body: zWhistleAct,
      answers: {
        200: { what: 'done and durable', json: zDone },
        404: { what: 'no such incident or whistle' },
        409: { what: conflict },
      },
      handle: async ({ actor, params, body }) => ({ json: await commands.whistleAct(actor, params.id, body) }),
    }),
    route({
      method: 'post',
      tag: 'operators',
      path: '/api/v1/incidents/bulk',
      summary: 'Take the same step of many incidents',
      description: 'Each for itself: one that is refused holds up no other. With `preview` nothing happens and every line says what would.',
      body: zBulkRequest,
      answers: { 200: { what: 'one line for each incident, in the order given', json: zBulkAnswer } },
      async handle({ actor, body }) {
        const { incidents, preview, ...form } = body;
        return { json: { results: await commands[preview ? 'preview' : 'bulk'](actor, incidents, form as StepForm) } };
      },
    }),
  ];
}
