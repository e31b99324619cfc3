import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { epochMs, seq } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import { encodeFrame, encodeSegment, positions, readings } from '../../model/frame.ts';
import type { Entry } from '../../model/ledger.ts';
import { ACK_EVERY_BYTES, type ClientEvents, type JoinAnswer, type JoinRequest, type ServerEvents, STREAM_PATH } from '../../model/wire.ts';
import { Decoder, Encoder } from '../../model/wire-parser.ts';
import { emptyWorld, worldToJson } from '../../model/world.ts';
import { connect, type Link } from '../../web/link.ts';
import { LatestStore } from '../../web/store/latest.ts';
import { createServerStore } from '../../web/store/server-store.ts';

/** A server of a few lines: it answers joins as told, so that each case can be played to the link. */
const http = () => createServer();
let io: Server<ClientEvents, ServerEvents>;
let listener: ReturnType<typeof http>;
let url = '';
let joins: JoinRequest[] = [];
let link: Link;
const answer = (mode: 'snapshot' | 'resume'): JoinAnswer => ({
  ok: true,
  mode,
  actor: { id: 'a', role: 'operator', area: '' as never },
  demo: true,
  serverTime: Date.now() + 5000,
});
const entry = (n: number): Entry => ({
  seq: seq(n),
  at: epochMs(1000 + n),
  actor: 't',
  prev: `h${n - 1}`,
  hash: `h${n}`,
  kind: 'alarm.acknowledged',
  body: { alarm: 'none' },
});
const frame = (ix: number) => {
  const p = positions(1);
  p.length = 1;
  p.ix[0] = ix;
  p.at[0] = 2000;
  return encodeFrame(2000, [encodeSegment(1, 2000, p, readings(0))]);
};
const worldAt = (n: number) =>
  fold(
    emptyWorld,
    Array.from({ length: n }, (_, i) => entry(i + 1)),
  );

beforeEach(async () => {
  joins = [];
  listener = http();
  io = new Server(listener, { path: STREAM_PATH, transports: ['websocket'], parser: { Encoder, Decoder } });
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
});
afterEach(async () => {
  link.stop();
  await io.close();
});

it('joins with nothing, takes the snapshot, acknowledges frames by bytes and reads the clock', async () => {
  let acked = 0;
  const bytes = frame(4);
  const enough = Math.ceil(ACK_EVERY_BYTES / bytes.length);
  io.on('connection', (socket) => {
    socket.on('ack', (n) => {
      acked = n;
    });
    socket.on('join', (request, reply) => {
      joins.push(request);
      reply(answer('snapshot'));
      socket.emit('snapshot', { world: worldToJson(worldAt(3)), frame: frame(2) });
      socket.emit('entries', [entry(3), entry(4)]);
      for (let sent = 0; sent < enough; sent++) socket.emit('frame', bytes);
    });
  });
  const server = createServerStore();
  const latest = new LatestStore();
  link = connect(server, latest, { url });
  await vi.waitFor(() => expect(acked).toBe(enough * bytes.length), 20_000);
  expect(joins[0]).toMatchObject({ protocol: 1, centre: '' });
  expect(joins[0]?.seq).toBeUndefined();
  expect([server.getState().phase, server.getState().world.seq, latest.at[2], latest.at[4]]).toEqual(['live', 4, 2000, 2000]);
  expect(server.getState().clockOffset).toBeGreaterThan(1000);
});

it('after a cut asks for what follows its last entry, and stands still meanwhile', async () => {
  io.on('connection', (socket) => {
    socket.on('join', (request, reply) => {
      joins.push(request);
      reply(answer(joins.length === 1 ? 'snapshot' : 'resume'));
      if (joins.length === 1) socket.emit('snapshot', { world: worldToJson(worldAt(3)), frame: frame(2) });
      else socket.emit('entries', [entry(4), entry(5)]);
    });
  });
  const server = createServerStore();
  const phases: string[] = [];
  server.subscribe((s) => {
    if (phases.at(-1) !== s.phase) phases.push(s.phase);
    if (s.phase === 'disconnected') expect(s.frozenAt).not.toBeNull();
  });
  link = connect(server, new LatestStore(), { url });
  await vi.waitFor(() => expect(server.getState().phase).toBe('live'), 20_000);
  for (const socket of io.sockets.sockets.values()) socket.conn.close();
  await vi.waitFor(() => expect(server.getState().world.seq).toBe(5), 20_000);
  expect(joins[1]).toMatchObject({ seq: 3, head: 'h3' });
  expect(phases).toContain('disconnected');
  expect([server.getState().phase, server.getState().frozenAt]).toEqual(['live', null]);
});

it('never applies an entry that does not follow: it joins again from nothing', async () => {
  io.on('connection', (socket) => {
    socket.on('join', (request, reply) => {
      joins.push(request);
      reply(answer('snapshot'));
      socket.emit('snapshot', { world: worldToJson(worldAt(joins.length === 1 ? 3 : 9)), frame: frame(2) });
      if (joins.length === 1) socket.emit('entries', [entry(6)]);
    });
  });
  const server = createServerStore();
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const seen: number[] = [];
  server.subscribe((s) => seen.push(s.world.seq));
  link = connect(server, new LatestStore(), { url });
  await vi.waitFor(() => expect(server.getState().world.seq).toBe(9), 20_000);
  expect(joins[1]?.seq).toBeUndefined();
  expect(seen).not.toContain(6);
  expect(warn).toHaveBeenCalled();
  warn.mockRestore();
});

it('many entries one after another are folded a few at a time, in order and without loss', async () => {
  const last = 303;
  io.on('connection', (socket) => {
    socket.on('join', (_, reply) => {
      reply(answer('snapshot'));
      socket.emit('snapshot', { world: worldToJson(worldAt(3)), frame: frame(2) });
      for (let n = 4; n <= last; n++) socket.emit('entries', [entry(n)]);
    });
  });
  const server = createServerStore();
  const seen: number[] = [];
  server.subscribe((s) => {
    if (s.world.seq !== seen.at(-1)) seen.push(s.world.seq);
  });
  link = connect(server, new LatestStore(), { url });
  await vi.waitFor(() => expect(server.getState().world.seq).toBe(last), 20_000);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.length).toBeLessThan((last - 3) / 2);
});

it('says so when the server will not have it', async () => {
  io.on('connection', (socket) => {
    socket.on('join', (_, reply) => reply({ ok: false, rule: 'protocol 1 is too old' }));
  });
  const server = createServerStore();
  link = connect(server, new LatestStore(), { url });
  await vi.waitFor(() => expect(server.getState().phase).toBe('refused'), 20_000);
  expect(server.getState().refusal).toBe('protocol 1 is too old');
});
