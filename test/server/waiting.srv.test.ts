import { expect, test } from 'vitest';
import { WaitingRoom } from '../../server/devices/waiting.ts';
import { freshStore } from '../support/postgres.ts';

const T0 = 1_800_000_000_000;
const fix = (s: number) => ({ at: T0 + s * 1000, lngLat: [104, 30.6] as const, heading: 0, speed: 1 });
const limits = { devices: 3, perDevice: 10, total: 25, keptMs: 60_000 };

test('the newest fixes of each device and of all are kept, what is let go of is counted, and too many devices are told so', async () => {
  const { store } = await freshStore();
  const room = new WaitingRoom(store.devices, limits, []);
  for (let s = 0; s < 30; s++) await room.keep('osmand', 'a', fix(s), T0 + s);
  const a = room.get('osmand', 'a')!;
  const keptOf = async (id: string) => (await store.devices.fixesOf(id)).map((f) => (f.at - T0) / 1000);
  const kept = await keptOf(a.id);
  expect(kept.length).toBeLessThanOrEqual(11);
  expect(kept.at(-1)).toBe(29);
  expect(a.dropped).toBe(30 - kept.length);
  await room.keep('osmand', 'a', fix(29), T0 + 40); // known by its time
  expect(await keptOf(a.id)).toEqual(kept);

  for (const device of ['b', 'c']) for (let s = 0; s < 10; s++) await room.keep('osmand', device, fix(s), T0 + 100 + s);
  const rows = room.list();
  const all = (await Promise.all(rows.map((r) => keptOf(r.id)))).flat().length;
  expect(all).toBeLessThanOrEqual(28);
  expect(rows.reduce((n, r) => n + r.reports - r.dropped, 0)).toBe(all + 1); // the one that came twice
  expect(room.keep('osmand', 'd', fix(1), T0)).toBeNull();
  expect(room.heard('osmand', 'd', T0)).toBe(false);

  await room.flush();
  const again = new WaitingRoom(store.devices, limits, await store.devices.waiting());
  expect(
    again
      .list()
      .map((r) => [r.device, r.reports, r.dropped])
      .sort(),
  ).toEqual(rows.map((r) => [r.device, r.reports, r.dropped]).sort());
  await again.sweep(T0 + 200_000);
  expect(again.size).toBe(0);
  expect(await store.devices.waiting()).toEqual([]);
});
