import type { AlarmState } from './alarm.ts';
import type { AreaCode, Bilingual } from './brand.ts';
import type { Priority } from './centre.ts';
import type { IncidentState } from './incident.ts';
import type { UnitRole } from './ledger.ts';

/**
 * 复盘片段: a piece of the past that plays without a server. It is told in what happened, not in ledger entries: the server folds the ledger
 * and says only what is left when people are taken out of it (docs/decisions/023). Everything in it is a fact of the place and the time asked
 * for. Moments are epoch ms; places are degrees, WGS-84, as whole 1e-6 degrees, each but the first of a row as the difference to the one before.
 */
export const CLIP_VERSION = 1;

/** [lng, lat, dLng, dLat, …] in 1e-6 degrees */
export type PackedLine = readonly number[];

export interface ClipArea {
  readonly code: string;
  readonly name: string;
  readonly level: string;
  readonly parent: string | null;
  readonly rings: readonly PackedLine[];
}
export interface ClipGround {
  readonly layer: 'park' | 'water' | 'river' | 'block' | 'building' | 'road';
  /** outlines of an area, or one line (`river`, `road`) */
  readonly rings: readonly PackedLine[];
  /** of a road: main, side, … as the basemap calls it */
  readonly kind?: string;
}
/** A unit while it was within the place: legs between which it was away or silent. */
export interface ClipUnit {
  readonly role: UnitRole;
  /** 1, 2, 3 … among those of its role in this clip; neither its number nor its name in the house */
  readonly no: number;
  readonly legs: readonly ClipLeg[];
}
export interface ClipLeg {
  /** epoch ms of the first fix, then ms from one to the next */
  readonly at: readonly number[];
  readonly line: PackedLine;
}
/** [at, state, priority], ascending; what was so when the clip begins stands at its beginning. */
export type Change<S extends string> = readonly [at: number, state: S, priority: Priority];
export interface ClipIncident {
  readonly title: string;
  readonly category: Bilingual;
  readonly place: string;
  readonly at: readonly [lng: number, lat: number];
  /** its place is that of the micro-grid: it was at somebody's home */
  readonly coarse?: true;
  readonly changes: readonly Change<IncidentState>[];
}
export interface ClipAlarm {
  readonly name: Bilingual;
  readonly place: string;
  readonly at: readonly [lng: number, lat: number];
  readonly coarse?: true;
  readonly changes: readonly Change<AlarmState>[];
}
/** What the list names: kind of the entry, and which incident or alarm (index) it is about. */
export interface ClipEvent {
  readonly at: number;
  readonly kind: string;
  readonly incident?: number;
  readonly alarm?: number;
}
export interface Clip {
  readonly version: typeof CLIP_VERSION;
  readonly from: number;
  readonly to: number;
  readonly madeAt: number;
  readonly centre: Bilingual;
  readonly boundaryNote: string;
  readonly utcOffsetMinutes: number;
  readonly area: { readonly code: AreaCode; readonly name: string };
  /** boundaries in force from a moment on; the first from the beginning */
  readonly places: readonly { readonly from: number; readonly areas: readonly ClipArea[] }[];
  readonly ground: readonly ClipGround[];
  /** metres by which a unit is shown anywhere from where it was at most */
  readonly within: number;
  readonly units: readonly ClipUnit[];
  readonly incidents: readonly ClipIncident[];
  readonly alarms: readonly ClipAlarm[];
  readonly events: readonly ClipEvent[];
}

/** Entries the list of a clip names; what only people wrote (notes, answers, photographs) is left out. */
export const clipKinds = [
  'incident.reported',
  'incident.filed',
  'incident.declined',
  'incident.dispatched',
  'incident.accepted',
  'incident.arrived',
  'incident.help-asked',
  'incident.reinforced',
  'incident.handled',
  'incident.verified',
  'incident.reworked',
  'incident.closed',
  'incident.returned',
  'incident.suspended',
  'incident.resumed',
  'incident.voided',
  'incident.merged',
  'incident.reopened',
  'incident.escalated',
  'incident.whistle-blown',
  'incident.whistle-answered',
  'incident.whistle-arrived',
  'alarm.raised',
  'alarm.acknowledged',
  'alarm.cleared',
] as const;
export type ClipKind = (typeof clipKinds)[number];

const MICRO = 1e6;
/** @param points [lng, lat] degrees */
export function packLine(points: readonly (readonly number[])[]): PackedLine {
  const out: number[] = [];
  let [x, y] = [0, 0];
  for (const [lng, lat] of points) {
    const [nx, ny] = [Math.round(lng! * MICRO), Math.round(lat! * MICRO)];
    out.push(nx - x, ny - y);
    [x, y] = [nx, ny];
  }
  return out;
}
/** Degrees again. */
export function unpackLine(line: PackedLine): [lng: number, lat: number][] {
  const out: [number, number][] = [];
  let [x, y] = [0, 0];
  for (let i = 0; i < line.length; i += 2) {
    x += line[i]!;
    y += line[i + 1]!;
    out.push([x / MICRO, y / MICRO]);
  }
  return out;
}

/** What is so at a moment: the last change at or before it; undefined before the first. */
export function changeAt<S extends string>(changes: readonly Change<S>[], at: number): Change<S> | undefined {
  let last: Change<S> | undefined;
  for (const change of changes) {
    if (change[0] > at) break;
    last = change;
  }
  return last;
}
