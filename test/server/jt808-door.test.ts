import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { areaCode, epochMs } from '../../model/brand.ts';
import { type Told, writeBatch, writeLocation } from '../../model/jt808/location.ts';
import * as say from '../../model/jt808/messages.ts';
import { writeMessage } from '../../model/jt808/wire.ts';
import type { StateReport } from '../../model/report.ts';
import type { DeviceFix, Devices } from '../../server/devices/devices.ts';
import { Outbox } from '../../server/devices/outbox.ts';
import { Doors } from '../../server/ingest/doors.ts';
import { openCodes } from '../../server/ingest/jt808/codes.ts';
import { gbkRule, type Jt808Door, type Limits, openJt808 } from '../../server/ingest/jt808/door.ts';
import { openLog } from '../../server/log.ts';
import { until } from '../support/server.ts';
import { testTerminal } from '../support/terminal.ts';

const T0 = Date.parse('2026-11-22T08:00:00+08:00');
const at = (s: number) => T0 + s * 1000;
const told = (s: number, more: Partial<Told> = {}): Told => ({ lngLat: [104.003, 30.602], speed: 10, heading: 90, at: at(s), ...more });
const location = (s: number, more: Partial<Told> = {}) => writeLocation(told(s, more));
const PHONE = '013900000001';
const DEVICE = '13900000001';

interface House {
  readonly jt808: Jt808Door;
  readonly outbox: Outbox;
  readonly fixes: { device: string; fix: DeviceFix }[];
  readonly heard: string[];
  readonly states: StateReport[];
  readonly bound: Map<string, string>;
  durable: boolean;
  status(): ReturnType<Doors['status']>[number];
  refused(): ReturnType<Doors['refused']>;
}
let dir: string;
let house: House;
const houses: House[] = [];

async function open(limits: Partial<Limits> = {}): Promise<House> {
  const doors = new Doors(Date.now);
  const outbox = new Outbox();
  const [fixes, heard, states, bound] = [[], [], [], new Map()] as [House['fixes'], string[], StateReport[], Map<string, string>];
  const devices: Devices = {
    unitOf: (_door, device) => bound.get(device) ?? null,
    deviceOf: (unit) => {
      const device = [...bound].find(([, u]) => u === unit)?.[0];
      return device === undefined ? null : { door: 'jt808', device };
    },
    async take(_door, device, fix) {
      if (!made.durable) throw new Error('the ledger cannot be written');
      fixes.push({ device, fix });
      const unit = bound.get(device);
      return unit === undefined ? { ok: true, waiting: true } : { ok: true, id: unit, area: areaCode('5'), at: epochMs(fix.at) };
    },
    heard: (_door, device) => void heard.push(device),
  };
  const engine = {
    deviceState(report: StateReport) {
      states.push(report);
      return { ok: true as const, id: report.id, area: null };
    },
  };
  const jt808 = await openJt808({
    host: '127.0.0.1',
    port: 0,
    outbox,
    devices,
    engine,
    door: doors.open('jt808'),
    codes: openCodes(dir),
    now: Date.now,
    log: openLog('silent'),
    limits,
  });
  const made: House = {
    jt808,
    outbox,
    fixes,
    heard,
    states,
    bound,
    durable: true,
    status: () => doors.status()[0]!,
    refused: () => doors.refused(),
  };
  houses.push(made);
  return made;
}
const dial = (phone = PHONE, version: 'old' | 2019 = 'old', h = house) => testTerminal(h.jt808.port, phone, version);

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'genglou-808-'));
  house = await open();
});
afterEach(async () => {
  await Promise.all(houses.splice(0).map((h) => h.jt808.close()));
  rmSync(dir, { recursive: true, force: true });
});

