import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import mqtt, { type MqttClient } from 'mqtt';
import { io } from 'socket.io-client';
import { PROTOCOL_VERSION, STREAM_PATH } from '../../model/wire.ts';
import * as parser from '../../model/wire-parser.ts';
import { fixtureBoundaries, fixtureCentre, middleOf, STREET } from '../support/fixture-street.ts';
import { freePort, startServer, type TestServer, until } from '../support/server.ts';

export const title =
  'from a reading published to its alarm on a screen, durable on the way, beside Mosquitto fanning the same messages out; cases taking turns';

const SENSORS = 1000;
const SCREENS = 10;
/** readings of one turn, spread evenly */
const READINGS = 400;
const EVERY_MS = 5;
const ROUNDS = 6;

interface Fan {
  readonly name: string;
  publish(sensor: string, payload: string): void;
  /** called for each screen that was shown this sensor's message */
  onShown: (sensor: string) => void;
  close(): Promise<unknown>;
}
const topicOf = (sensor: string) => `genglou/${STREET}/sensor/${sensor}/reading`;
const nameOf = (i: number) => `s-${i}`;
const payloadOf = (value: number) => JSON.stringify({ at: new Date().toISOString(), value });

/** Our server, with its database; a screen is shown an alarm when the entry that raised it arrives. */
async function ours(server: TestServer): Promise<Fan> {
  const sockets = await Promise.all(
    Array.from({ length: SCREENS }, async () => {
      const socket = io(server.url, { path: STREAM_PATH, transports: ['websocket'], forceNew: true, parser });
      await new Promise<void>((done) => socket.on('connect', () => socket.emit('join', { protocol: PROTOCOL_VERSION, centre: '' }, done)));
      socket.on('entries', (entries: { kind: string; body: { sensor?: string } }[]) => {
        for (const e of entries) if (e.kind === 'alarm.raised') fan.onShown(e.body.sensor!);
      });
      return socket;
    }),
  );
  const device = await mqtt.connectAsync(server.mqttUrl);
  const fan: Fan = {
    name: 'alarm on a screen',
    publish: (sensor, payload) => device.publish(topicOf(sensor), payload, { qos: 1 }),
    onShown: () => {},
    async close() {
      for (const socket of sockets) socket.disconnect();
      await device.endAsync(true);
    },
  };
  return fan;
}

/** Mosquitto handing the same messages to as many subscribers. */
async function theirs(url: string): Promise<Fan> {
  const subscribers: MqttClient[] = [];
  const device = await mqtt.connectAsync(url);
  const fan: Fan = {
    name: 'Mosquitto fan-out',
    publish: (sensor, payload) => device.publish(topicOf(sensor), payload, { qos: 1 }),
    onShown: () => {},
    close: () => Promise.all([device, ...subscribers].map((c) => c.endAsync(true))),
  };
  for (let i = 0; i < SCREENS; i++) {
    const c = await mqtt.connectAsync(url);
    await c.subscribeAsync('genglou/#', { qos: 1 });
    c.on('message', (topic) => fan.onShown(topic.split('/')[3]!));
    subscribers.push(c);
  }
  return fan;
}

