import { type Alarm, hidden } from '../../../model/alarm.ts';
import { groupAlarms } from '../../../model/alarm-groups.ts';
import { floodRule } from '../../../model/centre.ts';
import { floodAt } from '../../../model/flood.ts';
import type { World } from '../../../model/world.ts';

/** P1 asks again so often until it is acknowledged, ms. */
export const REPEAT_MS = 10_000;

/** What asks for a sound: one voice is an alarm, in a flood a group of alarms, or an incident that no alarm speaks for. */
export interface Voices {
  readonly p1: readonly string[];
  /** each with the ids it speaks for: told once, it is silent until none of them asks any more */
  readonly p2: readonly (readonly string[])[];
}
export interface SoundMemory {
  /** when P1 last sounded, epoch ms of this screen's clock; 0 = never */
  readonly rangAt: number;
  readonly p1: ReadonlySet<string>;
  /** ids of P2 that have had their one sound */
  readonly told: ReadonlySet<string>;
}
export type Sound = 'p1' | 'p2' | null;

const asks = (a: Alarm, priority: 1 | 2) => a.priority === priority && a.state === 'unack' && !hidden.has(a.state);

/**
 * 现在该响什么: unacknowledged alarms and unfiled incidents. In a flood a group of P2 has one voice; a P1 keeps its own. An incident made
 * of an alarm is silent: acknowledging the alarm silences both.
 */
export function voicesOf(world: World, now: number): Voices {
  const alarms = [...world.alarms.values()];
  const p2 = alarms.filter((a) => asks(a, 2));
  const flood = floodAt(world.surge, now, floodRule(world.centre)) !== null;
  const incidents = [...world.incidents.values()].filter((i) => i.state === 'reported' && !i.alarm);
  return {
    p1: [...alarms.filter((a) => asks(a, 1)).map((a) => a.id), ...incidents.filter((i) => i.priority === 1).map((i) => i.id)],
    p2: [
      ...(flood ? groupAlarms(world, p2).map((g) => g.members.map((a) => a.id)) : p2.map((a) => [a.id])),
      ...incidents.filter((i) => i.priority === 2).map((i) => [i.id]),
    ],
  };
}

/** A screen that has just been opened: what stands then is on it, only a P1 speaks at once. */
export const opened = (voices: Voices): SoundMemory => ({ rangAt: 0, p1: new Set(), told: new Set(voices.p2.flat()) });

/**
 * What sounds now, and what is to be remembered of it. A new P1 sounds at once, others at their next turn of ten seconds; a P2 once. Who
 * is `silent` (muted, or the browser lets nothing sound yet) hears P1 when that ends, and no P2 of meanwhile.
 * @param now epoch ms of this screen's clock
 */
export function soundNow(memory: SoundMemory, voices: Voices, now: number, silent: boolean): { sound: Sound; memory: SoundMemory } {
  const told = new Set(voices.p2.flat());
  const fresh = voices.p2.some((ids) => !ids.some((id) => memory.told.has(id)));
  const p1 = new Set(voices.p1);
  const due = voices.p1.some((id) => !memory.p1.has(id)) || now - memory.rangAt >= REPEAT_MS;
  if (silent) return { sound: null, memory: { rangAt: 0, p1: new Set(), told } };
  if (p1.size > 0 && due) return { sound: 'p1', memory: { rangAt: now, p1, told } };
  return { sound: fresh ? 'p2' : null, memory: { rangAt: memory.rangAt, p1, told } };
}

/** When P1 asks next, ms from `now`; null = nothing does. */
export const nextTurn = (memory: SoundMemory, voices: Voices, now: number): number | null =>
  voices.p1.length > 0 ? Math.max(0, memory.rangAt + REPEAT_MS - now) : null;
