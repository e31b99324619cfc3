import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixtureCentre, LEAVES, middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer, until } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await loadFixture(server);
  const soon = { n: 0.0003, unit: 'urgent-hour' }; // about a second
  const { status } = await server.admin('/api/v1/centre', {
    ...fixtureCentre,
    categories: [{ code: 'manhole', name: { zh: '井盖', en: 'Manhole' }, priority: 2, limits: { file: soon, handle: soon } }],
    escalation: { everyMinutes: 0.005 },
  });
  expect(status).toBe(200);
});
afterAll(() => server.destroy());

it('an incident nobody attends to warns twice of each clock and climbs to the level above the street, each an entry', async () => {
  const report = { kind: 'incident', at: new Date().toISOString(), lngLat: middleOf(0), category: 'manhole', title: '井盖缺失' };
  const { json } = await server.post('/api/v1/reports', { reports: [report] });
  const id = json.results[0].id;
  expect(id).toMatch(/^i-/);
  const entries = await until(async () => {
    const answer = await server.get(`/api/v1/ledger?subject=${id}`);
    return answer.json.entries.length >= 9 ? answer.json.entries : undefined;
  });
  const own = entries.filter((e: { actor: string }) => e.actor === 'clock');
  const bodies = (kind: string) => own.filter((e: { kind: string }) => e.kind === kind).map((e: { body: object }) => e.body);
  const warnings = bodies('incident.warned').map((b: { clock: string; share: string }) => `${b.clock} ${b.share}`);
  expect(warnings.sort()).toEqual(['file due', 'file warn', 'handle due', 'handle warn']);
  expect(bodies('incident.escalated')).toEqual([
    { incident: id, level: 'grid', area: LEAVES[0].slice(0, 15), byRule: true },
    { incident: id, level: 'community', area: LEAVES[0].slice(0, 12), byRule: true },
    { incident: id, level: 'street', area: LEAVES[0].slice(0, 9), byRule: true },
    { incident: id, level: 'above', area: null, byRule: true },
  ]);
  expect(await server.stop()).toBe(0);
});
