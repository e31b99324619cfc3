import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { type Duplex, duplexPair, pipeline, Transform } from 'node:stream';
import mqttPacket, { type IConnackPacket, type Packet } from 'mqtt-packet';

/**
 * The broker in our process speaks MQTT 3.1 and 3.1.1. A client that opens with MQTT 5 is spoken to in MQTT 5 here and passed
 * on in 3.1.1: everything a reporting device needs. What 3.1.1 cannot carry (topic aliases, shared subscriptions, subscription
 * identifiers) is declared unavailable in CONNACK; properties of messages are dropped.
 */
export function acceptMqtt(socket: Socket, handle: (connection: Duplex) => void) {
  let head = Buffer.alloc(0);
  const late = setTimeout(() => socket.destroy(), CONNECT_MS);
  socket.on('error', () => socket.destroy());
  socket.once('close', () => clearTimeout(late));
  const look = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const level = protocolLevel(head);
    if (level === undefined) return;
    clearTimeout(late);
    socket.off('data', look);
    socket.pause();
    socket.unshift(head);
    handle(level === 5 ? translated(socket) : socket);
  };
  socket.on('data', look);
}

const CONNECT_MS = 30_000;
/** Fixed header (2-5 bytes), then the protocol's name with its length in two bytes, then its level. */
const HEAD_MAX = 5 + 2 + 6 + 1;

/** undefined = not enough bytes yet; 0 = no CONNECT of MQTT (the broker knows what to do with it). */
function protocolLevel(head: Buffer): number | undefined {
  if (head.length === 0) return undefined;
  if (head[0] !== 0x10) return 0;
  let at = 1;
  while (at < head.length && at < 5 && (head[at]! & 0x80) !== 0) at += 1;
  at += 1;
  if (head.length < at + 2) return head.length > HEAD_MAX ? 0 : undefined;
  at += 2 + head.readUInt16BE(at);
  return head[at] ?? (head.length > HEAD_MAX ? 0 : undefined);
}

/** The broker's end of a connection whose other end speaks MQTT 5. */
function translated(socket: Socket): Duplex {
  const [ours, brokers] = duplexPair();
  const session: Session = { unsubscribed: new Map(), assigned: undefined };
  const inward = translator(5, 4, (packet) => toV4(packet, session));
  const outward = translator(4, 5, (packet) => toV5(packet, session));
  pipeline(socket, inward, ours, () => ours.destroy());
  pipeline(ours, outward, socket, () => socket.destroy());
  socket.resume();
  return brokers;
}

interface Session {
  /** messageId of an UNSUBSCRIBE -> how many topics it named: MQTT 5 wants an answer for each */
  readonly unsubscribed: Map<number, number>;
  /** client id given to a client that came without one */
  assigned: string | undefined;
}
/** `end`: the client leaves so that its last will is published. */
type Translation = Packet | 'end';

function translator(from: 4 | 5, to: 4 | 5, translate: (packet: Packet) => Translation): Transform {
  const parser = mqttPacket.parser({ protocolVersion: from });
  const stream = new Transform({
    transform(chunk, _encoding, done) {
      parser.parse(chunk);
      done();
    },
  });
  parser.on('error', (error) => stream.destroy(error));
  parser.on('packet', (packet) => {
    const next = translate(packet);
    if (next === 'end') stream.end();
    else stream.push(mqttPacket.generate(next, { protocolVersion: to }));
  });
  return stream;
}

function toV4(packet: Packet, session: Session): Translation {
  switch (packet.cmd) {
    case 'connect': {
      const { properties, will, ...rest } = packet;
      if (!rest.clientId) session.assigned = `auto-${randomBytes(8).toString('hex')}`;
      // MQTT 5 ends a session with its connection unless it is given a time to live
      const clean = rest.clean || !properties?.sessionExpiryInterval;
      const { topic, payload, qos, retain } = will ?? {};
      return {
        ...rest,
        clientId: session.assigned ?? rest.clientId,
        clean: clean === true,
        protocolVersion: 4,
        ...(will ? { will: { topic: topic!, payload: payload!, qos, retain } } : {}),
      } as Packet;
    }
    case 'subscribe':
      return { ...packet, properties: undefined, subscriptions: packet.subscriptions.map(({ topic, qos }) => ({ topic, qos })) };
    case 'unsubscribe':
      session.unsubscribed.set(packet.messageId!, packet.unsubscriptions.length);
      return { ...packet, properties: undefined };
    case 'disconnect':
      return packet.reasonCode ? 'end' : { cmd: 'disconnect' };
    case 'auth':
      return 'end';
    default:
      return { ...packet, properties: undefined } as Packet;
  }
}

/** Return codes of 3.1.1 as reason codes of 5. */
const reasons: Readonly<Record<number, number>> = { 0: 0, 1: 0x84, 2: 0x85, 3: 0x88, 4: 0x86, 5: 0x87 };

function toV5(packet: Packet, session: Session): Translation {
  switch (packet.cmd) {
    case 'connack': {
      const { assigned } = session;
      const answer: IConnackPacket = {
        cmd: 'connack',
        sessionPresent: packet.sessionPresent,
        reasonCode: reasons[packet.returnCode ?? 0] ?? 0x80,
        properties: {
          topicAliasMaximum: 0,
          sharedSubscriptionAvailable: false,
          subscriptionIdentifiersAvailable: false,
          ...(assigned ? { assignedClientIdentifier: assigned } : {}),
        },
      };
      return answer;
    }
    case 'unsuback': {
      const count = session.unsubscribed.get(packet.messageId!) ?? 1;
      session.unsubscribed.delete(packet.messageId!);
      return { ...packet, granted: new Array<number>(count).fill(0) } as Packet;
    }
    default:
      return packet;
  }
}
