/** A growing set of small whole numbers, one bit each: 120,000 units in 15 kB. */
export class BitSet {
  private words = new Uint32Array(0);
  /** bits set; 0 = empty */
  size = 0;

  add(n: number) {
    const at = n >>> 5;
    if (at >= this.words.length) {
      const next = new Uint32Array(Math.max(8, at + 1, this.words.length * 2));
      next.set(this.words);
      this.words = next;
    }
    const bit = 1 << (n & 31);
    const word = this.words[at] as number;
    if ((word & bit) === 0) {
      this.words[at] = word | bit;
      this.size += 1;
    }
  }
  addAll(numbers: Uint32Array) {
    for (const n of numbers) this.add(n);
  }
  /** Everything in the set, ascending; the set is empty afterwards. */
  take(): Uint32Array {
    const out = new Uint32Array(this.size);
    let n = 0;
    for (let at = 0; n < out.length; at++) {
      let word = this.words[at] as number;
      if (word === 0) continue;
      this.words[at] = 0;
      while (word !== 0) {
        const low = 31 - Math.clz32(word & -word);
        out[n++] = at * 32 + low;
        word &= word - 1;
      }
    }
    this.size = 0;
    return out;
  }
  get bytes() {
    return this.words.byteLength;
  }
}
