import { type AlarmEntry, alarmKinds } from '../model/ledger.ts';
import { entryOf } from './ledger/rows.ts';
import type { Store } from './store/store.ts';

const PAGE = 5000;

/** Entries of alarms (of one, with `subject`) within from <= at < to (epoch ms) and after < seq <= upTo, in the order of the ledger. */
export async function* alarmEntries(
  store: Pick<Store, 'readEntries'>,
  span: {
    readonly from: number;
    readonly to: number;
    readonly after: number;
    readonly upTo: number;
    readonly subject?: string | undefined;
  },
): AsyncGenerator<AlarmEntry> {
  for (let { after } = span; ; ) {
    const rows = await store.readEntries({ ...span, after, kinds: alarmKinds, limit: PAGE });
    for (const row of rows) yield entryOf(row) as AlarmEntry;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.seq;
  }
}
