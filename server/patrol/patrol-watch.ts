import type { AreaCode, LngLat } from '../../model/brand.ts';
import type { Implausible } from '../../model/plausible.ts';
import type { Unit } from '../../model/world.ts';
import type { Recency } from '../telemetry/telemetry.ts';

/** A fix of a unit as the engine hands it on. `area`: the leaf it lies in; `at` device time, `receivedAt` ours, epoch ms. */
export interface HeardFix {
  readonly at: number;
  readonly receivedAt: number;
  readonly lngLat: LngLat;
  readonly area: AreaCode | null;
  readonly recency: Recency;
  readonly sos?: boolean;
  /** the place is the last one believed, for what the fix says of it is not: only its SOS is heard */
  readonly doubted?: true;
}

/** A fix of a unit that was not believed: its device speaks, where it is nobody knows. */
export interface DoubtedFix extends Pick<HeardFix, 'at' | 'receivedAt'> {
  readonly reason: Implausible;
}

/** 巡防规则: what fixes mean: visits, enter and leave, silence, SOS. */
export interface PatrolWatch {
  /** Resolves when every fact the fix caused is durable. */
  hear(unit: Unit, fix: HeardFix): Promise<void>;
  /** Silence is told from a place nobody believes. Causes nothing at once. */
  doubt(unit: Unit, fix: DoubtedFix): void;
}
