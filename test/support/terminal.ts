import { connect, type Socket } from 'node:net';
import * as say from '../../model/jt808/messages.ts';
import { Cutter, type Message, readMessage, writeMessage } from '../../model/jt808/wire.ts';

/** A JT/T 808 terminal for tests: a socket, a number, and everything the platform said. */
export interface TestTerminal {
  readonly socket: Socket;
  readonly heard: Message[];
  closed(): Promise<void>;
  /** @returns the number of the message */
  send(id: number, body?: Uint8Array, part?: Message['part']): number;
  raw(bytes: Uint8Array): void;
  /** the platform's next message of this id that nobody has waited for yet */
  next(id: number): Promise<Message>;
  /** send, and the result the platform answers it with */
  ask(id: number, body?: Uint8Array, part?: Message['part']): Promise<number>;
  register(): Promise<string>;
  /** register and authenticate; @returns the result of the latter */
  enter(): Promise<number>;
}

export async function testTerminal(port: number, phone: string, version: 'old' | 2019 = 'old'): Promise<TestTerminal> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const heard: Message[] = [];
  const waiting = new Set<() => void>();
  const cutter = new Cutter();
  socket.on('data', (chunk) => {
    for (const frame of cutter.push(chunk as Buffer)) {
      const r = readMessage(frame);
      if (!r.ok) throw new Error(`the platform sent no message: ${r.rule}`);
      heard.push(r.message);
    }
    for (const look of waiting) look();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const taken = new Set<Message>();
  /** @throws when the platform hangs up before */
  function first(fits: (m: Message) => boolean): Promise<Message> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = heard.find((m) => !taken.has(m) && fits(m));
        if (!found) return;
        taken.add(found);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void closed.then(() => reject(new Error('the platform hung up')));
    });
  }
  let seq = 100;
  const terminal: TestTerminal = {
    socket,
    heard,
    closed: () => closed,
    raw: (bytes) => void socket.write(bytes),
    send(id, body = new Uint8Array(0), part) {
      const mine = seq++;
      socket.write(writeMessage({ id, version, phone, seq: mine, body, ...(part ? { part } : {}) }));
      return mine;
    },
    next: (id) => first((m) => m.id === id),
    async ask(id, body, part) {
      const mine = terminal.send(id, body, part);
      const answer = await first((m) => m.id === say.ACK && say.readAck(m.body)?.seq === mine);
      const ack = say.readAck(answer.body)!;
      if (ack.id !== id) throw new Error(`an answer to ${ack.id}, not ${id}`);
      return ack.result;
    },
    async register() {
      terminal.send(say.REGISTER, say.writeRegistration(version));
      const { result, code } = say.readRegistered((await terminal.next(say.REGISTERED)).body)!;
      if (result !== 0) throw new Error(`registration refused with ${result}`);
      return code;
    },
    enter: async () => terminal.ask(say.AUTHENTICATE, say.writeAuthentication(await terminal.register(), version)),
  };
  return terminal;
}
