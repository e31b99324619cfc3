import type { Entry } from '../model/ledger.ts';
import { IMPORT } from './history.ts';
import type { Ledger } from './ledger/ledger.ts';

/** An entry recorded as of earlier than this is history being imported. */
const PAST_MS = 60_000;
/** An import that has been silent for so long is over. Until then nothing is written: an entry of now would bar the rest of the past. */
const IMPORT_QUIET_MS = 30_000;

/** Until when the clocks of the house write nothing, because history is being imported: epoch ms; 0 = they may. */
export interface ImportQuiet {
  readonly until: number;
}

/** One for the house, opened before the clocks: it is told of an entry before they are. */
export async function openImportQuiet(ledger: Pick<Ledger, 'world' | 'read' | 'follow'>, now: () => number): Promise<ImportQuiet> {
  const isPast = (entry: Entry | undefined) => entry !== undefined && (entry.actor === IMPORT || entry.at < now() - PAST_MS);
  const quiet = { until: 0 };
  ledger.follow((entries) => {
    quiet.until = isPast(entries.at(-1)) ? now() + IMPORT_QUIET_MS : 0;
  });
  // a server stopped in the middle of an import is about to be handed the rest of it
  const { world } = ledger;
  const [last] = world.seq > 0 ? await ledger.read(world.seq - 1, 1) : [];
  if (last?.actor === IMPORT) quiet.until = now() + IMPORT_QUIET_MS;
  return quiet;
}
