import { createSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Actor, WHOLE_CENTRE } from '../../../model/access.ts';
import { epochMs } from '../../../model/brand.ts';
import { zDeviceNumber } from '../../../model/device.ts';
import type { RefusalReason } from '../../../model/report.ts';
import type { DeviceFix, Devices } from '../../devices/devices.ts';
import type { Door } from '../doors.ts';
import { NmeaStream } from './stream.ts';

export const NMEA = 'nmea';

/** What a peer may do to us. Times in ms. */
const limits = {
  /** a sentence has 82 characters, a TAG block before it as many */
  line: 512,
  /** nothing right for so long, and nobody is there */
  silentMs: 300_000,
  connections: 2000,
  /** sources of datagrams that are remembered */
  sources: 10_000,
  /** a GGA waits so long for its RMC */
  holdMs: 2000,
  /** lines in a row that are no sentence */
  broken: 50,
};
export type NmeaLimits = typeof limits;

export interface NmeaDoor {
  readonly port: number;
  close(): Promise<void>;
}
interface Options {
  readonly devices: Devices;
  readonly door: Door;
  readonly host: string;
  /** of TCP and UDP; 0 = any that is free */
  readonly port: number;
  readonly now: () => number;
  readonly limits?: Partial<NmeaLimits>;
}
/** A device that could reach the port may report anywhere in the centre. */
const actor: Actor = { id: NMEA, role: 'device', area: WHOLE_CENTRE };

/** One who speaks: a connection, or the source of datagrams. */
interface Source {
  readonly stream: NmeaStream;
  /** who it is as long as its lines do not say */
  readonly address: string;
  device: string;
  broken: number;
  heardAt: number;
  timer: NodeJS.Timeout | null;
  /** what is still in hand; datagrams and lines are taken in their order */
  turn: Promise<void>;
}

/** NMEA 0183 over TCP and UDP. Who speaks is told by a TAG block (`s:`), by a line `$PGID,…`, else by the address it comes from. */
export async function openNmea({ devices, door, host, port, now, limits: own = {} }: Options): Promise<NmeaDoor> {
  const most: NmeaLimits = { ...limits, ...own };
  const where = 'NMEA 0183';
  const refuse = (field: string, rule: string, reason: RefusalReason, payload = '') =>
    door.refuse({ field, rule, reason }, { where, payload });

  const source = (address: string): Source => ({
    stream: new NmeaStream(),
    address,
    device: address,
    broken: 0,
    heardAt: now(),
    timer: null,
    turn: Promise.resolve(),
  });

  function take(s: Source, device: string, fixes: readonly DeviceFix[]) {
    for (const fix of fixes) {
      s.turn = s.turn.then(async () => {
        const taken = await devices.take(NMEA, device, fix, { actor, receivedAt: epochMs(now()) }).catch(() => null);
        if (taken === null)
          refuse('server', 'could not be written down', 'form'); // this protocol knows no “once more”
        else if (taken.ok) door.accept(fix.at);
        else door.refuse(taken.refusal, { where });
      });
    }
  }
  function rest(s: Source) {
    if (s.timer) clearTimeout(s.timer);
    s.timer = null;
    take(s, s.device, s.stream.rest());
  }

  /** @returns false when it has said too much that is no sentence */
  function line(s: Source, text: string): boolean {
    if (text.trim() === '') return true;
    const read = s.stream.read(text.trim(), now());
    const device = read.device ?? s.address;
    if (device !== s.device) rest(s); // what was held is of the one before
    s.device = zDeviceNumber.safeParse(device).data ?? s.address;
    if (read.refused) {
      s.broken += 1;
      const { field, rule } = read.refused;
      refuse(field, rule, field === 'checksum' ? 'checksum' : 'form', text.slice(0, 200));
      return s.broken <= most.broken;
    }
    s.broken = 0;
    s.heardAt = now();
    devices.heard(NMEA, s.device, s.heardAt);
    take(s, s.device, read.fixes);
    if (s.timer) clearTimeout(s.timer);
    s.timer = setTimeout(() => rest(s), most.holdMs).unref();
    return true;
  }

  const sockets = new Map<Socket, Source>();
  function accept(socket: Socket) {
    socket.on('error', () => socket.destroy());
    if (sockets.size >= most.connections) {
      refuse('connection', `more than ${most.connections} connections`, 'peer');
      socket.destroy();
      return;
    }
    const s = source(plain(socket.remoteAddress));
    sockets.set(socket, s);
    let begun = '';
    const cut = (rule: string) => {
      refuse('connection', rule, 'peer');
      socket.destroy();
    };
    socket.setTimeout(most.silentMs, () => cut(`silent for ${most.silentMs / 1000} s`));
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      const lines = (begun + text).split(/\r\n|\n|\r/);
      begun = lines.pop() ?? '';
      for (const l of lines) {
        if (l.length > most.line) return cut(`a line is longer than ${most.line} characters`);
        if (!line(s, l)) return cut(`${most.broken} lines in a row are no sentences`);
      }
      if (begun.length > most.line) return cut(`a line is longer than ${most.line} characters`);
      socket.pause(); // no faster than it is written down
      void s.turn.then(() => socket.resume());
    });
    socket.on('close', () => {
      rest(s);
      sockets.delete(socket);
    });
  }

  const sources = new Map<string, Source>();
  function datagram(text: string, address: string) {
    let s = sources.get(address);
    if (!s) {
      if (sources.size >= most.sources) for (const [key, old] of sources) if (old.heardAt < now() - most.silentMs) sources.delete(key);
      if (sources.size >= most.sources) return refuse('connection', `more than ${most.sources} sources`, 'peer');
      s = source(address);
      sources.set(address, s);
    }
    for (const l of text.split(/\r\n|\n|\r/)) {
      if (l.length <= most.line) line(s, l);
      else refuse('form', `a line is longer than ${most.line} characters`, 'form');
    }
  }

  const server = createServer(accept);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const at = (server.address() as AddressInfo).port;
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  udp.on('message', (bytes, { address }) => datagram(bytes.toString('latin1'), plain(address)));
  try {
    await new Promise<void>((resolve, reject) => {
      udp.once('error', reject);
      udp.bind(at, host, resolve);
    });
  } catch (error) {
    server.close();
    throw error;
  }
  udp.on('error', () => {}); // an ICMP answer to nobody

  return {
    port: at,
    async close() {
      server.close();
      const open = [...sockets.values(), ...sources.values()];
      for (const s of open) rest(s);
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise<void>((resolve) => udp.close(() => resolve()));
      await Promise.all(open.map((s) => s.turn));
    },
  };
}

/** An address as people write it: IPv4 within IPv6 without its prefix. */
const plain = (address: string | undefined) => (address ?? 'unknown').replace(/^::ffff:/, '');
