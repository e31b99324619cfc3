import { z } from 'zod';
import { may } from '../../model/access.ts';
import { alarmTally } from '../../model/alarm-performance.ts';
import type { AlarmReport } from '../../model/alarm-report.ts';
import type { AreaCode } from '../../model/brand.ts';
import { noSurge } from '../../model/flood.ts';
import { zInstant } from '../../model/report.ts';
import { treeOf } from '../../model/world.ts';
import { alarmEntries } from '../alarm-entries.ts';
import { askedSpan } from '../asked-span.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'worldAt'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 92;
const zRows = z.array(z.looseObject({}));

/** How much the alarms of a time asked of those who watch: figures, targets, and the alarms behind them. */
export function alarmReportRoutes({ ledger, store, now }: Parts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/alarms/report',
      tag: 'watching',
      summary: 'Alarm performance after ISA-18.2 and EEMUA 191: figures with targets, and the alarms behind them',
      description: `Without \`from\` and \`to\` the last seven days; at most ${MAX_DAYS} days. Counts alarms of the asker's own area.`,
      query: z.object({ from: zInstant.optional(), to: zInstant.optional() }),
      answers: {
        200: {
          what: 'the report of model/alarm-report.ts',
          json: z.looseObject({ from: z.number(), to: z.number(), seq: z.number(), at: z.number(), announced: z.number(), figures: zRows }),
        },
      },
      async handle({ actor, query }) {
        const at = now();
        const { from, to } = askedSpan(query, { now: at, usualMs: 7 * DAY_MS, maxDays: MAX_DAYS });
        const { world } = ledger;
        const tree = treeOf(world);
        const sees = (area: AreaCode | null) => may(actor, 'watch', area, tree).ok;
        const whole = sees(null);

        const before = await ledger.worldAt(from - 1);
        const alarms = whole ? before.alarms : new Map([...before.alarms].filter(([, a]) => sees(a.area)));
        const tally = alarmTally({ alarms, surge: whole ? before.surge : noSurge }, { from, to }, world.centre);
        for await (const entry of alarmEntries(store, { from, to, after: before.seq, upTo: world.seq })) {
          // an entry that begins an alarm says where; later ones of an alarm that is not here change nothing
          if (whole || !('area' in entry.body) || sees(entry.body.area)) tally.take(entry);
        }
        const json: AlarmReport = tally.report({ seq: world.seq, at });
        return { json };
      },
    }),
  ];
}
