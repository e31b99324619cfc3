import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a command may touch: the environment, the network, the terminal. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: typeof globalThis.fetch;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}
/** Where the centre is and where its administrator's token lies, as given on the command line. */
export interface DoorFlags {
  readonly url?: string | undefined;
  readonly data?: string | undefined;
}
/** The HTTP door of a running centre, opened with its administrator's token. */
export interface Door {
  readonly url: string;
  /** @throws Error naming the request, the status and what the server said */
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** a file as it is */
  send<T>(path: string, bytes: Uint8Array, type: string): Promise<T>;
}
/** The centre answered, but did not do it. `json`: its whole answer. */
export class DoorRefused extends Error {
  constructor(
    message: string,
    readonly json: unknown,
  ) {
    super(message);
  }
}

export async function openDoor(flags: DoorFlags, io: Io): Promise<Door> {
  const text = flags.url ?? `http://127.0.0.1:${io.env.PORT ?? 8080}`;
  if (!URL.canParse(text)) throw new Error(`--url ${text}: not a URL`);
  const file = join(flags.data ?? io.env.DATA_DIR ?? 'data', 'admin.token');
  const token = await readFile(file, 'utf8').catch(() => {
    throw new Error(`no admin token at ${file}: is the centre running with this data directory? (--data)`);
  });
  async function ask<T>(path: string, init: RequestInit, type = 'application/json'): Promise<T> {
    const headers = { 'content-type': type, authorization: `Bearer ${token.trim()}` };
    const url = new URL(path, text);
    const response = await io.fetch(url, { ...init, headers }).catch(() => {
      throw new Error(`no centre answers at ${url.origin}: start it, or give --url`);
    });
    const json = await response.json().catch(() => ({}));
    if (response.ok) return json as T;
    const { error } = json as { error?: { field?: string; rule?: string } };
    const reason = [error?.field, error?.rule].filter(Boolean).join(': ') || 'no reason given';
    throw new DoorRefused(`${path} refused (${response.status}): ${reason}`, json);
  }
  return {
    url: text,
    get: (path) => ask(path, { method: 'GET' }),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
    send: (path, bytes, type) => ask(path, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> }, type),
  };
}
