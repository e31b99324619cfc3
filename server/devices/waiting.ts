import type { DeviceStore, WaitingDevice, WaitingFix } from '../store/devices.ts';
import { drawnDeviceId } from './device-id.ts';
import type { DeviceFix } from './devices.ts';

export interface WaitingLimits {
  /** devices that may wait at once: what hammers a door with made-up numbers fills no disk */
  readonly devices: number;
  /** newest fixes kept of each, and of all together */
  readonly perDevice: number;
  readonly total: number;
  readonly keptMs: number;
}
/** 720 fixes: two hours at one every ten seconds. */
export const waitingLimits: WaitingLimits = { devices: 2000, perDevice: 720, total: 200_000, keptMs: 7 * 86_400_000 };
/** trimmed only when a tenth too many are there */
const SLACK = 1.1;

type Row = { -readonly [K in keyof WaitingDevice]: WaitingDevice[K] } & { kept: number };
interface Pending {
  readonly fix: WaitingFix;
  readonly written: () => void;
  readonly failed: (error: unknown) => void;
}
const keyOf = (door: string, device: string) => `${door}\0${device}`;

/** 待绑定: devices nobody has bound, with what they reported. In memory as they stand, their fixes in the store; what is let go of is counted. */
export class WaitingRoom {
  private readonly rows = new Map<string, Row>();
  private readonly dirty = new Set<Row>();
  private pending: Pending[] = [];
  private writing: Promise<void> | null = null;

  constructor(
    private readonly store: DeviceStore,
    private readonly limits: WaitingLimits,
    rows: readonly (WaitingDevice & { readonly kept: number })[],
  ) {
    for (const row of rows) this.rows.set(keyOf(row.door, row.device), { ...row });
  }

  get size() {
    return this.rows.size;
  }
  list = (): readonly WaitingDevice[] => [...this.rows.values()];
  get = (door: string, device: string): WaitingDevice | undefined => this.rows.get(keyOf(door, device));
  byId = (id: string): WaitingDevice | undefined => [...this.rows.values()].find((r) => r.id === id);

  /** It was heard. @returns false when no more devices can wait */
  heard(door: string, device: string, at: number): boolean {
    return this.row(door, device, at) !== null;
  }
  /** Keep a fix. Resolves when it is durable. @returns null when no more devices can wait */
  keep(door: string, device: string, fix: DeviceFix, receivedAt: number): Promise<void> | null {
    const row = this.row(door, device, receivedAt);
    if (!row) return null;
    row.reports += 1;
    if (fix.sos !== undefined && !fix.past) row.sosAt = fix.sos ? receivedAt : null;
    const { at, heading, speed } = fix;
    const kept = { device: row.id, at, lng: fix.lngLat[0], lat: fix.lngLat[1], heading, speed, receivedAt };
    return new Promise((written, failed) => {
      this.pending.push({ fix: kept, written, failed });
      void this.flush().catch(() => {});
    });
  }
  /** It is bound now: nobody waits any more. Its fixes stay until they are dropped with it. */
  leave(id: string) {
    const row = [...this.rows.values()].find((r) => r.id === id);
    if (!row) return;
    this.rows.delete(keyOf(row.door, row.device));
    this.dirty.delete(row);
  }

  /** What is pending is written; one write at a time, all that came meanwhile in the next. */
  flush(): Promise<void> {
    this.writing ??= this.write().finally(() => {
      this.writing = null;
      if (this.pending.length) void this.flush().catch(() => {});
    });
    return this.writing;
  }
  /** When it resolves, everything handed in before the call is written. */
  async settled() {
    await this.writing?.catch(() => {});
    await this.flush();
  }

  private async write() {
    // what one turn brings is written together
    await new Promise((go) => setImmediate(go));
    const batch = this.pending;
    const rows = [...this.dirty];
    this.pending = [];
    this.dirty.clear();
    try {
      if (rows.length) await this.store.putWaiting(rows);
      const added = batch.length ? await this.store.addFixes(distinct(batch.map((p) => p.fix))) : new Map<string, number>();
      for (const p of batch) p.written();
      for (const row of this.rows.values()) row.kept += added.get(row.id) ?? 0;
      await this.trim();
    } catch (error) {
      for (const row of rows) if (this.rows.has(keyOf(row.door, row.device))) this.dirty.add(row);
      for (const p of batch) p.failed(error);
      throw error;
    }
  }
  private async trim() {
    const { perDevice, total } = this.limits;
    let kept = 0;
    for (const row of this.rows.values()) {
      if (row.kept > perDevice * SLACK) this.dropped(row, await this.store.keepNewest(row.id, perDevice));
      kept += row.kept;
    }
    if (kept > total * SLACK) this.forget(await this.store.dropOldest(0, total));
  }
  /** Once in a while: what is too old, and devices that were not heard for as long. */
  async sweep(now: number) {
    const before = now - this.limits.keptMs;
    this.forget(await this.store.dropOldest(before, this.limits.total));
    const gone = [...this.rows.values()].filter((r) => r.lastAt < before);
    for (const { id } of gone) this.leave(id);
    if (gone.length) await this.store.dropWaiting(gone.map((r) => r.id));
  }
  private forget(gone: ReadonlyMap<string, number>) {
    for (const row of this.rows.values()) this.dropped(row, gone.get(row.id) ?? 0);
  }
  private dropped(row: Row, n: number) {
    if (n === 0) return;
    row.kept -= n;
    row.dropped += n;
    this.dirty.add(row);
  }

  private row(door: string, device: string, at: number): Row | null {
    const key = keyOf(door, device);
    let row = this.rows.get(key);
    if (!row) {
      if (this.rows.size >= this.limits.devices) return null;
      row = { door, device, id: drawnDeviceId(), firstAt: at, lastAt: at, sosAt: null, reports: 0, dropped: 0, kept: 0 };
      this.rows.set(key, row);
    }
    row.lastAt = Math.max(row.lastAt, at);
    this.dirty.add(row);
    return row;
  }
}

/** One statement may not add a fix twice. */
const distinct = (fixes: readonly WaitingFix[]) => [...new Map(fixes.map((f) => [`${f.device} ${f.at}`, f])).values()];
