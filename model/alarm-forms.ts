import { z } from 'zod';
import { given, text, zEpochMs, zId } from './fields.ts';

/** 操作员对告警做的事: one form for each, as it comes through the API and from an import. */
export const alarmForms = {
  acknowledge: z.object({ note: text(200).optional() }),
  /** 复位 of a latched alarm whose condition has cleared */
  reset: z.object({ note: text(200).optional() }),
  /** one-shot: until it clears, at the latest after `minutes` (default: the rule's maximum); timed: for `minutes` */
  shelve: z.object({
    kind: z.enum(['one-shot', 'timed']),
    minutes: z.number().min(1).max(10_080).optional(),
    reason: given(200),
  }),
  unshelve: z.object({}),
  /** 停用 for repair or replacement; the condition is followed but not shown until it is returned */
  remove: z.object({ reason: given(200) }),
  return: z.object({}),
  note: z.object({ text: given(400) }),
} as const;
export type AlarmAct = keyof typeof alarmForms;
export const alarmActs = Object.keys(alarmForms) as AlarmAct[];

const act = <A extends AlarmAct>(name: A) => z.object({ act: z.literal(name) });
export const zAlarmAct = z.union([
  alarmForms.acknowledge.extend(act('acknowledge').shape),
  alarmForms.reset.extend(act('reset').shape),
  alarmForms.shelve.extend(act('shelve').shape),
  alarmForms.unshelve.extend(act('unshelve').shape),
  alarmForms.remove.extend(act('remove').shape),
  alarmForms.return.extend(act('return').shape),
  alarmForms.note.extend(act('note').shape),
]);
export type AlarmActForm = z.output<typeof zAlarmAct>;

export const zShelf = z.object({ kind: z.enum(['one-shot', 'timed']), until: zEpochMs, reason: text(200), by: zId });