describe.each(['old', 2019] as const)('a terminal of version %s', (version) => {
  test('registers, authenticates, beats, reports, logs out; its unit is on line meanwhile', async () => {
    house.bound.set(DEVICE, 'u-1');
    const t = await dial(version === 2019 ? `00000000${PHONE}` : PHONE, version);
    expect(await t.enter()).toBe(0);
    expect(house.states).toEqual([{ kind: 'state', of: 'unit', id: 'u-1', online: true }]);
    expect(await t.ask(say.HEARTBEAT)).toBe(0);
    expect(await t.ask(say.LOCATION, location(1))).toBe(0);
    expect(house.fixes).toEqual([{ device: DEVICE, fix: { at: at(1), lngLat: [104.003, 30.602], heading: 90, speed: 10, sos: false } }]);
    expect(house.status()).toMatchObject({ accepted: 4, refused: 0, dataAt: at(1) });
    expect(await t.ask(say.LOG_OUT)).toBe(0);
    expect(house.states.at(-1)).toMatchObject({ id: 'u-1', online: false });
  });

  test('is sent a text in GBK; its own answer says how that ended', async () => {
    const t = await dial(PHONE, version);
    await t.enter();
    const answers = [
      [0, 'delivered'],
      [1, 'refused'],
    ] as const;
    for (const [result, is] of answers) {
      const sent = house.outbox.send('jt808', DEVICE, '请到肖家河中街', 'm-1');
      const m = await t.next(say.TEXT);
      expect(iconv.decode(Buffer.from(say.readText(m.body, version)), 'gbk')).toBe('请到肖家河中街');
      t.send(say.TERMINAL_ACK, say.writeAck({ seq: m.seq, id: m.id, result }));
      expect(await sent).toBe(is);
    }
    const lost = house.outbox.send('jt808', DEVICE, '在吗', 'm-2');
    await t.next(say.TEXT);
    t.socket.destroy();
    expect(await lost).toBe('unreachable');
    expect(await house.outbox.send('jt808', DEVICE, '在吗', 'm-3')).toBe('unreachable');
  });
});

test('a terminal that does not answer a text is unreachable', async () => {
  const h = await open({ answerMs: 50 });
  const t = await dial(PHONE, 'old', h);
  await t.enter();
  expect(await h.outbox.send('jt808', DEVICE, '在吗', 'm-1')).toBe('unreachable');
  expect(gbkRule('在岗')).toBeNull();
  expect(gbkRule('好😀')).toContain('GBK');
  expect(h.outbox.rule('jt808', '好😀')).toContain('GBK');
});

test('the code is the same after a restart, another one with another key, readable by its owner only', () => {
  const codes = openCodes(dir);
  expect(openCodes(dir).of('1')).toBe(codes.of('1'));
  expect(codes.fits('1', codes.of('1'))).toBe(true);
  for (const wrong of ['', 'x', codes.of('2'), `${codes.of('1')} `]) expect(codes.fits('1', wrong)).toBe(false);
  expect(openCodes(join(dir, 'other')).of('1')).not.toBe(codes.of('1'));
  expect(statSync(join(dir, 'jt808.key')).mode & 0o077).toBe(0);
});

test('a wrong code is refused and counted; a bound terminal without the right one reports nothing', async () => {
  house.bound.set(DEVICE, 'u-1');
  const t = await dial();
  expect(await t.ask(say.AUTHENTICATE, say.writeAuthentication('guessed', 'old'))).toBe(1);
  expect(await t.ask(say.LOCATION, location(1))).toBe(1);
  expect(house.fixes).toEqual([]);
  expect(house.states).toEqual([]);
  expect(house.status().refusals).toEqual({ 'not-allowed': 2 });
  expect(await t.enter()).toBe(0);
  expect(await t.ask(say.LOCATION, location(2))).toBe(0);
  expect(house.fixes).toHaveLength(1);
});

test('what nobody has bound waits, authenticated or not; bound while connected, its unit comes on line', async () => {
  const t = await dial();
  expect(await t.ask(say.LOCATION, location(1))).toBe(0);
  await t.enter();
  expect(await t.ask(say.LOCATION, location(2))).toBe(0);
  expect(house.fixes.map((f) => f.fix.at)).toEqual([at(1), at(2)]);
  expect(house.heard).toContain(DEVICE);
  expect(house.states).toEqual([]);
  house.bound.set(DEVICE, 'u-7');
  await t.ask(say.HEARTBEAT);
  expect(house.states).toEqual([{ kind: 'state', of: 'unit', id: 'u-7', online: true }]);
  t.socket.destroy();
  await until(() => house.states.length === 2);
  expect(house.states[1]).toMatchObject({ id: 'u-7', online: false });
});

test('batches: ordinary ones are live, back-fill is past; one wrong location refuses itself only', async () => {
  const t = await dial();
  await t.enter();
  const wrong = location(2).fill(0xff, 22, 28);
  expect(await t.ask(say.BATCH, writeBatch(false, [location(1), wrong, location(3)]))).toBe(0);
  expect(await t.ask(say.BATCH, writeBatch(true, [location(-60), location(-50)]))).toBe(0);
  expect(house.fixes.map(({ fix }) => [fix.at, fix.past ?? false])).toEqual([
    [at(1), false],
    [at(3), false],
    [at(-60), true],
    [at(-50), true],
  ]);
  expect(await t.ask(say.BATCH, Uint8Array.of(0, 9, 0, 1))).toBe(2);
  expect(await t.ask(say.LOCATION, wrong)).toBe(2);
  expect(house.status().refusals).toEqual({ form: 3 });
});

