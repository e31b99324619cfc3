import { alarmStep } from '../alarm-fold.ts';
import { ruleKey } from '../alarm-rule.ts';
import { floodRule } from '../centre.ts';
import { surgeAfter } from '../flood.ts';
import type { Entry } from '../ledger.ts';
import type { Draft, Reducers } from './draft.ts';

function alarmed(d: Draft, body: { alarm: string }, entry: Entry) {
  const change = alarmStep(d.now.alarms.get(body.alarm), entry as Parameters<typeof alarmStep>[1]);
  if (!change) return;
  if (change.alarm) d.write('alarms').set(body.alarm, change.alarm);
  else if (d.now.alarms.has(body.alarm)) d.write('alarms').delete(body.alarm);
  if (change.announced) d.now.surge = surgeAfter(d.now.surge, entry.at, floodRule(d.now.centre));
}

/** 警报: its steps, the flood they may be part of, and the rules set by hand. */
export const alarms = {
  'alarm.raised': alarmed,
  'alarm.acknowledged': alarmed,
  'alarm.cleared': alarmed,
  'alarm.revised': alarmed,
  'alarm.reset': alarmed,
  'alarm.shelved': alarmed,
  'alarm.unshelved': alarmed,
  'alarm.suppressed': alarmed,
  'alarm.unsuppressed': alarmed,
  'alarm.removed': alarmed,
  'alarm.returned': alarmed,
  'alarm.noted': alarmed,
  'rule.set': (d, b) => {
    d.write('rules').set(ruleKey(b.rule), b.rule);
  },
} satisfies Partial<Reducers>;
