import { z } from 'zod';
import { zAreaCode } from './area.ts';
import type { EpochMs } from './brand.ts';
import { given, text, zAreaOrNull, zEpochMs, zId, zLngLat } from './fields.ts';
import { type Implausible, implausibleReasons } from './plausible.ts';

/**
 * What patrols are held to, as registered: 二巡查 (rounds) and the people to be looked after (五必访, care checks). Pure data; what follows
 * from it is in coverage.ts and care.ts.
 */

const zHhMm = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM');
export const zDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'YYYY-MM-DD');

/**
 * 巡查: a round through micro-grids within a window of each of its days, e.g. 上午 08:00 to 12:00. `stops`: leaf areas in the expected
 * order; `ordered`: whether another order counts as a mistake. `units`: who may make it; absent = whoever is in the place.
 */
export const zRound = z
  .object({
    id: zId,
    name: text(40),
    /** who it belongs to, e.g. a general grid */
    area: zAreaCode,
    /** 1 = Monday … 7 = Sunday */
    days: z.array(z.number().int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5, 6, 7]),
    from: zHhMm,
    /** the end of the window, the same day */
    to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'HH:MM'),
    stops: z.array(zAreaCode).min(1).max(400),
    ordered: z.boolean().default(false),
    units: z.array(zId).min(1).max(200).optional(),
  })
  .refine((r) => r.from < r.to, { error: 'later than from, the same day', path: ['to'] });
export type Round = z.output<typeof zRound>;

/** One stop of a round that was made: who was there first within the window, and when (device time). */
export const zRoundStop = z.object({ area: zAreaCode, unit: zId, at: zEpochMs });

/** 走访对象: a person to be visited regularly. `person`: vault id; `kind`: a care kind of the centre; `unit`: who answers for the visits. */
export const zCare = z.object({
  id: zId,
  person: zId,
  kind: z.string().regex(/^[a-z0-9-]{1,40}$/),
  area: zAreaCode,
  lngLat: zLngLat.optional(),
  unit: zId.optional(),
  /** days between two visits instead of the kind's */
  everyDays: z.number().int().min(1).max(366).optional(),
  /** from when the first visit is counted, epoch ms */
  since: zEpochMs,
  /** no longer to be visited (moved away, …) */
  ended: z.literal(true).optional(),
});
export type Care = z.output<typeof zCare>;

/** What a worker hands in after a visit. */
export const zCareVisitForm = z.object({
  result: z.string().regex(/^[a-z0-9-]{1,40}$/),
  note: text(200).optional(),
  unit: zId.optional(),
  /** when it was made; absent = now */
  at: zEpochMs.optional(),
  /** false = a bad result is recorded without registering an incident of it */
  raise: z.boolean().default(true),
});

export const zMessageForm = z.object({ text: given(200) });
/** How a message to a unit's device ended. */
export const messageResults = ['delivered', 'refused', 'unreachable'] as const;