test('SOS is an alarm acknowledged as such, also without a fix; no fix and shifted coordinates are counted', async () => {
  const t = await dial();
  await t.enter();
  expect(await t.ask(say.LOCATION, location(1, { sos: true }))).toBe(4);
  expect(await t.ask(say.LOCATION, location(2, { fixed: false }))).toBe(0);
  expect(await t.ask(say.LOCATION, location(3, { fixed: false, sos: true }))).toBe(4);
  const shifted = location(4);
  shifted[7] = shifted[7]! | 0x20;
  expect(await t.ask(say.LOCATION, shifted)).toBe(2);
  expect(house.fixes.map(({ fix }) => [fix.at, fix.lngLat, fix.sos])).toEqual([
    [at(1), [104.003, 30.602], true],
    [at(3), [0, 0], true],
  ]);
  expect(house.status().refusals).toEqual({ 'no-fix': 2, place: 1 });
});

test('what could not be made durable is answered "failed", so that the terminal sends it again', async () => {
  const t = await dial();
  await t.enter();
  house.durable = false;
  expect(await t.ask(say.LOCATION, location(1))).toBe(1);
  house.durable = true;
  expect(await t.ask(say.LOCATION, location(1))).toBe(0);
});

test('unknown and encrypted messages are answered "unsupported", those of another terminal refused; the connection goes on', async () => {
  const t = await dial();
  await t.enter();
  expect(await t.ask(0x0900, Uint8Array.of(1, 2))).toBe(3);
  const encrypted = writeMessage({ id: say.LOCATION, version: 'old', phone: PHONE, seq: 7, body: location(1) });
  encrypted[3] = encrypted[3]! | 0x04;
  encrypted[encrypted.length - 2] = encrypted[encrypted.length - 2]! ^ 0x04;
  t.raw(encrypted);
  expect(say.readAck((await t.next(say.ACK)).body)).toEqual({ seq: 7, id: say.LOCATION, result: 3 });
  t.raw(writeMessage({ id: say.HEARTBEAT, version: 'old', phone: '013900000002', seq: 8, body: new Uint8Array(0) }));
  expect(say.readAck((await t.next(say.ACK)).body)).toEqual({ seq: 8, id: say.HEARTBEAT, result: 1 });
  expect(await t.ask(say.HEARTBEAT)).toBe(0);
  expect(house.status().refusals).toEqual({ unsupported: 2, conflict: 1 });
  expect(JSON.stringify(house.refused())).not.toContain('1390000000');
});

test('a wrong check byte and garbage are counted, the next message is read; nothing kept shows a telephone number', async () => {
  const t = await dial();
  await t.enter();
  const spoilt = writeMessage({ id: say.LOCATION, version: 'old', phone: PHONE, seq: 9, body: location(1) });
  spoilt[20] = spoilt[20]! ^ 1;
  t.raw(spoilt);
  t.raw(Buffer.from('13900000001'));
  expect(await t.ask(say.LOCATION, location(2))).toBe(0);
  expect(house.fixes.map((f) => f.fix.at)).toEqual([at(2)]);
  expect(house.status().refusals).toEqual({ checksum: 1, framing: 1 });
  expect(JSON.stringify(house.refused())).not.toMatch(/1390000000|13:90:00/);
});

describe('split messages', () => {
  const batch = writeBatch(
    false,
    Array.from({ length: 20 }, (_, i) => location(i)),
  );
  const cut = [batch.subarray(0, 200), batch.subarray(200, 450), batch.subarray(450)];

  test('are put together whatever the order, and twice the same part does no harm', async () => {
    const t = await dial();
    await t.enter();
    // the number of a part follows its place, so they are written by hand
    const part = (index: number) =>
      t.raw(
        writeMessage({ id: say.BATCH, version: 'old', phone: PHONE, seq: 500 + index, body: cut[index - 1]!, part: { total: 3, index } }),
      );
    for (const index of [3, 1, 3, 2]) part(index);
    for (let n = 0; n < 4; n++) expect(say.readAck((await t.next(say.ACK)).body)?.result).toBe(0);
    expect(house.fixes.map((f) => f.fix.at)).toEqual(Array.from({ length: 20 }, (_, i) => at(i)));
  });

  test('that begin anew are lost and counted; too many parts are refused', async () => {
    const t = await dial();
    await t.enter();
    const part = (seq: number, index: number) =>
      t.raw(writeMessage({ id: say.BATCH, version: 'old', phone: PHONE, seq, body: cut[index - 1]!, part: { total: 3, index } }));
    part(500, 1);
    part(600, 1);
    part(601, 2);
    part(602, 3);
    for (let n = 0; n < 4; n++) expect(say.readAck((await t.next(say.ACK)).body)?.result).toBe(0);
    expect(house.fixes).toHaveLength(20);
    expect(await t.ask(say.BATCH, cut[0], { total: 65, index: 1 })).toBe(2);
    expect(await t.ask(say.BATCH, cut[0], { total: 3, index: 4 })).toBe(2);
    expect(house.status().refusals).toEqual({ framing: 1, 'too-large': 2 });
  });
});