/** One turn: each reading raises an alarm on a calm sensor. @returns latencies of all screens, ms ascending */
async function turn(fan: Fan, from: number): Promise<number[]> {
  const sent = new Map<string, number>();
  const latencies: number[] = [];
  const all = READINGS * SCREENS;
  const done = new Promise<void>((resolve) => {
    fan.onShown = (sensor) => {
      const at = sent.get(sensor);
      if (at === undefined) return;
      latencies.push(performance.now() - at);
      if (latencies.length === all) resolve();
    };
  });
  for (let i = 0; i < READINGS; i++) {
    const sensor = nameOf((from + i) % SENSORS);
    sent.set(sensor, performance.now());
    fan.publish(sensor, payloadOf(90));
    await sleep(EVERY_MS);
  }
  await done;
  fan.onShown = () => {};
  return latencies.sort((a, b) => a - b);
}
/** Calm again and acknowledged, so that the next turn raises anew. */
async function settle(server: TestServer, fan: Fan, from: number) {
  const alarms = Array.from({ length: READINGS }, (_, i) => `${nameOf((from + i) % SENSORS)}/high`);
  for (const a of alarms) fan.publish(a.split('/')[0]!, payloadOf(1));
  const { json } = await server.post('/api/v1/alarms/acts', { alarms, act: 'acknowledge' });
  if (!json.results?.every((r: { ok: boolean }) => r.ok)) throw new Error(`not acknowledged: ${JSON.stringify(json).slice(0, 300)}`);
  await until(async () => (await server.get('/api/v1/world')).json.alarms.length === 0);
}

async function broker(): Promise<{ url: string; stop: () => void }> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'genglou-mosquitto-'));
  writeFileSync(join(folder, 'mosquitto.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const child = spawn('mosquitto', ['-c', join(folder, 'mosquitto.conf')], { stdio: 'ignore' });
  await until(
    () =>
      new Promise<boolean>((resolve) => {
        const probe = connect(port, '127.0.0.1', () => resolve(probe.destroy() !== undefined));
        probe.once('error', () => resolve(false));
      }),
  );
  const stop = () => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `mqtt://127.0.0.1:${port}`, stop };
}

const at = (sorted: readonly number[], p: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]!;
const median = (xs: number[]) =>
  at(
    xs.sort((a, b) => a - b),
    0.5,
  );

export async function run(print: (line: string) => void): Promise<void> {
  if (spawnSync('mosquitto', ['-h']).error) return print('not run: there is no mosquitto on this machine to compare with');
  const server = await startServer();
  const other = await broker();
  try {
    const must = async (path: string, body: unknown) => {
      const { status, json } = await server.admin(path, body);
      if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json).slice(0, 300)}`);
    };
    await must('/api/v1/centre', fixtureCentre);
    await must('/api/v1/boundaries', { geojson: fixtureBoundaries, validFrom: '2026-01-01T00:00:00+08:00' });
    const sensors = Array.from({ length: SENSORS }, (_, i) => ({ id: nameOf(i), kind: 'gas', name: `燃气 ${i}`, lngLat: middleOf(i % 5) }));
    await must('/api/v1/registry', { sensors });
    const [a, b] = [await ours(server), await theirs(other.url)];
    const figures = { a: { p50: [] as number[], p99: [] as number[] }, b: { p50: [] as number[], p99: [] as number[] } };
    for (let round = -1; round < ROUNDS; round++) {
      const from = round * READINGS;
      const ofB = await turn(b, from + SENSORS);
      const ofA = await turn(a, from + SENSORS);
      await settle(server, a, from + SENSORS);
      if (round < 0) continue; // warms up
      figures.a.p50.push(at(ofA, 0.5));
      figures.a.p99.push(at(ofA, 0.99));
      figures.b.p50.push(at(ofB, 0.5));
      figures.b.p99.push(at(ofB, 0.99));
    }
    const ratio = (q: 'p50' | 'p99') => median(figures.a[q].map((x, i) => x / figures.b[q][i]!)).toFixed(1);
    for (const [fan, f] of [[a, figures.a] as const, [b, figures.b] as const])
      print(
        `${fan.name}, ${SCREENS} of them, ${1000 / EVERY_MS}/s: p50 ${median(f.p50).toFixed(1)} ms, p99 ${median(f.p99).toFixed(1)} ms`,
      );
    print(`ratio p50 ${ratio('p50')}, p99 ${ratio('p99')}; ours is judged, chained and committed to disk before it is shown`);
    await Promise.all([a.close(), b.close()]);
  } finally {
    other.stop();
    await server.destroy();
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run((line) => console.log(line));
