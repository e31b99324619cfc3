import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { epochMs } from '../../model/brand.ts';
import type { Fact } from '../../model/ledger.ts';
import { emptyWorld, worldDigest } from '../../model/world.ts';
import type { Ledger } from '../../server/ledger/ledger.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { scopedWorld, scopeOf } from '../../server/stream/scope.ts';
import { MAX_RESUME } from '../../server/stream/stream.ts';
import { filmStore } from '../../server/telemetry/film-store.ts';
import type { LiveTelemetry } from '../../server/telemetry/telemetry.ts';
import { type Draw, lawful, leaves } from '../support/facts.ts';
import { freshStore } from '../support/postgres.ts';
import { openScreen, scoped, streetStream, type TestScreen, tableOf } from './stream-screen.ts';
import { fix, lane, reading, streetFacts } from './telemetry-support.ts';

const east = [104.09, 30.6] as const;
const west = [104.01, 30.6] as const;

let ledger: Ledger;
let telemetry: LiveTelemetry;
let server: Awaited<ReturnType<typeof streetStream>>;
const screens: TestScreen[] = [];
let n = 0;

const draw = (): Draw => ({ pick: (Math.random() * 10) | 0, a: (Math.random() * 99) | 0, b: (Math.random() * 99) | 0, gapMs: 0 });
/** A fact the rules allow now. A sensor stays where it is, so its alarms do. */
function someFact(world: Ledger['world']): Fact {
  const fact = lawful(world, draw(), epochMs(Date.now()), ++n);
  if (fact.kind !== 'alarm.raised') return fact;
  return { ...fact, body: { ...fact.body, area: leaves[Number(fact.body.sensor.slice(2)) % leaves.length] ?? null } };
}
const incident = (area: string | null): Fact => {
  const fact = lawful(emptyWorld, { pick: 0, a: 1, b: 1, gapMs: 0 }, epochMs(Date.now()), ++n) as Fact<'incident.reported'>;
  return { ...fact, body: { ...fact.body, area: leaves.find((l) => l === area) ?? null } };
};
const append = (facts: readonly Fact[]) => ledger.append('op', () => facts);

function screen(actor: string, join?: Parameters<typeof openScreen>[2]) {
  const s = openScreen(server.url, actor, join);
  screens.push(s);
  return s;
}
/** A condition that never comes ends the test by its own time limit. */
const patient = { timeout: 60_000, interval: 20 };
const upToDate = (s: TestScreen) => vi.waitFor(() => expect(s.world.seq).toBe(ledger.world.seq), patient);
const answered = (s: TestScreen) => vi.waitFor(() => expect(s.answer).not.toBeNull(), patient);

beforeEach(async () => {
  const { store } = await freshStore();
  ledger = await openLedger(store);
  await append(streetFacts);
  telemetry = await lane({ store: { ...store, ...filmStore(store, store.reels) }, world: () => ledger.world });
  server = await streetStream(ledger, telemetry);
});
afterEach(async () => {
  for (const s of screens.splice(0)) s.close();
  await server.close();
  await telemetry.close();
  await ledger.close();
});

