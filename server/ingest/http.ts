import { createHash } from 'node:crypto';
import { z } from 'zod';
import { epochMs } from '../../model/brand.ts';
import { canonicalJson } from '../../model/ledger.ts';
import { zReport } from '../../model/report.ts';
import { type Route, route } from '../api/route.ts';
import type { Engine, Outcome } from '../engine.ts';
import { Refused } from '../refused.ts';
import type { About, Door } from './doors.ts';
import type { Answers } from './idempotency.ts';

export const MAX_REPORTS = 1000;
/** 1,000 of the longest reports fit with room to spare. */
const MAX_BODY_BYTES = 1024 * 1024;

const zBatch = z.object({ reports: z.array(z.unknown()).max(MAX_REPORTS) });
const zResult = z.union([
  z.object({ ok: z.literal(true), id: z.string(), area: z.string().nullable(), known: z.literal(true).optional() }),
  z.object({ ok: z.literal(false), error: z.object({ field: z.string(), rule: z.string() }) }),
]);
const zBatchAnswer = z.object({ accepted: z.number().int(), results: z.array(zResult) });
export type BatchAnswer = z.output<typeof zBatchAnswer>;

interface Parts {
  readonly engine: Engine;
  readonly door: Door;
  readonly answers: Answers;
  readonly now: () => number;
}

/** The HTTP door. The body is judged as a whole, then every report by itself: one bad report does not hold up the others. */
export function reportsRoute({ engine, door, answers, now }: Parts): Route {
  return route({
    method: 'post',
    path: PATH,
    tag: 'doors',
    summary: 'Hand in positions, readings and incidents',
    description: `Up to ${MAX_REPORTS} reports, each answered by itself and in order; the answer comes when all that was accepted is durable. With an Idempotency-Key the same request repeated within a day gets the same answer and is taken once; the key with another body is refused. An incident with a \`ref\` is taken once per \`source\`; handed in again it is answered with its id and \`known\`. A \`caller\` goes into the vault; ledger and stream hold an opaque id only.`,
    door: door.name,
    limit: MAX_BODY_BYTES,
    body: zBatch,
    bodyShown: z.object({ reports: z.array(zReport).max(MAX_REPORTS) }),
    headers: { 'Idempotency-Key': 'any text of 1-200 printable characters, new for every new request' },
    answers: {
      200: { what: 'one result per report', json: zBatchAnswer },
      400: { what: 'the body is not of this form' },
      409: { what: 'the Idempotency-Key was used for another body' },
      413: { what: `the body is larger than ${MAX_BODY_BYTES} bytes` },
    },
    async handle({ actor, body, headers }) {
      const take = async (key?: string): Promise<BatchAnswer> => {
        const receivedAt = epochMs(now());
        const outcomes = await Promise.all(
          body.reports.map((report, i) =>
            engine.receive(report, { actor, receivedAt, ...(key === undefined ? {} : { key: `${key} ${i}` }) }),
          ),
        );
        for (const [i, o] of outcomes.entries()) count(door, o, () => aboutReport(body.reports[i]));
        return { accepted: outcomes.filter((o) => o.ok).length, results: outcomes.map(resultOf) };
      };
      const key = headers['idempotency-key'];
      if (key === undefined) return { json: await take() };
      if (typeof key !== 'string' || !/^[\x20-\x7e]{1,200}$/.test(key)) {
        throw new Refused(400, 'Idempotency-Key', '1-200 printable ASCII characters');
      }
      const fingerprint = createHash('sha256').update(canonicalJson(body)).digest('hex');
      return { json: await answers.once(`${actor.id} ${key}`, fingerprint, () => take(`${actor.id} ${key} ${fingerprint}`)) };
    },
  });
}

/** Count what became of one report; `about` is asked only where it was refused. */
export function count(door: Door, outcome: Outcome, about: () => About) {
  if (outcome.ok) door.accept(outcome.at);
  else door.refuse(outcome.refusal, about());
}

const PATH = '/api/v1/reports';
const aboutReport = (report: unknown): About => ({
  where: `POST ${PATH}`,
  payload: JSON.stringify(report) ?? '',
  device: deviceNamed(report),
});
/** The id of the unit or sensor a report speaks of. */
export function deviceNamed(report: unknown): string | undefined {
  const { unit, sensor } = (report ?? {}) as { unit?: unknown; sensor?: unknown };
  return [sensor, unit].find((id) => typeof id === 'string');
}

const resultOf = (o: Outcome): BatchAnswer['results'][number] =>
  o.ok
    ? { ok: true, id: o.id, area: o.area, ...(o.known ? { known: true } : {}) }
    : { ok: false, error: { field: o.refusal.field, rule: o.refusal.rule } };
