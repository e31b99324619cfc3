import type { AreaCode, LngLat } from '../../model/brand.ts';
import type { Unit } from '../../model/world.ts';
import type { Recency } from '../telemetry/telemetry.ts';

/** A plausible fix of a unit as the engine hands it on. `area`: the leaf it lies in; `at` device time, `receivedAt` ours, epoch ms. */
export interface HeardFix {
  readonly at: number;
  readonly receivedAt: number;
  readonly lngLat: LngLat;
  readonly area: AreaCode | null;
  readonly recency: Recency;
  readonly sos?: boolean;
}

/** 巡防规则: what fixes mean: visits, enter and leave, silence, SOS. */
export interface PatrolWatch {
  /** Resolves when every fact the fix caused is durable. */
  hear(unit: Unit, fix: HeardFix): Promise<void>;
}
