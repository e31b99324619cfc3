import { partsOfAlarm } from '../../model/alarm.ts';
import { ruleOfAlarm } from '../../model/alarm-rules.ts';
import type { Entry } from '../../model/ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { RULES } from './change-writer.ts';

/** Telemetry is on the disk a second after the ledger is, and later only while the database is slow: so much is looked through. */
const LOOK_BACK_MS = 120_000;
const PAGE = 1_000;

/**
 * Readings that raised or cleared an alarm and are perhaps not in telemetry: an alarm is durable before its reading is answered, a reading
 * up to a second later, so a server that dies between the two comes back with a value that is older than what its alarms rest on.
 * @param seqAt the last entry at or before a moment
 * @returns sensor -> device time of the newest such reading, epoch ms
 */
export async function readingsOfLedger(
  ledger: Pick<Ledger, 'world' | 'read'>,
  seqAt: (ms: number) => Promise<number>,
): Promise<ReadonlyMap<string, number>> {
  const { world } = ledger;
  const newest = new Map<string, number>();
  const take = (e: Entry) => {
    if (e.actor !== RULES || (e.kind !== 'alarm.raised' && e.kind !== 'alarm.cleared')) return;
    // silence is raised at a moment of ours, not of a reading
    if (e.kind === 'alarm.raised' && ruleOfAlarm(world, e.body.alarm)?.test.is === 'no-data') return;
    const { sensor } = partsOfAlarm(e.body.alarm);
    newest.set(sensor, Math.max(e.body.at, newest.get(sensor) ?? 0));
  };
  for (let after = await seqAt(world.at - LOOK_BACK_MS); after < world.seq; ) {
    const entries = await ledger.read(after, PAGE);
    if (entries.length === 0) break;
    for (const e of entries) take(e);
    after = entries.at(-1)!.seq;
  }
  return newest;
}
