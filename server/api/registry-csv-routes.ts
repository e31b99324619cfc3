import { z } from 'zod';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import { csvColumns, csvLists, MAX_CSV_ROWS, readRegistryCsv } from '../registry-csv.ts';
import type { Setup } from '../setup.ts';
import { zRecordedAt } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly setup: Pick<Setup, 'register'>;
  readonly ledger: Pick<Ledger, 'world'>;
}

const MAX_BYTES = 16 * 1024 * 1024;
const MAX_TOLD = 100;

const columnsOf = (list: (typeof csvLists)[number]) =>
  Object.entries(csvColumns[list])
    .map(([name, { zh, needed }]) => `${name} (${zh}${needed ? ', needed' : ''})`)
    .join(', ');

/** 批量登记: devices and facilities from a table. */
export function registryCsvRoutes({ setup, ledger }: Parts): Route[] {
  return csvLists.map((list) =>
    route({
      method: 'post',
      path: `/api/v1/registry/${list}.csv`,
      tag: 'administration',
      summary: `Register ${list} from a table`,
      description: `CSV in UTF-8, at most ${MAX_CSV_ROWS} rows below a header. Columns, by either name: ${columnsOf(list)}. One wrong line, and nothing is registered. Rows replace their namesakes.`,
      raw: ['text/csv'],
      limit: MAX_BYTES,
      query: zRecordedAt.extend({ dry: z.enum(['0', '1']).default('0').describe('1 = check only') }),
      answers: {
        200: {
          what: 'registered, or with `dry` what would be',
          json: z.object({ rows: z.number().int(), seq: z.number().int().nullable() }),
        },
        413: { what: `larger than ${MAX_BYTES} bytes` },
        422: { what: `wrong lines: \`mistakes\` beside \`error\` tells up to ${MAX_TOLD} of \`total\`, each with line, column and rule` },
      },
      async handle({ actor, query, content }) {
        mustBeAllowed(actor, 'register', null, ledger.world);
        const read = readRegistryCsv(list, await readAll(content), ledger.world);
        if ('mistakes' in read) {
          const [first] = read.mistakes;
          const field = [`line ${first!.line}`, first!.column].filter(Boolean).join(', ');
          const beside = { total: read.mistakes.length, mistakes: read.mistakes.slice(0, MAX_TOLD) };
          throw new Refused(422, field, first!.rule, {}, beside);
        }
        const { rows, registry } = read;
        if (query.dry === '1') return { json: { rows, seq: null } };
        const { seq } = await setup.register(actor, registry, query.at);
        return { json: { rows, seq } };
      },
    }),
  );
}

async function readAll(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Refused(413, 'body', `larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
