import { Emitter } from '@socket.io/component-emitter';
import { FRAME_VERSION } from './frame.ts';

/**
 * The Socket.IO parser of both sides: what a packet looks like as WebSocket messages. The stock parser sends a binary event
 * as a text header and an attachment; here every packet is one message, and a frame is the message itself, byte for byte,
 * so that one buffer is shared by every screen.
 *
 *   text    := JSON [type, namespace, data, id]   (id only where an answer is asked for or given)
 *   frame   := the bytes of frame.ts; its first byte is FRAME_VERSION
 *   snapshot:= 0xfe u8 | length u32 little-endian | JSON of the world (UTF-8, `length` bytes) | the bytes of the keyframe
 */
const SNAPSHOT = 0xfe;
const MAIN = '/';
const MAX_NAMESPACE = 80;

/** Types of Socket.IO protocol 5; binary types (5, 6) do not occur on this wire. */
const CONNECT = 0;
const DISCONNECT = 1;
const EVENT = 2;
const ACK = 3;
const CONNECT_ERROR = 4;

/** Event names with a meaning of their own on one of the sides. */
const reserved: ReadonlySet<unknown> = new Set([
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'error',
  'newListener',
  'removeListener',
]);

export interface Packet {
  readonly type: number;
  readonly nsp: string;
  readonly data?: unknown;
  readonly id?: number;
}

const bad = (rule: string) => new RangeError(`packet: ${rule}`);

function encodeSnapshot(snapshot: { readonly world: unknown; readonly frame: Uint8Array }): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(snapshot.world));
  const out = new Uint8Array(5 + json.length + snapshot.frame.length);
  out[0] = SNAPSHOT;
  new DataView(out.buffer).setUint32(1, json.length, true);
  out.set(json, 5);
  out.set(snapshot.frame, 5 + json.length);
  return out;
}

/** An object sent to many screens (a batch of entries, a snapshot) is encoded once, as long as it lives. It must not be changed. */
const encoded = new WeakMap<object, string | Uint8Array>();
function once<T extends string | Uint8Array>(value: object, encode: () => T): T {
  let known = encoded.get(value);
  if (known === undefined) {
    known = encode();
    encoded.set(value, known);
  }
  return known as T;
}

/** Node's ws sends a Buffer as it is, and copies any other view first. */
const asBuffer = (bytes: Uint8Array): Uint8Array =>
  typeof Buffer === 'undefined' || Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const text = (p: Packet) => JSON.stringify(p.id === undefined ? [p.type, p.nsp, p.data] : [p.type, p.nsp, p.data, p.id]);

/** One packet as one message. */
export function encodePacket(p: Packet): string | Uint8Array {
  if (p.type !== EVENT || p.nsp !== MAIN || p.id !== undefined || !Array.isArray(p.data) || p.data.length !== 2) return text(p);
  const [name, value] = p.data as [unknown, unknown];
  if (name === 'frame' && value instanceof Uint8Array && value[0] === FRAME_VERSION) return asBuffer(value);
  if (name === 'snapshot') return once(value as object, () => asBuffer(encodeSnapshot(value as { world: unknown; frame: Uint8Array })));
  if (name === 'entries') return once(value as object, () => text(p));
  return text(p);
}

/** What `emit(name, value)` will send, e.g. to know its size; for `entries`, `snapshot` and `frame` the work is not done twice. */
export const encodeEvent = (name: 'entries' | 'snapshot' | 'frame', value: object) =>
  encodePacket({ type: EVENT, nsp: MAIN, data: [name, value] });

function decodeBinary(bytes: Uint8Array): Packet {
  if (bytes[0] === FRAME_VERSION) return { type: EVENT, nsp: MAIN, data: ['frame', bytes] };
  if (bytes[0] !== SNAPSHOT) throw bad(`first byte ${bytes[0]} is neither a frame nor a snapshot`);
  if (bytes.length < 5) throw bad('snapshot ends inside its length');
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1, true);
  if (length > bytes.length - 5) throw bad('snapshot shorter than its length');
  const world: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(5, 5 + length)));
  return { type: EVENT, nsp: MAIN, data: ['snapshot', { world, frame: bytes.subarray(5 + length) }] };
}

const isPlain = (data: unknown) => typeof data === 'object' && data !== null && !Array.isArray(data);

function checkData(type: number, data: unknown, id: unknown) {
  switch (type) {
    case CONNECT:
      if (data !== null && !isPlain(data)) throw bad('data of a connect must be an object');
      return;
    case CONNECT_ERROR:
      if (!isPlain(data) && typeof data !== 'string') throw bad('data of a connect error must be an object or a text');
      return;
    case DISCONNECT:
      if (data !== null) throw bad('a disconnect carries no data');
      return;
    case EVENT:
      if (!Array.isArray(data) || typeof data[0] !== 'string' || data[0] === '') throw bad('data of an event must begin with its name');
      if (reserved.has(data[0])) throw bad(`event name ${data[0]} is reserved`);
      return;
    case ACK:
      if (!Array.isArray(data) || id === undefined) throw bad('an acknowledgement needs data and an id');
      return;
    default:
      throw bad('unknown type');
  }
}

function decodeText(message: string): Packet {
  const parts: unknown = JSON.parse(message);
  if (!Array.isArray(parts) || parts.length < 2 || parts.length > 4) throw bad('must be [type, namespace, data, id]');
  const [type, nsp, data = null, id] = parts as unknown[];
  if (typeof type !== 'number') throw bad('type must be a number');
  if (typeof nsp !== 'string' || !nsp.startsWith('/') || nsp.length > MAX_NAMESPACE) throw bad('namespace must be a path');
  if (id !== undefined && (!Number.isSafeInteger(id) || (id as number) < 0)) throw bad('id must be a whole number');
  checkData(type, data, id);
  return { type, nsp, ...(data === null ? {} : { data }), ...(id === undefined ? {} : { id: id as number }) };
}

/**
 * One message back to its packet.
 * @throws Error on anything that is not a well-formed packet (RangeError, or SyntaxError from JSON); never on a valid one
 */
export function decodePacket(message: unknown): Packet {
  if (typeof message === 'string') return decodeText(message);
  if (message instanceof ArrayBuffer) return decodeBinary(new Uint8Array(message));
  if (ArrayBuffer.isView(message)) return decodeBinary(new Uint8Array(message.buffer, message.byteOffset, message.byteLength));
  throw bad('must be text or bytes');
}

export class Encoder {
  encode(packet: Packet): [string | Uint8Array] {
    return [encodePacket(packet)];
  }
}

interface DecoderEvents {
  decoded: (packet: Packet) => void;
}

/** Emits `decoded` for each packet. `add` throws on a malformed one: Socket.IO then closes the connection. */
export class Decoder extends Emitter<DecoderEvents, DecoderEvents> {
  add(message: unknown) {
    this.emit('decoded', decodePacket(message));
  }
  /** Nothing is kept between messages. */
  destroy() {}
}
