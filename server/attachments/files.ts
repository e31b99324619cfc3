import { createHash, randomUUID } from 'node:crypto';
import { existsSync, rmSync, statSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Refused } from '../refused.ts';

/** A file received whole and written through to the disk, not yet under its name. */
export interface Arrived {
  readonly path: string;
  /** SHA-256 in hexadecimal */
  readonly hash: string;
  readonly bytes: number;
}

/**
 * Files by the SHA-256 of their content: `ab/cdef…` below one folder. A name stands for one content for ever, so nothing is
 * ever changed in place; what no ledger entry names is let go of by `sweep`.
 */
export interface AttachmentFiles {
  /** @throws Refused 413 beyond `limit` bytes, 400 when the sender broke off, 507 when the disk is full; nothing stays then */
  receive(content: AsyncIterable<Uint8Array>, limit: number): Promise<Arrived>;
  /** Give it its name. When this resolves, file and name survive a power cut. */
  keep(file: Arrived): Promise<void>;
  discard(file: Arrived): Promise<void>;
  /** Bytes of our own making, kept at once. @returns their hash */
  put(bytes: Uint8Array): Promise<string>;
  pathOf(hash: string): { readonly root: string; readonly path: string };
  /** Remove what is older than the grace time and named by nobody. @param named which of these hashes the ledger names */
  sweep(named: (hashes: readonly string[]) => Promise<readonly string[]>): Promise<number>;
}

/** An upload, its pictures and its entry take seconds; whatever is older and without an entry never got one. */
export const GRACE_MS = 60 * 60_000;
const ARRIVALS = 'arriving';
const PAGE = 500;

export async function openFiles(root: string, now: () => number = Date.now): Promise<AttachmentFiles> {
  const arrivals = join(root, ARRIVALS);
  await mkdir(arrivals, { recursive: true, mode: 0o700 });
  const nameOf = (hash: string) => join(hash.slice(0, 2), hash.slice(2));

  async function receive(content: AsyncIterable<Uint8Array>, limit: number): Promise<Arrived> {
    const path = join(arrivals, randomUUID());
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(path, 'wx', 0o600);
    try {
      for await (const chunk of content) {
        bytes += chunk.length;
        if (bytes > limit) throw tooLarge(limit);
        hash.update(chunk);
        await file.appendFile(chunk);
      }
      if (bytes === 0) throw new Refused(400, 'body', 'the file is empty');
      await file.sync();
      await file.close();
      return { path, hash: hash.digest('hex'), bytes };
    } catch (error) {
      await file.close().catch(() => {});
      await rm(path, { force: true });
      throw asRefused(error);
    }
  }

  async function keep({ path, hash }: Arrived) {
    const folder = join(root, hash.slice(0, 2));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // over an equal one where there is one: its time is new then, and no sweep takes it for a leftover
    const name = join(root, nameOf(hash));
    await rename(path, name).catch(async (error) => {
      if (!existsSync(name)) throw error;
      const at = new Date(now()); // Windows replaces nothing that is being read
      await utimes(name, at, at);
      await rm(path, { force: true });
    });
    await syncFolder(folder);
    await syncFolder(root);
  }

  async function* leftovers(): AsyncGenerator<string> {
    for (const folder of await readdir(root)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const name of await readdir(join(root, folder))) {
        const hash = folder + name;
        if (/^[0-9a-f]{64}$/.test(hash) && (await isOld(join(root, folder, name)))) yield hash;
      }
    }
  }
  const isOld = async (path: string) => (await stat(path)).mtimeMs < now() - GRACE_MS;

  return {
    receive,
    keep,
    discard: ({ path }) => rm(path, { force: true }),
    async put(bytes) {
      const arrived = await receive(once(bytes), Number.POSITIVE_INFINITY);
      await keep(arrived);
      return arrived.hash;
    },
    pathOf: (hash) => ({ root, path: nameOf(hash) }),
    async sweep(named) {
      let gone = 0;
      for (const name of await readdir(arrivals)) {
        if (!(await isOld(join(arrivals, name)))) continue;
        await rm(join(arrivals, name), { force: true });
        gone += 1;
      }
      const judge = async (page: readonly string[]) => {
        const kept = new Set(await named(page));
        for (const hash of page) {
          const path = join(root, nameOf(hash));
          // looked at again in the turn in which it goes: it may have been sent anew while the ledger was asked
          if (kept.has(hash) || statSync(path).mtimeMs >= now() - GRACE_MS) continue;
          rmSync(path);
          gone += 1;
        }
      };
      const page: string[] = [];
      for await (const hash of leftovers()) {
        page.push(hash);
        if (page.length === PAGE) await judge(page.splice(0));
      }
      await judge(page);
      return gone;
    },
  };
}

export const tooLarge = (limit: number) => new Refused(413, 'body', `larger than ${limit} bytes`);

function asRefused(error: unknown): unknown {
  const { code } = error as { code?: string };
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') return new Refused(400, 'body', 'the sender broke off');
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Refused(507, 'server', 'no room left to keep it; nothing was acknowledged');
  return error;
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

/** A name is durable when its folder is. Windows has no such thing, and needs none. */
async function syncFolder(path: string) {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