describe('joining', () => {
  it('gives the world and every position, then entries and frames as they come', async () => {
    telemetry.position(fix(0, west, Date.now()));
    const s = screen('op');
    await upToDate(s);
    expect(s.modes).toEqual(['snapshot']);
    expect(tableOf(s.table)).toEqual(tableOf(telemetry.latest));
    await append([incident(leaves[0] as string)]);
    telemetry.position(fix(0, east, Date.now()));
    telemetry.reading(reading(2, 7, Date.now(), true));
    await upToDate(s);
    await vi.waitFor(() => expect(tableOf(s.table)).toEqual(tableOf(telemetry.latest)), patient);
    expect(worldDigest(s.world)).toBe(worldDigest(ledger.world));
    expect(s.entries.length).toBe(1);
    await vi.waitFor(() => expect(s.statuses.at(-1)).toMatchObject({ screens: 1, lagMs: 0, doors: [] }), patient);
    expect(s.errors).toEqual([]);
  });

  it('again with what it has gets exactly what it missed', async () => {
    const s = screen('op');
    await upToDate(s);
    s.socket.io.engine.close();
    const missed = await append(Array.from({ length: 1200 }, () => incident(null)));
    telemetry.position(fix(3, west, Date.now()));
    await upToDate(s);
    expect(s.modes).toEqual(['snapshot', 'resume']);
    expect(s.entries.map((e) => e.seq)).toEqual(missed.map((e) => e.seq));
    await vi.waitFor(() => expect(tableOf(s.table)).toEqual(tableOf(telemetry.latest)), patient);
    expect(s.errors).toEqual([]);
  });

  it('with the head of another ledger gets a snapshot, never a wrong tail', async () => {
    const s = screen('op');
    await upToDate(s);
    s.socket.disconnect();
    s.world = { ...s.world, head: 'f'.repeat(64) };
    await append([incident(null)]);
    s.socket.connect();
    await upToDate(s);
    expect(s.modes).toEqual(['snapshot', 'snapshot']);
    s.socket.disconnect();
    s.world = { ...s.world, seq: (s.world.seq + 10) as typeof s.world.seq };
    s.socket.connect();
    await vi.waitFor(() => expect(s.modes.length).toBe(3), patient);
    expect(s.modes[2]).toBe('snapshot');
    await upToDate(s);
    expect(worldDigest(s.world)).toBe(worldDigest(ledger.world));
  });

  it('after a long absence gets a snapshot', async () => {
    const s = screen('op');
    await upToDate(s);
    s.socket.disconnect();
    for (let left = MAX_RESUME + 1; left > 0; left -= 1000)
      await append(
        Array.from({ length: Math.min(left, 1000) }, () => ({ kind: 'basemap.published', body: { hash: 'b'.repeat(64) } }) as Fact),
      );
    s.socket.connect();
    await upToDate(s);
    expect(s.modes).toEqual(['snapshot', 'snapshot']);
    expect(s.entries).toEqual([]);
  });

  it('with another protocol or for another centre is answered with the reason', async () => {
    const old = screen('op', { protocol: 0 });
    const lost = screen('op', { centre: '510107001' });
    const device = screen('device');
    await Promise.all([old, lost, device].map(answered));
    expect(old.answer).toEqual({ ok: false, rule: expect.stringContaining('protocol 0') });
    expect(lost.answer).toEqual({ ok: false, rule: expect.stringContaining('510107001') });
    expect(device.answer).toEqual({ ok: false, rule: expect.stringContaining('may not watch') });
    await append([incident(null)]);
    expect(old.entries.length + lost.entries.length + device.entries.length).toBe(0);
    expect(old.world.seq).toBe(0);
  });
});

describe('a scoped screen', () => {
  const own = (s: TestScreen) => worldDigest(scopedWorld(ledger.world, scopeOf(scoped, ledger.world))) === worldDigest(s.world);

  it('sees its community only, and its seq stays gapless', async () => {
    await append([incident('510107062008001001'), incident('510107062007001001')]);
    const [all, part] = [screen('op'), screen('co')];
    await Promise.all([all, part].map(upToDate));
    expect(part.world.incidents.size).toBe(1);
    expect([...part.world.sensors.keys()]).toEqual(['s-1', 's-3']);
    telemetry.position(fix(0, west, Date.now()));
    telemetry.position(fix(1, east, Date.now()));
    telemetry.position(fix(2, [104, 32], Date.now()));
    telemetry.reading(reading(0, 1, Date.now()));
    telemetry.reading(reading(1, 2, Date.now()));
    await append([incident('510107062008001001')]);
    await append([incident('510107062007001001')]);
    await append([incident(null)]);
    await vi.waitFor(() => expect(tableOf(all.table).units.map(([ix]) => ix)).toEqual([0, 1, 2]), patient);
    await Promise.all([all, part].map(upToDate));
    await vi.waitFor(() => expect(tableOf(part.table).sensors.map(([ix]) => ix)).toEqual([1]), patient);
    expect(tableOf(part.table).units.map(([ix]) => ix)).toEqual([0]);
    expect(part.entries.map((e) => e.kind)).toEqual(['withheld', 'incident.reported', 'withheld']);
    expect(part.entries.map((e) => e.hash)).toEqual(all.entries.map((e) => e.hash));
    expect(JSON.stringify(part.entries)).not.toContain('510107062008');
    const numbers = new Map([...ledger.world.incidents.values()].map((i) => [i.id, i.no]));
    for (const i of part.world.incidents.values()) expect(i.no).toBe(numbers.get(i.id));
    expect(own(part)).toBe(true);
  });

  it('takes a new register as a snapshot, so that its numbers of units are those of all', async () => {
    const part = screen('co');
    await upToDate(part);
    await append([{ kind: 'units.registered', body: { units: [{ id: 'u-new', name: '新', role: 'fire', area: null }] } }]);
    await upToDate(part);
    expect(part.world.units.get('u-new')?.ix).toBe(ledger.world.units.get('u-new')?.ix);
    expect(own(part)).toBe(true);
    expect(part.errors).toEqual([]);
  });

  it('has the world of its scope after any facts and any absence', async () => {
    const part = screen('co');
    await upToDate(part);
    for (let round = 0; round < 12; round++) {
      if (round % 3 === 2) part.socket.io.engine.close();
      for (let i = 0; i < 20; i++) await ledger.append('op', (world) => [someFact(world)]);
      await upToDate(part);
      expect(own(part)).toBe(true);
    }
    expect(part.errors).toEqual([]);
  });
});

