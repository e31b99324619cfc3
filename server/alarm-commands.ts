import type { Actor } from '../model/access.ts';
import type { AlarmActForm } from '../model/alarm-forms.ts';
import { decideAlarm } from '../model/alarm-step.ts';
import type { Fact } from '../model/ledger.ts';
import type { Ledger } from './ledger/ledger.ts';

/** One line of the answer: what became of one alarm. */
export type AlarmResult =
  | { readonly alarm: string; readonly ok: true; readonly seq: number }
  | { readonly alarm: string; readonly ok: false; readonly error: { readonly field: string; readonly rule: string } };

/** What people do to alarms. */
export interface AlarmCommands {
  /**
   * The same act on each of these alarms, decided for each by itself against the newest world: one that is refused holds up no other,
   * and of two who race for one alarm one is refused. All are one append, so that a group of 500 is on the disk as soon as one is.
   * @param alarms each once
   */
  act(actor: Actor, alarms: readonly string[], form: AlarmActForm): Promise<AlarmResult[]>;
}

export function openAlarmCommands(ledger: Pick<Ledger, 'append'>, now: () => number): AlarmCommands {
  return {
    async act(actor, alarms, form) {
      let refused = new Map<string, AlarmResult>();
      const entries = await ledger.append(actor.id, (world) => {
        refused = new Map();
        const facts: Fact[] = [];
        for (const alarm of alarms) {
          const decision = decideAlarm(world, alarm, form, actor, now());
          if (decision.ok) facts.push(...decision.facts);
          else refused.set(alarm, { alarm, ok: false, error: { field: decision.field, rule: decision.rule } });
        }
        return facts;
      });
      const done = new Map(entries.map((e) => [(e.body as { alarm: string }).alarm, e.seq]));
      return alarms.map((alarm) => refused.get(alarm) ?? { alarm, ok: true, seq: done.get(alarm)! });
    },
  };
}
