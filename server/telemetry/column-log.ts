import { ordered } from '../../model/columns.ts';

const SMALLEST = 16_384;
type Column = Float64Array | Float32Array | Uint32Array | Int32Array;
type Kind = Float32ArrayConstructor | Int32ArrayConstructor;

/**
 * What any devices said in the order it came, found again by device: columns that only grow, each entry pointing to the one before of its
 * device. 16 bytes and 4 for each column an entry, 4 bytes for every ix up to the largest that spoke, nothing for each `add` to allocate.
 */
export class ColumnLog {
  length = 0;
  private at = new Float64Array(SMALLEST);
  private ix = new Uint32Array(SMALLEST);
  /** the entry before it of the same device; -1 = none */
  private before = new Int32Array(SMALLEST);
  /** ix -> its latest entry; -1 = none */
  private head = new Int32Array(0);
  private readonly names: readonly string[];
  private readonly columns: (Float32Array | Int32Array)[];

  /** @param kinds the columns beside the time, at most four */
  constructor(kinds: Readonly<Record<string, Kind>>) {
    this.names = Object.keys(kinds);
    this.columns = Object.values(kinds).map((kind) => new kind(SMALLEST));
  }

  /** Values in the order of the columns. */
  add(ix: number, at: number, a: number, b = 0, c = 0, d = 0) {
    const n = this.length;
    if (n === this.at.length) this.resize(2 * n);
    if (ix >= this.head.length) this.widen(ix);
    this.at[n] = at;
    const { columns } = this;
    columns[0]![n] = a;
    if (columns.length > 1) {
      columns[1]![n] = b;
      columns[2]![n] = c;
      columns[3]![n] = d;
    }
    this.ix[n] = ix;
    this.before[n] = this.head[ix]!;
    this.head[ix] = n;
    this.length = n + 1;
  }

  /** What one device said, by time; of several at one moment the later one said. */
  of<C>(ix: number): C {
    const rows: number[] = [];
    for (let i = this.head[ix] ?? -1; i >= 0; i = this.before[i]!) rows.push(i);
    rows.reverse();
    const values = this.columns.map((column, k) => [this.names[k]!, rows.map((i) => column[i]!)] as const);
    return ordered({ at: rows.map((i) => this.at[i]!), ...Object.fromEntries(values) }) as unknown as C;
  }
  /** Every device that spoke. */
  *spoke(): Generator<number> {
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
    return this.at.length * (16 + 4 * this.columns.length) + this.head.length * 4;
  }

  private resize(capacity: number) {
    const copy = <T extends Column>(from: T): T => {
      const to = new (from.constructor as new (n: number) => T)(capacity);
      to.set(from.subarray(0, this.length));
      return to;
    };
    this.at = copy(this.at);
    this.ix = copy(this.ix);
    this.before = copy(this.before);
    for (const [k, column] of this.columns.entries()) this.columns[k] = copy(column);
  }
  private widen(ix: number) {
    const wider = new Int32Array(Math.max(64, Math.ceil((ix + 1) * 1.25))).fill(-1);
    wider.set(this.head);
    this.head = wider;
  }
}
