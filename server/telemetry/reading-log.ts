import { ordered, type Series } from '../../model/reading-chunk.ts';

const SMALLEST = 16_384;

/**
 * Readings of any sensors in the order they came, found again by sensor: columns that only grow, each entry pointing to the one before
 * of its sensor. 20 bytes a reading, 4 bytes for every ix up to the largest that spoke, nothing for each `add` to allocate.
 */
export class ReadingLog {
  length = 0;
  private at = new Float64Array(SMALLEST);
  private value = new Float32Array(SMALLEST);
  private ix = new Uint32Array(SMALLEST);
  /** the entry before it of the same sensor; -1 = none */
  private before = new Int32Array(SMALLEST);
  /** ix -> its latest entry; -1 = none */
  private head = new Int32Array(0);

  add(ix: number, at: number, value: number) {
    const n = this.length;
    if (n === this.at.length) this.resize(2 * n);
    if (ix >= this.head.length) this.widen(ix);
    this.at[n] = at;
    this.value[n] = value;
    this.ix[n] = ix;
    this.before[n] = this.head[ix]!;
    this.head[ix] = n;
    this.length = n + 1;
  }

  /** What one sensor said, by time; of two values at one moment the later one said. */
  of(ix: number): Series {
    const at: number[] = [];
    const value: number[] = [];
    for (let i = this.head[ix] ?? -1; i >= 0; i = this.before[i]!) {
      at.push(this.at[i]!);
      value.push(this.value[i]!);
    }
    return ordered({ at: at.reverse(), value: value.reverse() });
  }
  /** Every sensor that spoke. */
  *sensors(): Generator<number> {
    for (let ix = 0; ix < this.head.length; ix++) if (this.head[ix]! >= 0) yield ix;
  }

  /** Forget everything; after a time of less also half the room it took. */
  clear() {
    for (let i = 0; i < this.length; i++) this.head[this.ix[i]!] = -1;
    const spare = this.at.length > SMALLEST && this.length < this.at.length / 4;
    this.length = 0;
    if (spare) this.resize(this.at.length / 2);
  }
  get bytes() {
    return this.at.length * 20 + this.head.length * 4;
  }

  private resize(capacity: number) {
    const copy = <T extends Float64Array | Float32Array | Uint32Array | Int32Array>(to: T, from: T) => {
      to.set(from.subarray(0, this.length));
      return to;
    };
    this.at = copy(new Float64Array(capacity), this.at);
    this.value = copy(new Float32Array(capacity), this.value);
    this.ix = copy(new Uint32Array(capacity), this.ix);
    this.before = copy(new Int32Array(capacity), this.before);
  }
  private widen(ix: number) {
    const wider = new Int32Array(Math.max(64, Math.ceil((ix + 1) * 1.25))).fill(-1);
    wider.set(this.head);
    this.head = wider;
  }
}
