import { zCentre } from '../../model/centre.ts';
import { isOnShift } from '../../model/patrol.ts';
import { demoCentre } from '../centre.ts';
import type { Walkers } from './walkers.ts';

interface Shifted {
  readonly id: string;
  readonly shift?: string;
}
const ground = { centre: zCentre.parse(demoCentre) };
/** 班次 by our clock, not the street's: the server knows no other. `at` epoch ms. */
export const isAtWork = (unit: Pick<Shifted, 'shift'>, at: number) => isOnShift(ground, unit, at);

/**
 * 上班 and 下班: a unit whose shift is over goes home and switches its device off there; who is out on a matter stays until it is released. As its
 * shift begins the device is on again.
 */
export class Shifts {
  private readonly units: readonly Shifted[];
  private readonly walkers: Walkers;
  private readonly on: boolean[];

  constructor(units: readonly Shifted[], walkers: Walkers, now: number) {
    this.units = units;
    this.walkers = walkers;
    for (const u of units) if (!isAtWork(u, now)) walkers.atWork(u.id, false, true);
    this.on = units.map((u) => isAtWork(u, now) || !walkers.isHome(u.id));
  }

  /** Whether the device of this one is switched on. */
  speaks = (i: number): boolean => this.on[i]!;

  /** @returns the units, by their index, whose device was switched on or off */
  advance(now: number): number[] {
    return this.units.flatMap((u, i) => {
      const atWork = isAtWork(u, now);
      this.walkers.atWork(u.id, atWork);
      const on = atWork || !this.walkers.isHome(u.id);
      if (on === this.on[i]) return [];
      this.on[i] = on;
      return [i];
    });
  }
}
