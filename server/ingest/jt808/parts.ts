import type { Message } from '../../../model/jt808/wire.ts';

/** What one terminal may leave unfinished. A batch of locations, the largest that is taken here, has a few parts. */
export const partLimits = { total: 64, bytes: 64 * 1024, open: 4, lifeMs: 60_000, askMs: 5000, asks: 2 } as const;

interface Open {
  readonly total: number;
  /** number of the message its first part had or would have */
  readonly first: number;
  readonly version: Message['version'];
  readonly bodies: Map<number, Uint8Array>;
  bytes: number;
  readonly since: number;
  lastAt: number;
  asked: number;
}
export type Held =
  | { readonly is: 'whole'; readonly message: Message }
  | { readonly is: 'held' }
  | { readonly is: 'refused'; readonly rule: string };
/** A 0x8003: send these parts of the message again. */
export interface Again {
  readonly first: number;
  readonly version: Message['version'];
  readonly missing: readonly number[];
}

/**
 * 分包: puts split messages of one terminal together, whatever order their parts come in. One message of an id at a time: a part that cannot
 * belong to the one under way begins the next, and the old one is given up. Times are epoch ms.
 */
export class Parts {
  /** messages that never became whole */
  lost = 0;
  private readonly open = new Map<number, Open>();
  private bytes = 0;

  add(m: Message, now: number): Held {
    const { total, index } = m.part!;
    if (total < 1 || index < 1 || index > total) return refused(`part ${index} of ${total}`);
    if (total > partLimits.total) return refused(`at most ${partLimits.total} parts, ${total} are announced`);
    const first = (m.seq - index + 1) & 0xffff;
    let open = this.open.get(m.id);
    if (open && (open.total !== total || (open.bodies.has(index) && open.first !== first))) {
      this.giveUp(m.id, open);
      open = undefined;
    }
    if (!open) {
      if (this.open.size >= partLimits.open) return refused(`at most ${partLimits.open} split messages at a time`);
      open = { total, first, version: m.version, bodies: new Map(), bytes: 0, since: now, lastAt: now, asked: 0 };
      this.open.set(m.id, open);
    }
    if (!open.bodies.has(index)) {
      if (this.bytes + m.body.length > partLimits.bytes) {
        this.giveUp(m.id, open);
        return refused(`at most ${partLimits.bytes} bytes of unfinished messages`);
      }
      open.bodies.set(index, m.body);
      open.bytes += m.body.length;
      this.bytes += m.body.length;
      open.lastAt = now;
    }
    if (open.bodies.size < total) return { is: 'held' };
    this.forget(m.id, open);
    const body = new Uint8Array(open.bytes);
    let at = 0;
    for (let i = 1; i <= total; i++) {
      body.set(open.bodies.get(i)!, at);
      at += open.bodies.get(i)!.length;
    }
    const { part: _, ...whole } = m;
    return { is: 'whole', message: { ...whole, body } };
  }

  /** What to ask for again now. What has waited too long is given up and counted in `lost`. */
  due(now: number): Again[] {
    const out: Again[] = [];
    for (const [id, o] of this.open) {
      if (now - o.since >= partLimits.lifeMs) this.giveUp(id, o);
      else if (now - o.lastAt >= partLimits.askMs && o.asked < partLimits.asks) {
        o.asked += 1;
        o.lastAt = now;
        const missing = Array.from({ length: o.total }, (_, i) => i + 1).filter((i) => !o.bodies.has(i));
        out.push({ first: o.first, version: o.version, missing });
      }
    }
    return out;
  }

  private giveUp(id: number, open: Open) {
    this.forget(id, open);
    this.lost += 1;
  }
  private forget(id: number, open: Open) {
    this.open.delete(id);
    this.bytes -= open.bytes;
  }
}

const refused = (rule: string): Held => ({ is: 'refused', rule });
