import { connect, type Socket } from 'node:net';
import { type Told, writeLocation } from '../../model/jt808/location.ts';
import * as say from '../../model/jt808/messages.ts';
import { Cutter, type Message, readMessage, writeMessage } from '../../model/jt808/wire.ts';

const AGAIN_MS = 1500;
const BEAT_MS = 30_000;
const VERSION = 2019;

/**
 * The terminal of a vehicle (JT/T 808-2019): connects, registers, authenticates, beats and reports; shows every text it is sent, and says so.
 * A platform that is away is tried again; what was due meanwhile is old news.
 */
export class Terminal {
  sent = 0;
  /** it is authenticated */
  connected = false;
  private seq = 0;
  private code: string | null = null;
  private authAs = -1;
  private socket: Socket | null = null;
  private again: NodeJS.Timeout | null = null;
  private readonly beat: NodeJS.Timeout;
  private readonly host: string;
  private readonly port: number;
  private readonly phone: string;

  /** @param address host:port of the platform */
  constructor(address: string, phone: string) {
    const colon = address.lastIndexOf(':');
    this.host = address.slice(0, colon).replace(/[[\]]/g, '');
    this.port = Number(address.slice(colon + 1));
    this.phone = phone;
    this.beat = setInterval(() => this.connected && this.send(say.HEARTBEAT), BEAT_MS);
    this.dial();
  }

  report(told: Told) {
    if (!this.connected) return;
    this.send(say.LOCATION, writeLocation(told));
    this.sent += 1;
  }

  /** Log out, then hang up. */
  async close(): Promise<void> {
    clearInterval(this.beat);
    if (this.again) clearTimeout(this.again);
    const { socket } = this;
    this.socket = null;
    if (!socket || socket.destroyed) return;
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    if (this.connected) socket.end(this.frame(say.LOG_OUT));
    else socket.destroy();
    const late = setTimeout(() => socket.destroy(), AGAIN_MS);
    await closed;
    clearTimeout(late);
  }

  private dial() {
    const cutter = new Cutter();
    const socket = connect(this.port, this.host);
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('connect', () => (this.code === null ? this.register() : this.authenticate(this.code)));
    socket.on('data', (chunk) => {
      for (const frame of cutter.push(chunk as Buffer)) {
        const read = readMessage(frame);
        if (read.ok) this.hear(read.message);
      }
    });
    socket.on('close', () => {
      this.connected = false;
      if (this.socket === socket) this.again = setTimeout(() => this.dial(), AGAIN_MS);
    });
  }

  private hear(m: Message) {
    if (m.id === say.REGISTERED) {
      const answer = say.readRegistered(m.body);
      if (answer?.result !== say.results.ok) return;
      this.code = answer.code;
      this.authenticate(answer.code);
    } else if (m.id === say.ACK) {
      const ack = say.readAck(m.body);
      if (ack?.seq !== this.authAs || ack.id !== say.AUTHENTICATE) return;
      this.connected = ack.result === say.results.ok;
      if (!this.connected) this.register(); // the platform has another key now
    } else if (m.id === say.TEXT) {
      this.send(say.TERMINAL_ACK, say.writeAck({ seq: m.seq, id: m.id, result: say.results.ok }));
    }
  }

  private register() {
    this.send(say.REGISTER, say.writeRegistration(VERSION));
  }
  private authenticate(code: string) {
    this.authAs = this.seq;
    this.send(say.AUTHENTICATE, say.writeAuthentication(code, VERSION));
  }
  private frame(id: number, body: Uint8Array = new Uint8Array(0)): Uint8Array {
    const seq = this.seq;
    this.seq = (seq + 1) & 0xffff;
    return writeMessage({ id, version: VERSION, phone: this.phone, seq, body });
  }
  private send(id: number, body?: Uint8Array) {
    this.socket?.write(this.frame(id, body));
  }
}