const zUnitAt = { unit: zId, area: zAreaOrNull, at: zEpochMs };
/** Entries about patrols; joined into `entryKinds`. `area` of a unit's entry is the unit's own area, `at` device time. */
export const patrolEntries = {
  /**
   * 到访: a stay of a unit in a leaf area has come to count as a visit (`patrolSettings`): `at` the fix that made it one, `since` the first
   * fix of the stay, `fixes` how many distinct ones. Older entries have neither.
   */
  'area.visited': z.object({
    area: zAreaCode,
    unit: zId,
    at: zEpochMs,
    since: zEpochMs.optional(),
    fixes: z.number().int().min(1).optional(),
  }),
  /** 离开: that stay has ended; `at` its last fix within the place. */
  'area.left': z.object({ area: zAreaCode, unit: zId, at: zEpochMs, since: zEpochMs, fixes: z.number().int().min(1) }),
  /** 越界 · 返回 of its own area. */
  'unit.strayed': z.object({ ...zUnitAt, lngLat: zLngLat }),
  'unit.returned': z.object(zUnitAt),
  /** 失联: silent for 5 x its own median interval; `at` when it was last heard, `usualMs` that interval. */
  'unit.silent': z.object({ ...zUnitAt, usualMs: z.number().min(0) }),
  /**
   * 定位异常: as long without a fix that could be believed, yet its device speaks; `at` when it was last believed (never: its first fix that
   * was not), `reason` why the newest was not.
   */
  'unit.doubted': z.object({ ...zUnitAt, reason: z.enum(implausibleReasons) }),
  /** A fix of it is believed again: the end of either. */
  'unit.heard': z.object(zUnitAt),
  /** 喊话 through the unit's own door; `by` the entry's actor. */
  'unit.messaged': z.object({ unit: zId, area: zAreaOrNull, message: zId, text: given(200), door: text(20) }),
  'unit.message-answered': z.object({ unit: zId, area: zAreaOrNull, message: zId, result: z.enum(messageResults) }),
  /** 设备绑定: `device` is an opaque id; the number it stands for is not in the ledger. */
  'device.bound': z.object({ device: zId, door: text(20), unit: zId }),
  'device.released': z.object({ device: zId, door: text(20), unit: zId }),
  'rounds.registered': z.object({ rounds: z.array(zRound).min(1).max(2000) }),
  /** A round's window is over: what was visited within it, in time order, and what was missed. `inOrder`: as `stops` expects. */
  'round.closed': z.object({
    round: zId,
    day: zDay,
    area: zAreaCode,
    visited: z.array(zRoundStop).max(400),
    missed: z.array(zAreaCode).max(400),
    inOrder: z.boolean(),
  }),
  'cares.registered': z.object({ cares: z.array(zCare).min(1).max(2000) }),
  /** 走访 made. `result`: one of the kind's results; `incident`: what was registered of a bad one. */
  'care.visited': z.object({
    care: zId,
    area: zAreaCode,
    unit: zId.optional(),
    at: zEpochMs,
    result: z.string().regex(/^[a-z0-9-]{1,40}$/),
    note: text(200).optional(),
    incident: zId.optional(),
  }),
  /** 逾期: the visit due at `due` was not made; `incident` is what was raised of it. */
  'care.overdue': z.object({ care: zId, area: zAreaCode, due: zEpochMs, incident: zId.optional() }),
  /** 导出: a piece of the past left the house. Who took it is the entry's actor. */
  'history.exported': z.object({
    what: z.enum(['clip', 'tracks']),
    format: text(20),
    area: zAreaOrNull,
    from: zEpochMs,
    to: zEpochMs,
    units: z.array(zId).max(500).optional(),
    bytes: z.number().int().min(0).optional(),
  }),
} as const;

/** A round in the world: its plan, since when it is registered in this form (entry time), and how it ended last. */
export type RoundState = Round & { readonly since: EpochMs; readonly last: z.output<(typeof patrolEntries)['round.closed']> | null };
/** A person to be visited, and what was last heard. */
export type CareState = Care & {
  readonly lastAt: EpochMs | null;
  readonly lastResult: string | null;
  readonly lastUnit: string | null;
  /** the due moment that has been told as overdue, and the incident raised of it; null = none since the last visit */
  readonly overdue: { readonly due: EpochMs; readonly incident: string | null } | null;
};
/** What is unusual about a unit; it is not in the world while nothing is. */
export interface PatrolState {
  readonly strayedAt: EpochMs | null;
  /** when it was last heard */
  readonly silentSince: EpochMs | null;
  /** its device speaks, but nothing it says of its place is believed. Not in worlds kept by older servers. */
  readonly doubted?: { readonly since: EpochMs; readonly reason: Implausible } | null;
}
/** A leaf area's visits: the latest, when that stay ended (null = it lasts), and those of the day of the latest, in order of time. */
export interface AreaVisits {
  readonly unit: string;
  readonly at: EpochMs;
  readonly leftAt: EpochMs | null;
  readonly today: readonly { readonly unit: string; readonly at: EpochMs }[];
}
