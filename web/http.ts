import { paramsAsOf } from '../model/as-of.ts';

/** Why the server refused; `last`: of a conflict, what was done instead, when (epoch ms) and by whom. */
export interface Refusal {
  readonly field?: string;
  readonly rule: string;
  readonly last?: { readonly step: string; readonly at: number; readonly actor: string };
}
export class ApiError extends Error {
  readonly status: number;
  readonly field: string;
  constructor(status: number, field: string, rule: string) {
    super(rule);
    this.status = status;
    this.field = field;
  }
}

/** The refusal an answer tells of; one that is not of our form still names its status. */
export async function refusalOf(r: Response): Promise<Refusal> {
  const answer = (await r.json().catch(() => null)) as { error?: Partial<Refusal> } | null;
  const { field, rule, last } = answer?.error ?? {};
  return { rule: rule ?? `HTTP ${r.status}`, ...(field ? { field } : {}), ...(last ? { last } : {}) };
}
async function read<T>(r: Response): Promise<T> {
  if (r.status === 204) return undefined as T;
  if (r.ok) return (await r.json()) as T;
  const { field = '', rule } = await refusalOf(r);
  throw new ApiError(r.status, field, rule);
}

type Params = Readonly<Record<string, string | number | undefined>>;
/** What a link saves. */
export interface SavedFile {
  readonly path: string;
  readonly params: Params;
}
const queryOf = (params: Params) => {
  const given = Object.entries(params).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return given.length ? `?${new URLSearchParams(given)}` : '';
};

/** 回放: how questions and commands stand while the page shows a moment of the past. */
interface Past {
  /** epoch ms; null = live */
  readonly at: () => number | null;
  /** what is said of a question that only has an answer of now */
  readonly unavailable: () => string;
  /** what is said of everything that would change something */
  readonly refused: () => string;
}
const live: Past = { at: () => null, unavailable: () => '', refused: () => '' };
let past = live;
/** The one moment of the page: whatever a panel asks is asked as of it. Called once, by main.tsx. */
export const showPast = (p: Past) => {
  past = p;
};

/** As of the moment the page shows. @throws ApiError for anything but success, and where the past cannot be told */
export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const at = past.at();
  if (at === null) return getNow(path, params, signal);
  const then = paramsAsOf(path, params, at);
  if (!then) throw new ApiError(0, 'asOf', past.unavailable());
  return getNow(path, then, signal);
}
/** Where a link to a file leads: as of the moment the page shows. null = that file only knows now */
export function addressOf({ path, params }: SavedFile): string | null {
  const at = past.at();
  const then = at === null ? params : paramsAsOf(path, params, at);
  return then && path + queryOf(then);
}
/** @throws ApiError for anything but success */
export const getNow = async <T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> =>
  read<T>(await fetch(path + queryOf(params), { signal: signal ?? null }));
/** Before anything is sent that would change something. @throws ApiError while the page shows the past */
export function mustBeNow() {
  if (past.at() !== null) throw new ApiError(0, 'asOf', past.refused());
}
/** @throws ApiError for anything but success, and at once while the page shows the past */
export async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  mustBeNow();
  return sendNow<T>('POST', path, body, headers);
}
/** @throws ApiError for anything but success */
export const sendNow = async <T>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> =>
  read<T>(
    await fetch(path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
