import { afterAll, beforeAll, expect, it } from 'vitest';
import { demoCentre } from '../../seed/centre.ts';
import { play } from '../../seed/play/play.ts';
import { boundaries } from '../../seed/street/geojson.ts';
import { bindTerminals, terminals } from '../../seed/terminals.ts';
import { freePort, startServer, type TestServer, until } from '../support/server.ts';
import { crew, street } from './world.ts';

let server: TestServer;
let port: number;
beforeAll(async () => {
  port = await freePort();
  server = await startServer({ env: { JT808_PORT: String(port) } });
  const ok = async (path: string, body: unknown) => expect([path, (await server.admin(path, body)).status]).toEqual([path, 200]);
  await ok('/api/v1/centre', demoCentre);
  await ok('/api/v1/boundaries', { geojson: boundaries(street), validFrom: '2026-01-01T00:00:00+08:00' });
  const units = crew.units.map(({ person: _, ...unit }) => unit);
  await ok('/api/v1/registry', { units });
});
afterAll(() => server.destroy());

it('vehicles of the demonstration report through the JT/T 808 door, show what they are sent, and log out', async () => {
  const vehicles = terminals(crew.units);
  expect(vehicles).toHaveLength(6);
  const bearer = { authorization: `Bearer ${server.adminToken}` };
  const ask = async <T>(path: string, body?: unknown) =>
    (body === undefined ? await server.get(path, bearer) : await server.post(path, body, bearer)).json as T;
  for (let twice = 0; twice < 2; twice++) await bindTerminals(ask, () => crew.units);
  expect((await ask<{ bound: unknown[] }>('/api/v1/devices')).bound).toHaveLength(6);

  const stop = new AbortController();
  const day = play({ url: server.url, mqtt: server.mqttUrl, jt808: `127.0.0.1:${port}`, log: () => {} }, stop.signal);
  const seen = async () => {
    const { units } = (await server.get('/api/v1/world')).json as { units: { id: string; online: boolean; lngLat: unknown }[] };
    return vehicles.map(({ unit }) => units.find((u) => u.id === unit));
  };
  await until(async () => (await seen()).every((u) => u?.online && u.lngLat));
  const doors = (await server.get('/api/v1/sources')).json.doors as { door: string; accepted: number; refused: number }[];
  const door = doors.find((d) => d.door === 'jt808')!;
  expect(door.accepted).toBeGreaterThanOrEqual(12); // each authenticated and reported
  expect(door.refused).toBe(0);
  const sent = await server.post(`/api/v1/units/${vehicles[0]!.unit}/messages`, { text: '请到滨河路口协助疏导' });
  expect(sent.json).toMatchObject({ door: 'jt808', result: 'delivered' });
  stop.abort();
  await day;
  await until(async () => (await seen()).every((u) => !u?.online));
});
