import type { EntryBody } from '../../model/ledger.ts';
import { entryOf } from '../ledger/rows.ts';
import type { Store } from '../store/store.ts';

const PAGE = 5000;

/** A binding as the ledger tells it: the device by its opaque id, its number nowhere. `boundAt`: epoch ms. */
export interface LedgerBinding {
  readonly id: string;
  readonly door: string;
  readonly unit: string;
  readonly boundAt: number;
  readonly boundBy: string;
}

/** Which device was which unit once entry `upTo` was written, the earliest binding first. */
export async function boundThen(store: Pick<Store, 'readEntries'>, upTo: number): Promise<LedgerBinding[]> {
  const bound = new Map<string, LedgerBinding>();
  for (let after = 0; ; ) {
    const rows = await store.readEntries({ kinds: ['device.bound', 'device.released'], after, upTo, limit: PAGE });
    for (const row of rows) {
      const { at, actor, kind, body } = entryOf(row);
      const { device: id, door, unit } = body as EntryBody<'device.bound'>;
      if (kind === 'device.released') bound.delete(id);
      // a start that finishes what a crash left half done tells of the same binding again
      else if (!bound.has(id)) bound.set(id, { id, door, unit, boundAt: at, boundBy: actor });
    }
    if (rows.length < PAGE) return [...bound.values()];
    after = rows.at(-1)!.seq;
  }
}
