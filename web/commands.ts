import type { AlarmActForm } from '../model/alarm-forms.ts';
import type { LngLat } from '../model/brand.ts';
import type { Candidate } from '../model/candidates.ts';
import type { LikenessReason } from '../model/duplicates.ts';
import type { Incident, IncidentState, IncidentStep } from '../model/incident.ts';
import type { WhistleActForm, WhistleGrounds, WhistleKind } from '../model/incident-forms.ts';
import type { Entry } from '../model/ledger.ts';
import type { Responsibility } from '../model/responsibility.ts';
import { ApiError, get, post as postJson, type Refusal, refusalOf } from './http.ts';

/** What a visitor may ask the server to do or tell. Results of commands arrive through the stream, not from here. */
export interface Commands {
  readonly step: (incident: string, step: IncidentStep, form?: Readonly<Record<string, unknown>>) => Promise<CommandAnswer>;
  readonly whistle: (incident: string, form: WhistleForm) => Promise<CommandAnswer>;
  readonly whistleAct: (incident: string, form: WhistleActForm) => Promise<CommandAnswer>;
  readonly attach: (incident: string, file: File) => Promise<CommandAnswer>;
  /** The same act on up to a thousand alarms; each is decided for itself. */
  readonly alarmAct: (alarms: readonly string[], form: AlarmActForm) => Promise<AlarmActAnswer>;
  /** 走访登记; what the visit changes arrives through the stream */
  readonly visit: (care: string, form: VisitForm) => Promise<VisitAnswer>;
  /** Name and number of a person to be visited; every reading is an entry of the ledger. */
  readonly reveal: (care: string) => Promise<RevealAnswer>;
  readonly ledger: (query: LedgerQuery, signal?: AbortSignal) => Promise<readonly Entry[]>;
  readonly people: (ids: readonly string[], signal?: AbortSignal) => Promise<ReadonlyMap<string, Person>>;
  /** An incident of any age; null = there is none of this id. */
  readonly incident: (id: string, signal?: AbortSignal) => Promise<Incident | null>;
  readonly candidates: (incident: string, signal?: AbortSignal) => Promise<CandidateList>;
  readonly similar: (to: Probe, signal?: AbortSignal) => Promise<readonly Similar[]>;
  /** 此处由谁负责 */
  readonly who: (at: LngLat, category?: string, signal?: AbortSignal) => Promise<Responsibility>;
}

export type CommandAnswer = { readonly ok: true } | ({ readonly ok: false; readonly status: number } & Refusal);
/** What became of one alarm; the alarm itself changes through the stream. */
export type AlarmResult = { readonly alarm: string } & ({ readonly ok: true } | { readonly ok: false; readonly error: Refusal });
/** Not `ok`: nothing was done at all (the form is wrong, the server does not answer). */
export type AlarmActAnswer =
  | { readonly ok: true; readonly results: readonly AlarmResult[] }
  | ({ readonly ok: false; readonly status: number } & Refusal);
