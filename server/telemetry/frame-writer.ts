import type { FrameRow, Store } from '../store/store.ts';

export interface Log {
  warn(details: object, message: string): void;
}
type Job = { readonly kind: 'frame' | 'keyframe'; readonly row: FrameRow };

/** Two minutes of frames: a database that is away longer costs history, never the live path. */
export const MAX_QUEUED = 128;
const RETRY_MS = 1000;

/** Writes frames in order, beside the live path: a failed write is tried again, a full queue gives up its oldest. */
export class FrameWriter {
  written = 0;
  failures = 0;
  lost = 0;
  private readonly queue: Job[] = [];
  private running: Promise<void> | null = null;
  private closing = false;
  private wake: (() => void) | null = null;
  private readonly store: Pick<Store, 'putFrame' | 'putKeyframe'>;
  private readonly log: Log;

  constructor(store: Pick<Store, 'putFrame' | 'putKeyframe'>, log: Log) {
    this.store = store;
    this.log = log;
  }

  get queued() {
    return this.queue.length;
  }

  put(kind: Job['kind'], row: FrameRow) {
    this.queue.push({ kind, row });
    if (this.queue.length > MAX_QUEUED) {
      this.queue.shift();
      this.lost += 1;
    }
    this.running ??= this.run();
  }

  private async run() {
    while (this.queue.length > 0) {
      const job = this.queue[0] as Job;
      try {
        if (job.kind === 'frame') await this.store.putFrame(job.row);
        else await this.store.putKeyframe(job.row);
        this.written += 1;
        if (this.queue[0] === job) this.queue.shift();
      } catch (error) {
        this.failures += 1;
        this.log.warn({ reason: (error as Error).message.slice(0, 200), queued: this.queue.length }, 'telemetry frame not written');
        if (this.closing) {
          this.lost += this.queue.length;
          this.queue.length = 0;
          break;
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, RETRY_MS);
          this.wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
        this.wake = null;
      }
    }
    this.running = null;
  }

  /** Write what is queued; after a failure now, give the rest up. */
  async close() {
    this.closing = true;
    this.wake?.();
    await this.running;
  }
}
