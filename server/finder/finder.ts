import { Worker } from 'node:worker_threads';
import type { Walk } from '../../geo/roads/walk.ts';
import type { LngLat } from '../../model/brand.ts';
import type { World } from '../../model/world.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../store/store.ts';
import type { Found, Question, Reply } from './finder-thread.ts';

/** Ways on foot and places by name, from the centre's own basemap and boundaries, in a thread of their own. */
export interface Finder {
  /** Ways to one goal from many places, in their order; straight lines where there is no graph. */
  walks(goal: LngLat, from: readonly LngLat[]): Promise<Walk[]>;
  search(query: string, limit: number): Promise<Found[]>;
  close(): Promise<void>;
}

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'follow'>;
  readonly store: Pick<Store, 'getBlob'>;
  /** built, with how much of what in how many milliseconds; or what went wrong */
  readonly note: (line: string) => void;
  readonly onError: (error: Error) => void;
}

/** A thread that runs our TypeScript as the process itself does: by tsx, which Node 20 does not hand on to threads. */
const boot = () => {
  const [tsx, entry] = [import.meta.resolve('tsx/esm/api'), new URL('./finder-thread.ts', import.meta.url).href];
  return `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(entry)}); });`;
};

/** Follows the ledger: a new basemap or new boundaries are taken in behind the questions already asked. The thread starts with the first. */
export function openFinder({ ledger, store, note, onError }: Parts): Finder {
  let worker: Worker | null = null;
  let closed = false;
  let last = 0;
  const waiting = new Map<number, { resolve: (reply: never) => void; reject: (error: Error) => void }>();
  const taken = { basemap: null as string | null, boundaries: null as string | null };
  /** what is being handed to the thread; questions wait for it */
  let loading: Promise<void> = Promise.resolve();

  function thread(): Worker {
    if (worker) return worker;
    const fresh = new Worker(boot(), { eval: true });
    fresh.unref();
    fresh.on('message', ({ id, reply, error }: { id: number; reply?: Reply; error?: string }) => {
      const asked = waiting.get(id);
      waiting.delete(id);
      if (error === undefined) asked?.resolve(reply as never);
      else asked?.reject(new Error(error));
    });
    const lost = (error: Error) => {
      if (worker !== fresh) return;
      worker = null; // the next question starts another, which takes everything in anew
      taken.basemap = taken.boundaries = null;
      for (const asked of waiting.values()) asked.reject(error);
      waiting.clear();
      if (!closed) onError(error);
    };
    fresh.on('error', lost);
    fresh.on('exit', (code) => lost(new Error(`the finder's thread ended with ${code}`)));
    worker = fresh;
    return fresh;
  }

  function ask<R extends Reply>(question: Question): Promise<R> {
    if (closed) return Promise.reject(new Error('the finder is closed'));
    const id = ++last;
    return new Promise<R>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      thread().postMessage({ id, question }, 'bytes' in question ? [question.bytes] : []);
    });
  }

  async function load(what: 'basemap' | 'boundaries', hash: string) {
    const begun = Date.now();
    try {
      const blob = await store.getBlob(hash);
      if (!blob) throw new Error(`the ${what} ${hash} named by the ledger is not in the store`);
      const { names, edges } = await ask<{ names: number; edges: number }>({ ask: what, bytes: new Uint8Array(blob.bytes).buffer });
      note(`finder: ${what} taken in, ${names} names, ${edges} edges of road, ${Date.now() - begun} ms`);
    } catch (error) {
      if (!closed) onError(error as Error);
    }
  }

  /** Hand over what the world names and the thread does not hold yet. */
  function keepUp(world: World) {
    const wanted = { basemap: world.basemap?.hash ?? null, boundaries: world.boundaries?.hash ?? null };
    for (const what of ['boundaries', 'basemap'] as const) {
      const hash = wanted[what];
      if (hash !== null && hash !== taken[what]) loading = loading.then(() => load(what, hash));
      taken[what] = hash;
    }
  }

  keepUp(ledger.world);
  const stop = ledger.follow((entries, world) => {
    if (entries.some((e) => e.kind === 'basemap.published' || e.kind === 'boundaries.published')) keepUp(world);
  });
  async function question<R extends Reply>(q: Question): Promise<R> {
    keepUp(ledger.world);
    await loading;
    return ask<R>(q);
  }

  return {
    walks: (goal, from) => question<Walk[]>({ ask: 'walks', goal, from }),
    search: (query, limit) => question<Found[]>({ ask: 'search', query, limit }),
    async close() {
      closed = true;
      stop();
      const ending = worker;
      worker = null;
      for (const asked of waiting.values()) asked.reject(new Error('the finder is closed'));
      waiting.clear();
      await ending?.terminate();
    },
  };
}
