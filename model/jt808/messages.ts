/** Bodies of the messages a platform and a terminal keep house with. Byte layouts: STANDARDS "JT/T 808". Texts are GBK, so bytes here. */
export const TERMINAL_ACK = 0x0001;
export const HEARTBEAT = 0x0002;
export const LOG_OUT = 0x0003;
export const REGISTER = 0x0100;
export const AUTHENTICATE = 0x0102;
export const LOCATION = 0x0200;
export const BATCH = 0x0704;
export const ACK = 0x8001;
export const RESEND = 0x8003;
export const REGISTERED = 0x8100;
export const TEXT = 0x8300;

type Version = 'old' | 2019;
/** of 0x8001; a terminal's 0x0001 has the first four */
export const results = { ok: 0, fail: 1, bad: 2, unsupported: 3, alarm: 4 } as const;
export type ResultCode = (typeof results)[keyof typeof results];

/** 0x0001 and 0x8001 通用应答 */
export interface Ack {
  /** of the message answered */
  readonly seq: number;
  readonly id: number;
  readonly result: number;
}
export const writeAck = ({ seq, id, result }: Ack) => Uint8Array.of(seq >> 8, seq & 255, id >> 8, id & 255, result);
export function readAck(body: Uint8Array): Ack | null {
  if (body.length < 5) return null;
  return { seq: (body[0]! << 8) | body[1]!, id: (body[2]! << 8) | body[3]!, result: body[4]! };
}

const ascii = (bytes: Uint8Array) => String.fromCharCode(...bytes).replace(/\0+$/, '');
const bytesOf = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** 0x8100 终端注册应答. @param code the authentication code, ASCII; null = refused with `result` (2 = no such vehicle, 4 = no such terminal) */
export const writeRegistered = (seq: number, result: number, code: string | null) =>
  Uint8Array.from([seq >> 8, seq & 255, result, ...bytesOf(code ?? '')]);
export function readRegistered(body: Uint8Array): { seq: number; result: number; code: string } | null {
  if (body.length < 3) return null;
  return { seq: (body[0]! << 8) | body[1]!, result: body[2]!, code: ascii(body.subarray(3)) };
}

/** 0x0100 终端注册: at least what 2011 has (province, city, maker, model, terminal id, colour). What it says of the vehicle is not kept. */
export const isRegistration = (body: Uint8Array) => body.length >= 25;
/** A registration of a terminal that says nothing of its vehicle. */
export const writeRegistration = (version: Version) => new Uint8Array(version === 2019 ? 76 : 37);

/** 0x0102 终端鉴权: the code alone before 2019; since then its length first, IMEI and software after it. @returns null where it does not fit */
export function readAuthentication(body: Uint8Array, version: Version): string | null {
  if (version === 'old') return ascii(body);
  const length = body[0];
  return length === undefined || body.length < 1 + length ? null : ascii(body.subarray(1, 1 + length));
}
export function writeAuthentication(code: string, version: Version): Uint8Array {
  if (version === 'old') return bytesOf(code);
  const body = new Uint8Array(1 + code.length + 35); // IMEI[15] and software[20] stay empty
  body[0] = code.length;
  body.set(bytesOf(code), 1);
  return body;
}

/** 0x8003 补传分包请求. @param seq of the first sub-packet; @param missing their numbers, from 1; before 2019 at most 255 */
export function writeResend(seq: number, missing: readonly number[], version: Version): Uint8Array {
  const list = version === 2019 ? missing : missing.slice(0, 255);
  const count = version === 2019 ? [list.length >> 8, list.length & 255] : [list.length];
  return Uint8Array.from([seq >> 8, seq & 255, ...count, ...list.flatMap((n) => [n >> 8, n & 255])]);
}

/** shown on the terminal's display, read aloud by it */
const SHOW_AND_SPEAK = 0x0c;
/** 2019: of the kinds service, urgent, notice; before, bit 0 means urgent */
const SERVICE_2019 = 0x01;
/** 0x8300 文本信息下发. @param text GBK */
export const writeText = (text: Uint8Array, version: Version) =>
  Uint8Array.from([...(version === 2019 ? [SHOW_AND_SPEAK | SERVICE_2019, 2] : [SHOW_AND_SPEAK]), ...text]);
/** @returns the text, GBK */
export const readText = (body: Uint8Array, version: Version) => body.subarray(version === 2019 ? 2 : 1);
