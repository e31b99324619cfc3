import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import mqtt, { type MqttClient } from 'mqtt';
import { writeBatch, writeLocation } from '../../model/jt808/location.ts';
import * as say from '../../model/jt808/messages.ts';
import { Cutter, readMessage, writeMessage } from '../../model/jt808/wire.ts';
import { LEAVES, middleOf, STREET } from '../support/fixture-street.ts';
import { freePort, loadFixture, startServer, type TestServer, until } from '../support/server.ts';

export const title =
  'doors: positions per second of one core, JT/T 808 against HTTP and MQTT, cases taking turns; CPU is the server process alone';

const UNITS = 200;
/** fixes of each unit in a turn: the quicker a case, the more, for the clock of CPU time ticks every 10 ms */
const FIXES = { few: 10, some: 20, many: 100 };
const ROUNDS = 3;
/** Turns that only warm the compiler up. */
const WARM_ROUNDS = 1;
const BATCH = 20;
const ids = Array.from({ length: UNITS }, (_, n) => `u-${1000 + n}`);
const phone = (n: number) => `1400000${String(n + 1).padStart(4, '0')}`;

interface Fix {
  readonly at: number;
  readonly lngLat: [number, number];
}
/** What every door is given: fix `k` of the whole run, of unit `n`, walking to and fro in the middle of a micro-grid. */
function fixOf(n: number, k: number, from: number): Fix {
  const [lng, lat] = middleOf(n % LEAVES.length);
  return { at: from + k * 1000, lngLat: [lng + ((k % 100) - 50) * 1e-6, lat + (n % 10) * 1e-6] };
}
interface Case {
  readonly name: string;
  readonly door: string;
  readonly fixes: number;
  /** units that take part */
  readonly units: number;
  /** hand in the fixes `from` to `to` of every unit, each unit one after the other, all units at once */
  run(from: number, to: number): Promise<void>;
}

/** A terminal that is authenticated; `answered` counts the platform's answers. */
class Line {
  answered = 0;
  private seq = 0;
  private constructor(
    private readonly socket: Socket,
    private readonly phone: string,
  ) {}
  static async open(port: number, phone: string): Promise<Line> {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    const line = new Line(socket, phone);
    const cutter = new Cutter();
    let code = '';
    socket.on('data', (chunk) => {
      for (const frame of cutter.push(chunk as Buffer)) {
        const r = readMessage(frame);
        if (!r.ok) continue;
        if (r.message.id === say.REGISTERED) code = say.readRegistered(r.message.body)!.code;
        else line.answered += 1;
      }
    });
    line.send(say.REGISTER, say.writeRegistration('old'));
    await until(() => code);
    line.send(say.AUTHENTICATE, say.writeAuthentication(code, 'old'));
    await until(() => line.answered === 1);
    return line;
  }
  send(id: number, body: Uint8Array) {
    this.socket.write(writeMessage({ id, version: 'old', phone: this.phone, seq: this.seq++ & 0xffff, body }));
  }
  close = () => this.socket.destroy();
}

