/**
 * Times of a place with summer time, by the time-zone rules in the JavaScript engine (Intl). A local time that comes twice, when clocks
 * are put back, is taken as its first; one that never comes, when they are put forward, as if they had not been yet.
 */
export function localTimes(timeZone: string): {
  readonly instantOf: (local: string) => number;
  readonly localOf: (instant: number) => string;
} {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const localOf = (instant: number) => format.format(instant).replace(' ', 'T');
  const naive = (local: string) => Date.parse(`${local}Z`);
  /** milliseconds east of UTC; the same all through an hour of UTC, so that it is asked once for each */
  const offsets = new Map<number, number>();
  const offsetAt = (instant: number) => {
    const hour = Math.floor(instant / 3_600_000) * 3_600_000;
    let offset = offsets.get(hour);
    if (offset === undefined) {
      offset = naive(localOf(hour)) - hour;
      offsets.set(hour, offset);
    }
    return offset;
  };
  return {
    localOf,
    /** @param local `2015-06-01T00:28:00` */
    instantOf(local) {
      const ms = naive(local);
      if (Number.isNaN(ms)) throw new RangeError(`${local}: not a local date and time`);
      const day = 86_400_000;
      const [early, late] = [ms - offsetAt(ms - day), ms - offsetAt(ms + day)].sort((a, b) => a - b) as [number, number];
      if (naive(localOf(early)) === ms) return early;
      return naive(localOf(late)) === ms ? late : ms - offsetAt(ms - day);
    },
  };
}
