import { afterAll, beforeAll, expect, it } from 'vitest';
import { alarmRules } from '../../seed/alarm-rules.ts';
import { demoCentre } from '../../seed/centre.ts';
import { FLOOD_P1, flood } from '../../seed/play/flood.ts';
import { boundaries } from '../../seed/street/geojson.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { gauges, sites, street } from './world.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const ok = async (path: string, body: unknown) => expect([path, (await server.admin(path, body)).status]).toEqual([path, 200]);
  await ok('/api/v1/centre', demoCentre);
  await ok('/api/v1/boundaries', { geojson: boundaries(street), validFrom: '2026-01-01T00:00:00+08:00' });
  await ok('/api/v1/registry', { facilities: sites, sensors: gauges });
  for (const rule of alarmRules(gauges, sites)) await ok('/api/v1/alarm-rules', { rule });
});
afterAll(() => server.destroy());

const alarms = async (): Promise<{ id: string; state: string; priority: number }[]> => (await server.get('/api/v1/world')).json.alarms;
async function until(is: (list: Awaited<ReturnType<typeof alarms>>) => boolean) {
  for (;;) {
    const list = await alarms();
    if (is(list)) return list;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

it('a drill raises as many different alarms as it says, one of the first priority among them, and takes them back', async () => {
  let pressed = 0;
  const options = { url: server.url, mqtt: server.mqttUrl, token: server.adminToken, count: 240, overS: 3, log: () => {} };
  const done = await flood({
    ...options,
    onFirst: (at) => {
      pressed = at;
    },
  });
  expect([done.sent, new Set(done.alarms).size, done.first]).toEqual([241, 241, { alarm: FLOOD_P1, at: pressed }]);
  const standing = await until((list) => list.filter((a) => a.state === 'unack').length === 241);
  expect(standing.filter((a) => a.priority === 1).map((a) => a.id)).toEqual([FLOOD_P1]);
  expect(standing.map((a) => a.id).sort()).toEqual([...done.alarms].sort());
  const { incidents } = (await server.get('/api/v1/world')).json;
  expect(incidents.map((i: { alarm: string }) => i.alarm)).toEqual([FLOOD_P1]);
  await done.clear();
  const after = await until((list) => list.every((a) => a.state !== 'unack'));
  expect(after.find((a) => a.id === FLOOD_P1)?.state).toBe('latched');
});