describe('peers that waste a connection', () => {
  const gone = async (h: House, rule: RegExp) => {
    await until(() => (h.status().refusals.peer ?? 0) > 0);
    expect(h.refused().find((r) => r.reason === 'peer')?.rule).toMatch(rule);
  };

  test('slow loris: a message that begins is finished in time, however its bytes dribble', async () => {
    const h = await open({ frameMs: 120 });
    const t = await dial(PHONE, 'old', h);
    await t.enter();
    const frame = writeMessage({ id: say.HEARTBEAT, version: 'old', phone: PHONE, seq: 1, body: new Uint8Array(0) });
    let i = 0;
    const dribble = setInterval(() => t.raw(frame.subarray(i, ++i % (frame.length - 1))), 20);
    await t.closed();
    clearInterval(dribble);
    await gone(h, /finished within/);
  });

  test('one that says nothing, and one that has fallen silent', async () => {
    const h = await open({ firstMs: 80, silentMs: 400, frameMs: 100 });
    const mute = await dial(PHONE, 'old', h);
    await mute.closed();
    await gone(h, /first message/);
    h.bound.set(DEVICE, 'u-1');
    const t = await dial(PHONE, 'old', h);
    await t.enter();
    await t.closed();
    await until(() => h.states.at(-1)?.online === false);
    expect(h.refused()[0]?.rule).toMatch(/nobody is there/);
  });

  test('garbage without end, frames that are none, answers nobody reads', async () => {
    const h = await open({ garbage: 8192, broken: 5, unread: 2048 });
    const noisy = await dial(PHONE, 'old', h);
    for (let n = 0; n < 12; n++) noisy.raw(new Uint8Array(1000).fill(1));
    await noisy.closed();
    await gone(h, /belong to no message/);
    const broken = await dial(PHONE, 'old', h);
    for (let n = 0; n < 6; n++) broken.raw(Uint8Array.of(0x7e, 1, 2, 3, 0x7e));
    await broken.closed();
    expect(h.refused()[0]?.rule).toMatch(/in a row/);
    expect(h.status().refusals.framing).toBeGreaterThanOrEqual(5);
    const deaf = connect(h.jt808.port, '127.0.0.1').on('error', () => {});
    const closed = new Promise((resolve) => deaf.once('close', resolve));
    deaf.pause();
    const beat = writeMessage({ id: say.HEARTBEAT, version: 'old', phone: PHONE, seq: 1, body: new Uint8Array(0) });
    const many = Buffer.concat(Array.from({ length: 4000 }, () => beat));
    const shout = () => {
      while (!deaf.destroyed && deaf.write(many));
    };
    deaf.on('drain', shout);
    shout();
    await until(() => h.refused().some((r) => /unread/.test(r.rule)));
    deaf.destroy();
    await closed;
  });

  test('too many of one address, and in all', async () => {
    const h = await open({ connections: 3, perAddress: 2 });
    const first = await dial(PHONE, 'old', h);
    await dial('013900000002', 'old', h);
    await (await dial('013900000003', 'old', h)).closed();
    await gone(h, /at most 2 connections of one address/);
    expect(await first.enter()).toBe(0);
    first.socket.destroy();
    await until(async () => {
      const t = await dial('013900000003', 'old', h);
      return (await t.enter().catch(() => 'hung up')) === 0;
    });
    const all = await open({ connections: 1 });
    await dial(PHONE, 'old', all);
    await (await dial(PHONE, 'old', all)).closed();
    await gone(all, /at most 1 connections/);
  });
});

test('a second connection of the same terminal takes the place of the first, and its unit stays on line', async () => {
  house.bound.set(DEVICE, 'u-1');
  const first = await dial();
  await first.enter();
  const second = await dial();
  expect(await second.ask(say.HEARTBEAT)).toBe(0); // proves nothing: the first goes on
  expect(await first.ask(say.HEARTBEAT)).toBe(0);
  await second.enter();
  await first.closed();
  expect(await second.ask(say.LOCATION, location(1))).toBe(0);
  expect(house.states.every((s) => s.online)).toBe(true);
  const sent = house.outbox.send('jt808', DEVICE, '在吗', 'm-1');
  const m = await second.next(say.TEXT);
  second.send(say.TERMINAL_ACK, say.writeAck({ seq: m.seq, id: m.id, result: 0 }));
  expect(await sent).toBe('delivered');
});
