import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pdf } from '../support/files.ts';
import { middleOf } from '../support/fixture-street.ts';
import { loadFixture, startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
afterAll(() => server?.destroy());
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

it('SIGKILL in the middle of uploads: what was acknowledged is there to the byte, and no entry is without its file', async () => {
  server = await startServer();
  await loadFixture(server);
  const { dataDir } = server;
  const acknowledged = new Set<string>();
  let n = 0;
  for (const after of [5, 15]) {
    const incidents: string[] = [];
    for (let i = 0; i < 6; i++) {
      const report = { kind: 'incident', at: new Date().toISOString(), lngLat: middleOf(0), category: 'other', title: '试验' };
      incidents.push((await server.post('/api/v1/reports', { reports: [report] })).json.results[0].id);
    }
    const enough = acknowledged.size + after;
    let killed = false;
    const { url } = server;
    const writer = async (incident: string) => {
      while (!killed) {
        const body = Buffer.concat([pdf(), Buffer.from(`% ${++n}\n%%EOF\n`), Buffer.alloc(n % 5 ? 1000 : 300_000, 37)]);
        const answer = await fetch(`${url}/api/v1/incidents/${incident}/attachments`, { method: 'POST', body }).catch(() => null);
        const json = await answer?.json().catch(() => null);
        if (answer?.status !== 200 || !json) {
          expect(killed || answer?.status === 409, JSON.stringify(json)).toBe(true);
          if (answer?.status === 409) return;
          continue;
        }
        expect(json.attachment.hash).toBe(sha256(body));
        acknowledged.add(json.attachment.hash);
        if (acknowledged.size >= enough && !killed) {
          killed = true;
          server.child.kill('SIGKILL');
        }
      }
    };
    await Promise.all(incidents.map(writer));
    expect(killed).toBe(true);
    await server.stop();
    server = await startServer({ dataDir });

    const { entries } = (await server.get('/api/v1/ledger?kind=incident.attached&limit=5000')).json;
    const named = new Set<string>(entries.map((e: { body: { hash: string } }) => e.body.hash));
    for (const hash of acknowledged) {
      expect(named.has(hash)).toBe(true);
      const answer = await fetch(`${server.url}/api/v1/attachments/${hash}/original`);
      expect(sha256(Buffer.from(await answer.arrayBuffer()))).toBe(hash);
    }
    for (const hash of named) expect(existsSync(join(dataDir, 'attachments', hash.slice(0, 2), hash.slice(2)))).toBe(true);
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(20);
});
