import { careKinds } from '../care-kinds.ts';
import { between, pick, type Rng, rngFor, weighted } from '../rng.ts';
import type { DemoServer } from './server.ts';

interface Waiting {
  readonly id: string;
  readonly kind: string;
  readonly state: 'overdue' | 'grace' | 'due-today';
  readonly unit: string | null;
}

const MINUTE = 60_000;
/** Minutes between two visits of the whole street. */
const PACE = [10, 24] as const;
/** Doors are knocked at between these hours. */
const HOURS = { from: 8.5, to: 20.5 } as const;
/** Whoever is overdue is left to the visitor of the demonstration for so long. */
const LEAVE_OVERDUE_MS = 2 * 60 * MINUTE;

/** 走访 of the day that is played: the grid workers go to whoever is due, one after another, and hand in what they found. */
export class Visitors {
  visited = 0;
  private readonly server: Pick<DemoServer, 'ask'>;
  private readonly r: Rng;
  private readonly startedAt: number;
  private nextAt: number;

  /** @param startedAt epoch ms, the street's time */
  constructor(server: Pick<DemoServer, 'ask'>, seed: number, startedAt: number) {
    this.server = server;
    this.r = rngFor(seed, `visitors ${startedAt}`);
    this.startedAt = startedAt;
    this.nextAt = startedAt + between(this.r, 2, PACE[0]) * MINUTE;
  }

  /** What falls due by `now`, the street's time; `hour` of the day. Resolves when it is handed in. */
  async advance(now: number, hour: number): Promise<void> {
    if (now < this.nextAt) return;
    this.nextAt = now + between(this.r, ...PACE) * MINUTE;
    if (hour < HOURS.from || hour > HOURS.to) return;
    const answer = await this.server.ask<{ rows: Waiting[] }>('/api/v1/cares?state=overdue,grace,due-today&limit=200');
    const late = now - this.startedAt > LEAVE_OVERDUE_MS;
    const waiting = (answer?.rows ?? []).filter((w) => late || w.state !== 'overdue');
    if (waiting.length === 0) return;
    const { id, kind, unit } = pick(this.r, waiting);
    const done = await this.server.ask(`/api/v1/cares/${id}/visits`, { result: this.found(kind), ...(unit ? { unit } : {}) });
    if (done) this.visited += 1;
  }

  private found(kind: string): string {
    const results = careKinds.find((k) => k.code === kind)?.results ?? [];
    return weighted(
      this.r,
      results.map((x, i) => [x.code, i === 0 ? 30 : 1] as const),
    );
  }
}