async function cases(server: TestServer, port: number, start: number): Promise<{ list: Case[]; close: () => Promise<void> }> {
  const devices = ids.map((unit, n) => ({ door: 'jt808', device: phone(n), unit }));
  const { status, json } = await server.admin('/api/v1/devices/bind', { devices });
  if (status !== 200) throw new Error(JSON.stringify(json));
  const lines = await Promise.all(ids.map((_, n) => Line.open(port, phone(n))));
  const clients: MqttClient[] = await Promise.all(ids.map(() => mqtt.connectAsync(server.mqttUrl)));
  const body = ({ at, lngLat }: Fix) => writeLocation({ at, lngLat, speed: 1, heading: 90 });
  const fields = ({ at, lngLat }: Fix) => ({ at: new Date(at).toISOString(), lngLat, heading: 90, speed: 1 });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const byTerminals = async (send: (line: Line, n: number) => void) => {
    const before = lines.map((l) => l.answered);
    for (const [n, line] of lines.entries()) send(line, n);
    while (lines.some((l, n) => l.answered === before[n])) await turn();
  };
  const byMqtt = (qos: 0 | 1) => async (from: number, to: number) => {
    for (let k = from; k < to; k++)
      await Promise.all(
        clients.map((c, n) =>
          c.publishAsync(`genglou/${STREET}/unit/${ids[n]}/position`, JSON.stringify(fields(fixOf(n, k, start))), { qos }),
        ),
      );
  };
  const byHttp = (size: number, units: number) => async (from: number, to: number) => {
    for (let k = from; k < to; k++) {
      const reports = ids.slice(0, units).map((unit, n) => ({ kind: 'position', unit, ...fields(fixOf(n, k, start)) }));
      const pages = Array.from({ length: units / size }, (_, p) => reports.slice(p * size, (p + 1) * size));
      await Promise.all(pages.map((page) => server.post('/api/v1/reports', { reports: page })));
    }
  };
  const list: Case[] = [
    {
      name: 'JT/T 808, one location a message (0x0200), each answered',
      door: 'jt808',
      fixes: FIXES.some,
      units: UNITS,
      async run(from, to) {
        for (let k = from; k < to; k++) await byTerminals((line, n) => line.send(say.LOCATION, body(fixOf(n, k, start))));
      },
    },
    {
      name: `JT/T 808, ${BATCH} locations a message (0x0704)`,
      door: 'jt808',
      fixes: FIXES.many,
      units: UNITS,
      async run(from, to) {
        for (let k = from; k < to; k += BATCH) {
          const of = (n: number) => Array.from({ length: BATCH }, (_, i) => body(fixOf(n, k + i, start)));
          await byTerminals((line, n) => line.send(say.BATCH, writeBatch(false, of(n))));
        }
      },
    },
    { name: 'HTTP, 100 positions a request', door: 'http', fixes: FIXES.many, units: UNITS, run: byHttp(100, UNITS) },
    { name: 'HTTP, one position a request', door: 'http', fixes: FIXES.few, units: 20, run: byHttp(1, 20) },
    { name: 'MQTT, one position a message, QoS 0', door: 'mqtt', fixes: FIXES.some, units: UNITS, run: byMqtt(0) },
    { name: 'MQTT, one position a message, QoS 1', door: 'mqtt', fixes: FIXES.some, units: UNITS, run: byMqtt(1) },
  ];
  return {
    list,
    async close() {
      for (const line of lines) line.close();
      await Promise.all(clients.map((c) => c.endAsync(true)));
    },
  };
}

const HERTZ = 100;
/** CPU time of a process, ms. Linux only. */
function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / HERTZ;
}
const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

export async function run(print: (line: string) => void): Promise<void> {
  const port = await freePort();
  const server = await startServer({ env: { JT808_PORT: String(port) } });
  try {
    await loadFixture(server);
    const units = ids.map((id) => ({ id, name: id, role: 'police', area: null }));
    await server.admin('/api/v1/registry', { units });
    const { list, close } = await cases(server, port, Date.now() - 4 * 3_600_000);
    const accepted = async (door: string): Promise<number> =>
      (await server.get('/api/v1/sources')).json.doors.find((d: { door: string }) => d.door === door).accepted;
    const us = new Map(list.map((c) => [c.name, [] as number[]]));
    let k = 0;
    for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
      for (const c of list) {
        const before = await accepted(c.door);
        const from = cpuMs(server.child.pid!);
        await c.run(k, k + c.fixes);
        k += c.fixes;
        const positions = c.units * c.fixes;
        await until(async () => (await accepted(c.door)) - before >= positions);
        if (round >= WARM_ROUNDS) us.get(c.name)!.push(((cpuMs(server.child.pid!) - from) * 1000) / positions);
      }
    }
    await close();
    const base = median(us.get(list[0]!.name)!);
    print(`${UNITS} units, each its own connection (HTTP: shared); ${ROUNDS} turns a case, median`);
    for (const [name, turns] of us) {
      const cost = median(turns);
      const spread = `${Math.min(...turns).toFixed(0)}-${Math.max(...turns).toFixed(0)}`;
      const perCore = Math.round(1e6 / cost).toLocaleString('en');
      print(
        `${name.padEnd(58)} ${cost.toFixed(0).padStart(4)} µs (${spread})  ${perCore.padStart(7)} positions/s of a core  ${(base / cost).toFixed(2)} x`,
      );
    }
    print('x = positions for the same CPU, against JT/T 808 one location a message');
  } finally {
    await server.destroy();
  }
}
