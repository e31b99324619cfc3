import { z } from 'zod';
import { mustBeAllowed } from '../commands.ts';
import { MAX_CSV_ROWS } from '../csv-table.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { csvColumns, csvLists, readRegistryCsv } from '../registry-csv.ts';
import type { Setup } from '../setup.ts';
import { zRecordedAt } from './forms.ts';
import { bytesOf, MAX_TOLD, refusedTable } from './read-table.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly setup: Pick<Setup, 'register'>;
  readonly ledger: Pick<Ledger, 'world'>;
}

const MAX_BYTES = 16 * 1024 * 1024;

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
        const read = readRegistryCsv(list, await bytesOf(content, MAX_BYTES), ledger.world);
        if ('mistakes' in read) throw refusedTable(read.mistakes);
        const { rows, registry } = read;
        if (query.dry === '1') return { json: { rows, seq: null } };
        const { seq } = await setup.register(actor, registry, query.at);
        return { json: { rows, seq } };
      },
    }),
  );
}
