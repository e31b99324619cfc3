import type { Actor } from './access.ts';
import type { AreaCode } from './brand.ts';
import type { Entry } from './ledger.ts';
import type { WorldJson } from './world.ts';

/** The contract between server and screens. Raise the version with any change a deployed screen cannot read. */
export const PROTOCOL_VERSION = 1;
export const STREAM_PATH = '/stream';
export const TICK_MS = 250;
/** Bytes of frames a screen may have unacknowledged before the server conflates for it. */
export const ACK_WINDOW_BYTES = 192 * 1024;
/** A screen acknowledges when it has applied this much since it last did; more often is allowed, and costs the server. */
export const ACK_EVERY_BYTES = ACK_WINDOW_BYTES / 2;

export interface JoinRequest {
  readonly protocol: number;
  /** code of the centre's street; '' = the only centre */
  readonly centre: string;
  /** last entry this screen has applied; 0 or absent = nothing, send a snapshot */
  readonly seq?: number;
  /** hash of that entry: a different ledger (restored backup) is answered with a snapshot, never with a wrong tail */
  readonly head?: string;
}

/** World at `seq` and the latest frame, for a screen that starts or was away too long. */
export interface Snapshot {
  readonly world: WorldJson;
  /** keyframe: every known unit and sensor within the actor's area */
  readonly frame: Uint8Array;
}

export type JoinAnswer =
  | { readonly ok: true; readonly mode: 'snapshot' | 'resume'; readonly actor: Actor; readonly demo: boolean; readonly serverTime: number }
  | { readonly ok: false; readonly rule: string };

/** 数据来源: one door's figures since the server started. Rates are reports per second over the last minute. */
export interface DoorStatus {
  readonly door: string;
  readonly accepted: number;
  readonly refused: number;
  readonly rate: number;
  /** receipt time of the last accepted report, epoch ms; null = none yet */
  readonly lastAt: number | null;
  /** newest device time among accepted reports, epoch ms */
  readonly dataAt: number | null;
  readonly refusals: Readonly<Record<string, number>>;
  readonly state: 'open' | 'closed' | 'failed';
}

/** 拒收: a message a door turned away: why, and how it began (telephone numbers and callers left out). */
export interface RefusedMessage {
  /** epoch ms */
  readonly at: number;
  readonly door: string;
  /** topic or route */
  readonly where: string;
  /** the mapping that read it */
  readonly mapping: string | null;
  readonly field: string;
  readonly rule: string;
  readonly reason: string;
  /** its first 200 characters */
  readonly payload: string;
  /** id of the unit or sensor it names, where that is not registered */
  readonly device: string | null;
}

/** Sent once a second. */
export interface Status {
  readonly serverTime: number;
  readonly doors: readonly DoorStatus[];
  /** open screens */
  readonly screens: number;
  /** milliseconds of frames this screen is behind because it is slow; 0 = none */
  readonly lagMs: number;
}

export interface ServerEvents {
  snapshot: (s: Snapshot) => void;
  entries: (entries: readonly Entry[]) => void;
  /** one binary frame (see frame.ts); when it is applied and ACK_EVERY_BYTES are reached, answer with `ack` */
  frame: (bytes: Uint8Array) => void;
  status: (s: Status) => void;
}
export interface ClientEvents {
  join: (request: JoinRequest, answer: (a: JoinAnswer) => void) => void;
  /** cumulative bytes of `frame` events applied since the join was answered (the snapshot's frame does not count) */
  ack: (bytes: number) => void;
}

/** Communities in code order: `key` of a segment is index + 1; 0 = outside every community. */
export const segmentKeys = (communities: readonly AreaCode[]): ReadonlyMap<AreaCode, number> =>
  new Map([...communities].sort().map((code, i) => [code, i + 1]));