export interface VisitForm {
  readonly result: string;
  readonly note?: string;
  readonly unit?: string;
  /** ISO 8601; absent = now */
  readonly at?: string;
  /** false = no incident of a bad result */
  readonly raise?: boolean;
}
type Failed = { readonly ok: false; readonly status: number } & Refusal;
export type VisitAnswer = { readonly ok: true; readonly at: number; readonly incident: string | null; readonly known: boolean } | Failed;
export type RevealAnswer = { readonly ok: true; readonly name: string; readonly tel: string | null } | Failed;
export interface WhistleForm {
  readonly kind: WhistleKind;
  readonly grounds: WhistleGrounds;
  readonly text: string;
  readonly departments: readonly string[];
}
export interface LedgerQuery {
  readonly subject?: string;
  readonly kinds?: readonly string[];
  readonly from?: number;
  readonly to?: number;
  readonly limit?: number;
}
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly telTail?: string;
}
export interface CandidateList {
  /** when it was made, epoch ms by the server's clock */
  readonly at: number;
  readonly candidates: readonly Candidate[];
}
/** What likely repetitions are looked for of; `at` epoch ms, absent = now. */
export interface Probe {
  readonly lngLat: LngLat;
  readonly category: string;
  readonly title?: string | undefined;
  readonly alarm?: string | undefined;
  readonly at?: number;
  /** the incident itself */
  readonly except?: string;
}
export interface Similar {
  readonly incident: string;
  readonly no: number;
  readonly title: string;
  readonly state: IncidentState;
  readonly place: string | null;
  readonly metres: number;
  readonly minutes: number;
  readonly reasons: readonly LikenessReason[];
  readonly score: number;
}
async function send(path: string, init: RequestInit): Promise<CommandAnswer> {
  try {
    const r = await fetch(path, { method: 'POST', ...init });
    if (r.ok) return { ok: true };
    return { ok: false, status: r.status, ...(await refusalOf(r)) };
  } catch (e) {
    return { ok: false, status: 0, rule: e instanceof Error ? e.message : String(e) };
  }
}
const post = (path: string, body: unknown) => send(path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** The answer of a command that tells something, or why it was refused. */
async function told<T>(ask: Promise<T>): Promise<(T & { readonly ok: true }) | Failed> {
  try {
    return { ...(await ask), ok: true };
  } catch (e) {
    if (e instanceof ApiError) return { ok: false, status: e.status, field: e.field, rule: e.message };
    return { ok: false, status: 0, rule: e instanceof Error ? e.message : String(e) };
  }
}
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
const of = (incident: string) => `/api/v1/incidents/${encodeURIComponent(incident)}`;

export const createCommands = (): Commands => ({
  step: (incident, step, form) => post(`${of(incident)}/steps`, { step, ...form }),
  whistle: (incident, form) => post(`${of(incident)}/whistles`, form),
  whistleAct: (incident, form) => post(`${of(incident)}/whistles/acts`, form),
  attach: (incident, file) =>
    send(`${of(incident)}/attachments`, {
      headers: { 'content-type': file.type || 'application/octet-stream', 'x-file-name': encodeURIComponent(file.name) },
      body: file,
    }),
  alarmAct: (alarms, form) => told(postJson<{ results: AlarmResult[] }>('/api/v1/alarms/acts', { alarms, ...form })),
  visit: (care, form) => told(postJson(`/api/v1/cares/${encodeURIComponent(care)}/visits`, form)),
  reveal: (care) => told(postJson(`/api/v1/cares/${encodeURIComponent(care)}/reveal`, {})),
  ledger: async (q, signal) => {
    const asked = { subject: q.subject, kind: q.kinds?.join(','), from: iso(q.from), to: iso(q.to), limit: q.limit ?? 200 };
    return (await get<{ entries: Entry[] }>('/api/v1/ledger', asked, signal)).entries;
  },
  people: async (ids, signal) => {
    if (ids.length === 0) return new Map();
    const { people } = await get<{ people: Person[] }>('/api/v1/people', { ids: ids.join(',') }, signal);
    return new Map(people.map((p) => [p.id, p]));
  },
  incident: async (id, signal) => {
    try {
      return (await get<{ incident: Incident }>(of(id), {}, signal)).incident;
    } catch (e) {
      if (e instanceof ApiError && e.status === 404) return null;
      throw e;
    }
  },
  candidates: async (incident, signal) => {
    const { at, candidates } = await get<{ at: string; candidates: Candidate[] }>(`${of(incident)}/candidates`, {}, signal);
    return { at: Date.parse(at), candidates };
  },
  similar: async ({ lngLat: [lng, lat], at, ...to }, signal) =>
    (await get<{ similar: Similar[] }>('/api/v1/incidents/similar', { lng, lat, at: iso(at), ...to }, signal)).similar,
  who: ([lng, lat], category, signal) => get('/api/v1/areas/who', { lng, lat, category }, signal),
});
