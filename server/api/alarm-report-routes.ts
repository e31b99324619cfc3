import { z } from 'zod';
import { may } from '../../model/access.ts';
import { type AlarmEntry, alarmTally } from '../../model/alarm-performance.ts';
import type { AlarmReport } from '../../model/alarm-report.ts';
import type { AreaCode } from '../../model/brand.ts';
import { noSurge } from '../../model/flood.ts';
import { entryKinds } from '../../model/ledger.ts';
import { zInstant } from '../../model/report.ts';
import { treeOf } from '../../model/world.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { entryOf } from '../ledger/rows.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'worldAt'>;
  readonly store: Pick<Store, 'readEntries'>;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
const USUAL_MS = 7 * DAY_MS;
const MAX_MS = 92 * DAY_MS;
const PAGE = 2000;
const alarmKinds = Object.keys(entryKinds).filter((kind) => kind.startsWith('alarm.'));
const zRows = z.array(z.looseObject({}));

/** How much the alarms of a time asked of those who watch: figures, targets, and the alarms behind them. */
export function alarmReportRoutes({ ledger, store, now }: Parts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/alarms/report',
      tag: 'watching',
      summary: 'Alarm performance after ISA-18.2 and EEMUA 191: figures with targets, and the alarms behind them',
      description: `Without \`from\` and \`to\` the last seven days; at most ${MAX_MS / DAY_MS} days. Counts alarms of the asker's own area.`,
      query: z.object({ from: zInstant.optional(), to: zInstant.optional() }),
      answers: {
        200: {
          what: 'the report of model/alarm-report.ts',
          json: z.looseObject({ from: z.number(), to: z.number(), seq: z.number(), at: z.number(), announced: z.number(), figures: zRows }),
        },
      },
      async handle({ actor, query }) {
        const at = now();
        const to = Math.min(query.to ?? at, at);
        const from = query.from ?? to - USUAL_MS;
        if (from >= to) throw new Refused(400, 'from', 'must be earlier than to, and not in the future');
        if (to - from > MAX_MS) throw new Refused(400, 'from', `at most ${MAX_MS / DAY_MS} days before to`);
        const { world } = ledger;
        const tree = treeOf(world);
        const sees = (area: AreaCode | null) => may(actor, 'watch', area, tree).ok;
        const whole = sees(null);

        const before = await ledger.worldAt(from - 1);
        const alarms = whole ? before.alarms : new Map([...before.alarms].filter(([, a]) => sees(a.area)));
        const tally = alarmTally({ alarms, surge: whole ? before.surge : noSurge }, { from, to }, world.centre);
        let after: number = before.seq;
        for (;;) {
          const rows = await store.readEntries({ after, upTo: world.seq, kinds: alarmKinds, from, to, limit: PAGE });
          for (const row of rows) {
            const entry = entryOf(row) as AlarmEntry;
            // an entry that begins an alarm says where; later ones of an alarm that is not here change nothing
            if (whole || !('area' in entry.body) || sees(entry.body.area)) tally.take(entry);
          }
          if (rows.length < PAGE) break;
          after = rows.at(-1)!.seq;
        }
        const json: AlarmReport = tally.report({ seq: world.seq, at });
        return { json };
      },
    }),
  ];
}
