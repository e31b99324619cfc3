import type { AreaCode } from '../../model/brand.ts';
import type { Stay } from '../../model/visit.ts';

/**
 * Out of a place for less than this, ms, a unit has not left it: at a border the receiver says now one side, now the other.
 */
export const AWAY_MS = 30_000;

interface Open {
  area: AreaCode;
  since: number;
  last: number;
  fixes: number;
  /** its visit is in the ledger */
  told: boolean;
}
export type OpenStay = Stay & { told: boolean };

/**
 * The stay of one unit, from its fixes in order of their time. `begun` is where it has lately been instead: the stay ends when that has
 * lasted, and the time there counts from its own first fix.
 */
export class StayTracker {
  private stay: Open | null = null;
  private begun: Open | null = null;
  private awaySince: number | null = null;

  get now(): OpenStay | null {
    return this.stay;
  }

  /** @param lasts whether a stay of that length already counts as one @returns the stay that has ended by this fix */
  fix(area: AreaCode | null, at: number, lasts: (stay: Stay) => boolean): OpenStay | null {
    const { stay } = this;
    if (stay && stay.area === area) {
      extend(stay, at);
      this.begun = null;
      this.awaySince = null;
      return null;
    }
    this.begun = area === null ? null : this.begun?.area === area ? extend(this.begun, at) : open(area, at);
    if (stay) {
      this.awaySince ??= at;
      if (at - this.awaySince < AWAY_MS && !(this.begun && lasts(this.begun))) return null;
    }
    this.stay = this.begun;
    this.begun = null;
    this.awaySince = null;
    return stay;
  }

  /** It is over: the unit is silent or off duty. */
  end(): OpenStay | null {
    const { stay } = this;
    this.stay = null;
    this.begun = null;
    this.awaySince = null;
    return stay;
  }

  /** After a start: a visit that lasted when the server stopped. */
  restore(stay: OpenStay) {
    this.stay = { ...stay };
  }
}

const open = (area: AreaCode, at: number): Open => ({ area, since: at, last: at, fixes: 1, told: false });
function extend(stay: Open, at: number): Open {
  if (at > stay.last) {
    stay.last = at;
    stay.fixes += 1;
  }
  return stay;
}
