import { type AlarmState, alarmStates, hidden } from '../../../model/alarm.ts';
import type { AlarmFilter } from '../../../model/alarm-groups.ts';
import type { AreaCode } from '../../../model/brand.ts';
import type { Priority } from '../../../model/centre.ts';
import type { AlarmLogQuery } from '../../alarms-api.ts';
import type { TabParams } from '../../store/view-store.ts';

/** 当前 · 按同因 · 历史 */
export const listModes = ['now', 'cause', 'past'] as const;
export type ListMode = (typeof listModes)[number];
/** Everything put before the operator; the states that hide an alarm stand beside it, each with its count. */
export const ANY_STATE = 'all';

const words = (text: string | undefined) => text?.split(',').filter(Boolean) ?? [];

/** How the list is shown; where the address does not say, in a flood by cause. */
export const modeOf = (params: TabParams, flood: boolean): ListMode => listModes.find((m) => m === params.by) ?? (flood ? 'cause' : 'now');

const standing = alarmStates.filter((s) => s !== 'normal');
/** The filter the address names; words that are none of ours are passed over. */
export function filterOf(params: TabParams, area: AreaCode | null): AlarmFilter {
  const asked = words(params.state);
  const states = asked.includes(ANY_STATE) ? standing : standing.filter((s) => asked.includes(s));
  const priorities = ([1, 2, 3, 4] as const).filter((p) => words(params.priority).includes(String(p)));
  const kinds = words(params.kind);
  return {
    ...(states.length ? { states: new Set<AlarmState>(states) } : {}),
    ...(priorities.length ? { priorities: new Set<Priority>(priorities) } : {}),
    ...(kinds.length ? { kinds: new Set(kinds) } : {}),
    ...(params.rule ? { rule: params.rule } : {}),
    ...(params.sensor ? { sensor: params.sensor } : {}),
    ...(area ? { area } : {}),
  };
}
export const shownByDefault = standing.filter((s) => !hidden.has(s));

/** The same narrowing of the past. `from` and `to` are days of the centre, `to` included. */
export function logQueryOf(params: TabParams, area: AreaCode | null, dayAt: (day: string) => number | undefined): AlarmLogQuery {
  const to = params.to ? dayAt(params.to) : undefined;
  return {
    from: params.from ? dayAt(params.from) : undefined,
    to: to === undefined ? undefined : to + 86_400_000,
    area: area ?? undefined,
    kind: params.kind || undefined,
    sensor: params.sensor || undefined,
    rule: params.rule || undefined,
    priority: params.priority || undefined,
  };
}
