import FlatQueue from 'flatqueue';
import { calmMemory, type RuleJudge, type RuleMemory } from '../../model/alarm-judge.ts';

/** What is remembered of one sensor: a memory for each of its judges. */
export interface Remembered {
  judges: readonly RuleJudge[];
  memories: RuleMemory[];
  /** the moment it is waiting for in the queue, epoch ms of the centre: not after the end of its next delay */
  wakeAt: number;
}

/** What the rules remember, by ix: of a sensor whose rules are all calm there is nothing. And which delay ends next. */
export class Memories {
  private readonly byIx = new Map<number, Remembered>();
  /** ix by the moment a delay of it ends; a moment that was overtaken stays in and is passed over */
  private readonly delays = new FlatQueue<number>();

  /** Conditions that wait for the end of a delay. */
  get pending(): number {
    let n = 0;
    for (const { memories } of this.byIx.values()) for (const m of memories) if (m.held !== m.active) n += 1;
    return n;
  }

  /** Where its rules are others now, what is remembered of a rule goes with its code. */
  of(ix: number, judges: readonly RuleJudge[]): Remembered | undefined {
    const own = this.byIx.get(ix);
    if (own && own.judges !== judges) {
      const byCode = new Map(own.judges.map((j, i) => [j.rule.code, own.memories[i]!]));
      own.memories = judges.map((j) => byCode.get(j.rule.code) ?? calmMemory);
      own.judges = judges;
    }
    return own;
  }
  /** Some rule of it is in alarm. */
  isActive(ix: number): boolean {
    return this.byIx.get(ix)?.memories.some((m) => m.active) ?? false;
  }
  begin(ix: number, judges: readonly RuleJudge[]): Remembered {
    const own = { judges, memories: judges.map(() => calmMemory), wakeAt: Number.POSITIVE_INFINITY };
    this.byIx.set(ix, own);
    return own;
  }

  /**
   * Set its alarm clock by the earliest of its delays, or let go of what need not be remembered.
   * @param shift the centre's clock minus the sensor's, ms; NaN = not known
   * @param notBefore epoch ms of the centre
   */
  arm(ix: number, own: Remembered, shift: number, notBefore = 0) {
    let [ends, calm] = [Number.POSITIVE_INFINITY, true];
    for (let i = 0; i < own.memories.length; i++) {
      const m = own.memories[i]!;
      if (m === calmMemory) continue;
      calm = false;
      ends = Math.min(ends, own.judges[i]!.delayEnds(m) ?? Number.POSITIVE_INFINITY);
    }
    if (calm) this.byIx.delete(ix);
    const moment = Math.max(ends + (Number.isNaN(shift) ? 0 : shift), notBefore);
    if (ends === Number.POSITIVE_INFINITY || moment >= own.wakeAt) return;
    own.wakeAt = moment;
    this.delays.push(ix, moment);
  }
  /** Those whose moment has come; each is to be armed again. */
  ended(at: number): number[] {
    const out: number[] = [];
    while (this.delays.length && this.delays.peekValue()! <= at) {
      const moment = this.delays.peekValue()!;
      const ix = this.delays.pop()!;
      const own = this.byIx.get(ix);
      if (own?.wakeAt !== moment) continue;
      own.wakeAt = Number.POSITIVE_INFINITY;
      out.push(ix);
    }
    return out;
  }
  /** The earliest delay of a sensor that ends between two moments of its own time, the ends not included; null = none. */
  endsBetween(ix: number, from: number, to: number): number | null {
    const own = this.byIx.get(ix);
    if (!own) return null;
    let first = to;
    for (let i = 0; i < own.memories.length; i++) {
      const ends = own.judges[i]!.delayEnds(own.memories[i]!) ?? to;
      if (ends > from && ends < first) first = ends;
    }
    return first < to ? first : null;
  }
}
