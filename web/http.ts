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
  if (r.ok) return (await r.json()) as T;
  const { field = '', rule } = await refusalOf(r);
  throw new ApiError(r.status, field, rule);
}

type Params = Readonly<Record<string, string | number | undefined>>;
const queryOf = (params: Params) => {
  const given = Object.entries(params).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return given.length ? `?${new URLSearchParams(given)}` : '';
};

/** @throws ApiError for anything but success */
export const get = async <T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> =>
  read<T>(await fetch(path + queryOf(params), { signal: signal ?? null }));
/** @throws ApiError for anything but success */
export const post = async <T>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<T> =>
  read<T>(await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) }));