describe('the door of the stream', () => {
  const url = () => `ws://127.0.0.1:${server.port}/stream/?EIO=4&transport=websocket`;
  const upgrade = (headers: Record<string, string>) =>
    new Promise<string>((done) => {
      const ws = new WebSocket(url(), { headers });
      ws.on('unexpected-response', (_, response) => {
        response.on('data', (body) => done(String(body)));
      });
      ws.on('open', () => {
        ws.close();
        done('open');
      });
      ws.on('error', () => {});
    });

  it('refuses the upgrade to a foreign page and to nobody we know', async () => {
    expect(await upgrade({ 'x-actor': 'op' })).toBe('open');
    expect(await upgrade({ 'x-actor': 'op', origin: server.url })).toBe('open');
    expect(await upgrade({ 'x-actor': 'op', origin: 'https://elsewhere.example' })).toContain('origin not allowed');
    expect(await upgrade({ origin: server.url })).toContain('not signed in');
  });

  it('does not speak long polling', async () => {
    const answer = await fetch(`${server.url}/stream/?EIO=4&transport=polling`, { headers: { 'x-actor': 'op' } });
    expect(answer.status).toBe(400);
  });

  it('survives garbage: the sender is cut off, the others notice nothing', async () => {
    const bystander = screen('op');
    await upToDate(bystander);
    const join = '4[2,"/",["join",{"protocol":1,"centre":""}],0]';
    const speeches: (string | Buffer)[][] = [
      ['garbage'],
      ['4garbage'],
      ['40'],
      ['4[0,"/nowhere"]'],
      ['4[2,"/",["join",{}]]'],
      ['4[0,"/"]', '4[2,"/",["join"]]'],
      ['4[0,"/"]', '4[2,"/",["join",null],0]'],
      ['4[0,"/"]', '4[2,"/",["join",{"protocol":"1"},"x",[]],0]'],
      ['4[0,"/"]', join, join, join, '4[2,"/",["ack",1e99]]'],
      ['4[0,"/"]', '4[2,"/",["ack","many"]]'],
      ['4[0,"/"]', '4[2,"/",["ack",-5]]'],
      ['4[0,"/"]', '4[2,"/",["ack"]]'],
      ['4[0,"/"]', '4[0,"/"]'],
      ['4[0,"/"]', '4[2,"/",["disconnect"]]'],
      ['4[0,"/"]', '4[3,"/",[],99]'],
      ['4[0,"/"]', '4[2,"/",["__proto__"]]', '4[2,"/",["constructor",{}],1]'],
      ['4[0,"/"]', `4[2,"/",["join",{"protocol":1,"centre":"${'x'.repeat(70_000)}"}],0]`],
      ['4[0,"/"]', Buffer.from([9, 9, 9])],
      ['4[0,"/"]', Buffer.from([0xfe, 255, 255, 255, 255])],
      ['4[0,"/"]', `4${'['.repeat(60_000)}`],
      ...Array.from({ length: 40 }, () => ['4[0,"/"]', Buffer.from(Array.from({ length: 60 }, () => (Math.random() * 256) | 0))]),
    ];
    await Promise.all(
      speeches.map(
        (speech) =>
          new Promise<void>((done) => {
            const ws = new WebSocket(url(), { headers: { 'x-actor': 'op' } });
            ws.on('error', () => {});
            ws.on('close', () => done());
            ws.on('open', () => {
              for (const part of speech) ws.send(part);
              ws.send('2'); // the answer to a ping nobody sent is harmless; then leave
              ws.close();
            });
          }),
      ),
    );
    await append([incident(null)]);
    telemetry.position(fix(5, west, Date.now()));
    await upToDate(bystander);
    await vi.waitFor(() => expect(tableOf(bystander.table)).toEqual(tableOf(telemetry.latest)), patient);
    await vi.waitFor(() => expect(server.stream.screens()).toBe(1), patient);
    expect(bystander.modes).toEqual(['snapshot']);
    const late = screen('op');
    await upToDate(late);
  });
});
