import { expect, test } from 'vitest';
import { decodeFrame, STATUS_ONLINE, STATUS_SOS } from '../../model/frame.ts';
import { latest, replayFrame } from '../../model/latest.ts';
import { filmStore, fix, handClock, lane } from './telemetry-support.ts';

const T0 = 1_800_000_000_000;
const west = [104.02, 30.6] as const;
const east = [104.08, 30.6] as const;

async function street() {
  const store = filmStore();
  const clock = handClock(T0);
  const telemetry = await lane({ store, now: () => clock.now, every: clock.every });
  return { store, clock, telemetry };
}
async function settled(telemetry: { stats(): { queued: number } }) {
  while (telemetry.stats().queued > 0) await new Promise((later) => setImmediate(later));
}

test('a fix declared late moves no marker, newer than what is known or not; nor does it when its frame is played again', async () => {
  const { store, clock, telemetry } = await street();
  expect(telemetry.position(fix(0, west, T0))).toBe('live');
  expect(telemetry.position({ ...fix(0, east, T0 + 500), past: true })).toBe('history');
  expect(telemetry.position({ ...fix(0, east, T0 - 500), past: true })).toBe('history');
  expect(telemetry.position({ ...fix(1, east, T0), past: true })).toBe('history'); // never heard of before
  clock.forward(1000);
  await settled(telemetry);
  expect(telemetry.unit('u-0')).toMatchObject({ lngLat: west, at: T0 });
  expect(telemetry.unit('u-1')).toBeUndefined();

  const played = latest();
  for (const row of store.frames) replayFrame(played, decodeFrame(row.bytes));
  expect([played.units.at[0], played.units.lng[0], played.units.status[0]]).toEqual([T0, west[0] * 1e7, STATUS_ONLINE]);
  expect(played.units.at[1]).toBeNaN();
  // they are at rest all the same: the track has them
  const rest = store.frames.flatMap((row) =>
    decodeFrame(row.bytes).segments.flatMap((s) => [...s.positions.at].slice(0, s.positions.length)),
  );
  expect(rest.sort()).toEqual([T0 - 500, T0, T0, T0 + 500]);
  await telemetry.close();
});

test('SOS is part of the status from the press to the release, also where no fix could be believed', async () => {
  const { telemetry } = await street();
  telemetry.position({ ...fix(0, west, T0), sos: true });
  telemetry.position(fix(0, west, T0 + 1000)); // says nothing of it
  expect(telemetry.latest.units.status[0]! & STATUS_SOS).toBe(STATUS_SOS);
  telemetry.sos('u-0', false);
  expect(telemetry.latest.units.status[0]! & STATUS_SOS).toBe(0);
  telemetry.sos('u-0', true);
  telemetry.position({ ...fix(0, west, T0 + 2000), sos: false });
  expect(telemetry.latest.units.status[0]).toBe(STATUS_ONLINE);
  telemetry.sos('nobody', true);
  await telemetry.close();
});
