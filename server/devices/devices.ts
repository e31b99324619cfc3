import type { LngLat } from '../../model/brand.ts';
import type { Outcome, Receipt } from '../engine.ts';

/**
 * 设备: things that move and speak a protocol of their own. Each is known by the number its protocol gives it (the terminal's phone number of
 * JT/T 808, a tracker's id) at one door, and stands for one unit once somebody has bound it.
 */
export interface DeviceFix {
  /** device time, epoch ms */
  readonly at: number;
  /** [lng, lat] degrees, WGS-84 */
  readonly lngLat: LngLat;
  /** degrees clockwise from north */
  readonly heading: number;
  /** m/s */
  readonly speed: number;
  /** its SOS button is pressed; absent = the protocol says nothing of it */
  readonly sos?: boolean;
  /** back-fill: history, never the marker */
  readonly past?: boolean;
}

/** `waiting`: nobody has bound this device yet; the fix is kept for the unit it will be bound to. */
export type Taken = Outcome | { readonly ok: true; readonly waiting: true };

export interface Devices {
  /** The unit this device is bound to; null = nobody has bound it. */
  unitOf(door: string, device: string): string | null;
  /** The device of a unit at any door, for a message to it. */
  deviceOf(unit: string): { readonly door: string; readonly device: string } | null;
  /** A fix of a device, bound or not. Resolves when what it caused is durable. */
  take(door: string, device: string, fix: DeviceFix, receipt: Receipt): Promise<Taken>;
  /** It was heard without a fix (a heartbeat, a registration): an unknown one then stands in the waiting list too. */
  heard(door: string, device: string, at: number): void;
}
