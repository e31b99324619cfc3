import { type AreaCode, areaCode, epochMs, type LngLat } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Fact } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import type { FrameRow } from '../../server/store/store.ts';
import { type Every, openTelemetry, type TelemetryOptions } from '../../server/telemetry/open-telemetry.ts';
import { areas, chain, setUp } from '../support/facts.ts';

/** Frames in memory, with the promises of the Store. `fail`: writes are refused while it is set. */
export function filmStore() {
  const frames: FrameRow[] = [];
  const keyframes: FrameRow[] = [];
  const put = (rows: FrameRow[]) => async (row: FrameRow) => {
    if (store.fail) throw new Error('disk full');
    if (rows.some((r) => r.at === row.at)) throw new Error(`two rows at ${row.at}`);
    rows.push(row);
  };
  const store = {
    fail: false,
    frames,
    keyframes,
    putFrame: put(frames),
    putKeyframe: put(keyframes),
    framesBetween: async (from: number, to: number) => frames.filter((f) => f.at >= from && f.at < to).sort((a, b) => a.at - b.at),
    keyframeBefore: async (ms: number) => keyframes.filter((k) => k.at <= ms).sort((a, b) => b.at - a.at)[0] ?? null,
    rowAfter: async (ms: number) =>
      [...frames, ...keyframes]
        .map((r) => r.at)
        .filter((at) => at >= ms)
        .sort((a, b) => a - b)[0] ?? null,
  };
  return store;
}

/** A clock that moves when told, and runs what is due on its way. */
export function handClock(start: number) {
  const tasks: { ms: number; next: number; run: () => void }[] = [];
  const clock = {
    now: start,
    every: ((ms, run) => {
      const task = { ms, next: clock.now + ms, run };
      tasks.push(task);
      return () => tasks.splice(tasks.indexOf(task), 1);
    }) as Every,
    forward(ms: number) {
      const end = clock.now + ms;
      for (;;) {
        const due = tasks.filter((t) => t.next <= end).sort((a, b) => a.next - b.next)[0];
        if (!due) break;
        clock.now = due.next;
        due.next += due.ms;
        due.run();
      }
      clock.now = end;
    },
  };
  return clock;
}

export const unitCount = 12;
/** The small street of facts.ts with twelve units and four sensors. */
export const streetFacts: readonly Fact[] = [
  ...setUp.slice(0, 2),
  {
    kind: 'units.registered',
    body: { units: Array.from({ length: unitCount }, (_, i) => ({ id: `u-${i}`, name: `${i}`, role: 'grid' as const, area: null })) },
  },
  {
    kind: 'sensors.registered',
    body: {
      sensors: Array.from({ length: 4 }, (_, i) => ({
        id: `s-${i}`,
        kind: 'gas',
        name: `${i}`,
        lngLat: [104 + i / 100, 30] as const,
        area: areaCode(i % 2 ? '510107062007001001' : '510107062008001001'),
      })),
    },
  },
];
export const streetWorld: World = fold(emptyWorld, chain(streetFacts.map((fact) => ({ fact, at: 1_700_000_000_000 }))));

/** West of 104.05 lies community 007, east of it 008, north of 31 nothing. */
export const locate = ([lng, lat]: LngLat): AreaCode | null => {
  if (lat > 31) return null;
  return areaCode(lng < 104.05 ? '510107062007001001' : '510107062008001001');
};
export const communities = areas.filter((a) => a.level === 'community').map((a) => a.code);
export const quiet = { warn: () => {}, info: () => {} };

export const lane = ({ store, ...options }: { store: TelemetryOptions['store'] & TelemetryOptions['film'] } & Partial<TelemetryOptions>) =>
  openTelemetry({ store, film: store, world: () => streetWorld, locate, now: Date.now, log: quiet, ...options });
export type Lane = Awaited<ReturnType<typeof lane>>;

export const fix = (ix: number, lngLat: LngLat, at: number, receivedAt = at, heading = 0, speed = 0) => ({
  id: `u-${ix}`,
  ix,
  lngLat,
  heading,
  speed,
  at: epochMs(at),
  receivedAt: epochMs(receivedAt),
  area: locate(lngLat),
});
export const reading = (ix: number, value: number, at: number, alarm = false) => ({
  id: `s-${ix}`,
  ix,
  value,
  at: epochMs(at),
  receivedAt: epochMs(at),
  area: streetWorld.sensors.get(`s-${ix}`)?.area ?? null,
  alarm,
});
