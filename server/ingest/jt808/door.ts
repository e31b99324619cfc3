import { type AddressInfo, createServer, type Socket } from 'node:net';
import iconv from 'iconv-lite';
import { Cutter, readMessage } from '../../../model/jt808/wire.ts';
import type { Outbox } from '../../devices/outbox.ts';
import { JT808, Terminal, type TerminalParts } from './terminal.ts';

/** What a peer may do to us. Times in ms. */
export const limits = {
  /** a message that has begun is finished within */
  frameMs: 10_000,
  /** the first right message comes within */
  firstMs: 30_000,
  /** three heartbeats of a minute: no right message for so long, and nobody is there */
  silentMs: 180_000,
  /** the terminal's answer to a text */
  answerMs: 15_000,
  connections: 10_000,
  /** many terminals come through one address of their carrier */
  perAddress: 2000,
  /** frames in a row that are no message */
  broken: 20,
  /** bytes that belong to no message, in all */
  garbage: 64 * 1024,
  /** answers the peer does not read */
  unread: 64 * 1024,
  /** messages under way before no more are read */
  inHand: 64,
};
export type Limits = typeof limits;

interface Connection {
  readonly socket: Socket;
  readonly terminal: Terminal;
  readonly address: string;
  /** it said something right last */
  rightAt: number;
  /** the unfinished message began; null = there is none */
  begunAt: number | null;
  everRight: boolean;
  /** what is still in hand */
  turn: Promise<void>;
}
export interface Jt808Door {
  readonly port: number;
  close(): Promise<void>;
}
interface Options extends TerminalParts {
  readonly host: string;
  /** 0 = any */
  readonly port: number;
  readonly outbox: Outbox;
  readonly limits?: Partial<Limits>;
}

/** The JT/T 808 door: a TCP server that gives each connection a terminal, and closes those that waste it. @throws as `listen` does */
export async function openJt808({ host, port, outbox, limits: own = {}, ...house }: Options): Promise<Jt808Door> {
  const { door, now, log } = house;
  const most: Limits = { ...limits, ...own };
  const connections = new Set<Connection>();
  const perAddress = new Map<string, number>();
  /** which connection speaks for a terminal */
  const speakers = new Map<string, Connection>();

  const cutOff = (c: Connection, rule: string) => {
    door.refuse({ field: 'connection', rule, reason: 'peer' }, { where: 'JT/T 808' });
    c.socket.destroy();
  };

  /** A proven connection takes the place of any other; one that proved nothing only that of its like. */
  function known(c: Connection, device: string, proven: boolean) {
    const before = speakers.get(device);
    if (before === c || (before?.terminal.authenticated && !proven)) return;
    speakers.set(device, c);
    if (!before) return;
    before.terminal.gone(true);
    cutOff(before, 'a newer connection of the same terminal takes its place');
  }

  function accept(socket: Socket) {
    socket.on('error', () => socket.destroy());
    const address = socket.remoteAddress ?? '';
    const here = perAddress.get(address) ?? 0;
    const full = connections.size >= most.connections ? most.connections : here >= most.perAddress ? most.perAddress : null;
    if (full !== null) {
      const rule = full === most.connections ? `at most ${full} connections` : `at most ${full} connections of one address`;
      door.refuse({ field: 'connection', rule, reason: 'peer' }, { where: 'JT/T 808' });
      socket.destroy();
      return;
    }
    perAddress.set(address, here + 1);
    socket.setNoDelay(true);
    const terminal = new Terminal(house, {
      send(bytes) {
        if (socket.destroyed) return;
        if (socket.writableLength > most.unread) cutOff(connection, `at most ${most.unread} bytes of answers unread`);
        else socket.write(bytes);
      },
      known: (device, proven) => known(connection, device, proven),
    });
    const connection: Connection = { socket, terminal, address, rightAt: now(), begunAt: null, everRight: false, turn: Promise.resolve() };
    connections.add(connection);
    read(connection);
    socket.once('close', () => {
      connections.delete(connection);
      const left = perAddress.get(address)! - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      const { device } = terminal;
      const speaks = device !== null && speakers.get(device) === connection;
      if (speaks) speakers.delete(device);
      terminal.gone(!speaks);
    });
  }

  /** Messages of a connection are handled one after the other, so that its fixes keep their order. */
  function read(c: Connection) {
    const cutter = new Cutter();
    let broken = 0;
    let inHand = 0;
    c.socket.on('data', (chunk) => {
      const frames = cutter.push(chunk as Buffer);
      if (cutter.pending === 0) c.begunAt = null;
      else if (c.begunAt === null || frames.length > 0) c.begunAt = now();
      for (const frame of frames) {
        const r = readMessage(frame);
        if (!r.ok) {
          c.terminal.broken(r, frame.length);
          broken += 1;
          if (broken >= most.broken) return cutOff(c, `at most ${most.broken} frames in a row that are no message`);
          continue;
        }
        broken = 0;
        c.rightAt = now();
        c.everRight = true;
        inHand += 1;
        c.turn = c.turn
          .then(() => (c.socket.destroyed ? undefined : c.terminal.take(r.message)))
          .catch((err) => log.error({ err }, 'jt808 message'))
          .then(() => {
            inHand -= 1;
            if (inHand < most.inHand / 2 && c.socket.isPaused()) c.socket.resume();
          });
      }
      if (cutter.dropped > most.garbage) return cutOff(c, `at most ${most.garbage} bytes that belong to no message`);
      if (inHand >= most.inHand) c.socket.pause();
    });
  }

  const sweep = setInterval(
    () => {
      const t = now();
      for (const c of connections) {
        if (c.begunAt !== null && t - c.begunAt > most.frameMs) cutOff(c, `a message is finished within ${most.frameMs / 1000} s`);
        else if (!c.everRight && t - c.rightAt > most.firstMs) cutOff(c, `the first message comes within ${most.firstMs / 1000} s`);
        else if (t - c.rightAt > most.silentMs) cutOff(c, `no message for ${most.silentMs / 1000} s: nobody is there`);
        else c.terminal.tick();
      }
    },
    Math.min(1000, most.frameMs / 4),
  );

  outbox.register(
    JT808,
    async (device, text) => {
      const c = speakers.get(device);
      return c?.terminal.authenticated ? c.terminal.text(iconv.encode(text, 'gbk'), most.answerMs) : 'unreachable';
    },
    gbkRule,
  );

  const server = createServer(accept);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host.replace(/[[\]]/g, ''), resolve);
    });
  } catch (error) {
    clearInterval(sweep);
    throw error;
  }
  door.state = 'open';
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      door.state = 'closed';
      clearInterval(sweep);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const inHand = [...connections].map((c) => c.turn);
      for (const { socket } of connections) socket.destroy();
      await Promise.all([closed, ...inHand]);
    },
  };
}

/** @returns the rule a text breaks; null = a terminal can show it */
export function gbkRule(text: string): string | null {
  return iconv.decode(iconv.encode(text, 'gbk'), 'gbk') === text ? null : 'only characters of GBK: the terminal shows no others';
}
