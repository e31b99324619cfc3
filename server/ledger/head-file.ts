import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import type { World } from '../../model/world.ts';

/** An entry known from elsewhere than the ledger table. */
export interface Anchor {
  readonly seq: number;
  readonly hash: string;
  /** where it is known from, for a person */
  readonly from: string;
}

export interface HeadFile {
  note(world: World): void;
  close(): Promise<void>;
}

/** its name in DATA_DIR */
export const HEAD_FILE = 'ledger.head';
const EVERY_MS = 1_000;

/**
 * Notes the newest durable entry (`seq:hash`) in a file beside the database, at most once a second. It may lag behind the
 * ledger, never run ahead of it: a ledger that ends before its head file has been cut short.
 */
export function headFile(path: string, complain: (error: unknown) => void): HeadFile {
  let newest: World | null = null;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  const write = () => {
    timer = null;
    const world = newest;
    newest = null;
    if (!world) return;
    writing = writing
      .then(() => writeFile(`${path}.new`, `${world.seq}:${world.head}\n`))
      .then(() => rename(`${path}.new`, path))
      .catch(complain);
  };
  return {
    note(world) {
      newest = world;
      timer ??= setTimeout(write, EVERY_MS).unref();
    },
    async close() {
      if (timer) clearTimeout(timer);
      write();
      await writing;
    },
  };
}

/** `12:ab…` as an anchor; null when it is not of this form. */
export function parseAnchor(text: string, from: string): Anchor | null {
  const m = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim());
  return m ? { seq: Number(m[1]), hash: m[2]!, from } : null;
}

export function readHeadFile(path: string): Anchor | null {
  try {
    return parseAnchor(readFileSync(path, 'utf8'), 'the head file');
  } catch {
    return null;
  }
}
