import { type Actor, WHOLE_CENTRE } from '../../../model/access.ts';
import { epochMs } from '../../../model/brand.ts';
import { ALARM_SOS, type LocationRead, readBatch, readLocation } from '../../../model/jt808/location.ts';
import * as say from '../../../model/jt808/messages.ts';
import { type Broken, deviceNumber, type Message, writeMessage } from '../../../model/jt808/wire.ts';
import type { Refusal } from '../../../model/report.ts';
import type { Devices, Taken } from '../../devices/devices.ts';
import type { MessageResult } from '../../devices/outbox.ts';
import type { Engine } from '../../engine.ts';
import type { Log } from '../../log.ts';
import type { About, Door } from '../doors.ts';
import type { Codes } from './codes.ts';
import { Parts, partLimits } from './parts.ts';

/** The door's name: in the counters, and where a device is bound. */
export const JT808 = 'jt808';
const device: Actor = { id: JT808, role: 'device', area: WHOLE_CENTRE };
const { ok, fail, bad, unsupported, alarm } = say.results;

export interface TerminalParts {
  readonly devices: Devices;
  readonly engine: Pick<Engine, 'deviceState'>;
  readonly door: Door;
  readonly codes: Codes;
  readonly now: () => number;
  readonly log: Log;
}
/** The connection under a terminal, and the others. */
export interface Line {
  send(bytes: Uint8Array): void;
  /** It has said who it is; `proven` by its code. */
  known(device: string, proven: boolean): void;
}

/**
 * One connection's side of the protocol: messages in, answers out, fixes to the devices, every refusal counted. Knows no sockets.
 * Who may report what: docs/decisions/017.
 */
export class Terminal {
  /** number of the terminal, once it has said one */
  device: string | null = null;
  authenticated = false;
  private phone = '';
  private version: Message['version'] = 'old';
  private seq = 0;
  /** the unit that was told to be on line */
  private unit: string | null = null;
  private readonly parts = new Parts();
  private lost = 0;
  private readonly asked = new Map<number, (result: MessageResult) => void>();

  constructor(
    private readonly house: TerminalParts,
    private readonly line: Line,
  ) {}

  /** A whole frame. Resolves when everything it caused is durable and answered; never rejects. */
  async take(m: Message): Promise<void> {
    this.version = m.version;
    const number = deviceNumber(m.phone);
    if (this.device === null) {
      this.device = number;
      this.phone = m.phone;
      this.line.known(number, false);
    } else if (this.device !== number) {
      this.refuse(m, { field: 'phone', rule: 'one terminal a connection', reason: 'conflict' });
      return this.answer(m, fail);
    }
    if (m.encryption !== 0) {
      this.refuse(m, { field: 'attributes', rule: 'bodies that are encrypted (bits 10-12) are not read', reason: 'unsupported' });
      return this.answer(m, unsupported);
    }
    if (!m.part) return this.whole(m);
    const held = this.parts.add(m, this.house.now());
    this.countLost();
    if (held.is === 'whole') return this.whole(held.message);
    if (held.is === 'refused') this.refuse(m, { field: 'parts', rule: held.rule, reason: 'too-large' });
    this.answer(m, held.is === 'held' ? ok : bad);
  }

  /** Bytes between two flags that are no message. */
  broken({ reason, rule }: Broken, length: number) {
    const kind = reason === 'checksum' ? 'checksum' : 'framing';
    this.house.door.refuse({ field: 'frame', rule, reason: kind }, { where: 'JT/T 808', payload: `${length} bytes` });
  }

  /** Once in a while: ask again for parts that did not come, give up those that never will. */
  tick() {
    for (const { first, version, missing } of this.parts.due(this.house.now()))
      this.write(say.RESEND, say.writeResend(first, missing, version));
    this.countLost();
  }

  /** 0x8300. Resolves with the terminal's own answer to it; `unreachable` after `waitMs`, or when it hangs up before. */
  text(gbk: Uint8Array, waitMs: number): Promise<MessageResult> {
    return new Promise((resolve) => {
      const seq = this.write(say.TEXT, say.writeText(gbk, this.version));
      const late = setTimeout(() => done('unreachable'), waitMs);
      const done = (result: MessageResult) => {
        clearTimeout(late);
        this.asked.delete(seq);
        resolve(result);
      };
      this.asked.get(seq)?.('unreachable');
      this.asked.set(seq, done);
    });
  }

  /** The connection is gone. @param replaced another one of the same terminal goes on */
  gone(replaced: boolean) {
    for (const done of [...this.asked.values()]) done('unreachable');
    if (!replaced) this.tell(null);
    this.unit = null;
  }

  private async whole(m: Message): Promise<void> {
    const { door, devices, codes, now } = this.house;
    const me = this.device!;
    switch (m.id) {
      case say.REGISTER: {
        if (!say.isRegistration(m.body)) {
          this.refuse(m, { field: 'body', rule: 'a registration has at least 25 bytes', reason: 'form' });
          return this.answer(m, bad);
        }
        door.accept();
        devices.heard(JT808, me, now());
        this.write(say.REGISTERED, say.writeRegistered(m.seq, ok, codes.of(me)));
        return;
      }
      case say.AUTHENTICATE: {
        const code = say.readAuthentication(m.body, m.version);
        if (code === null) {
          this.refuse(m, { field: 'body', rule: 'the code is as long as its first byte says', reason: 'form' });
          return this.answer(m, bad);
        }
        devices.heard(JT808, me, now());
        if (!codes.fits(me, code)) {
          this.refuse(m, { field: 'code', rule: 'not the code this platform gave: register (0x0100) to get it', reason: 'not-allowed' });
          return this.answer(m, fail);
        }
        door.accept();
        this.authenticated = true;
        this.line.known(me, true);
        this.tell(devices.unitOf(JT808, me));
        return this.answer(m, ok);
      }
      case say.HEARTBEAT:
        door.accept();
        devices.heard(JT808, me, now());
        this.follow();
        return this.answer(m, ok);
      case say.LOG_OUT:
        door.accept();
        this.authenticated = false;
        this.tell(null);
        return this.answer(m, ok);
      case say.TERMINAL_ACK: {
        const ack = say.readAck(m.body);
        if (!ack) return this.refuse(m, { field: 'body', rule: 'an answer has 5 bytes', reason: 'form' });
        door.accept();
        if (ack.id === say.TEXT) this.asked.get(ack.seq)?.(ack.result === ok ? 'delivered' : 'refused');
        return;
      }
      case say.LOCATION:
      case say.BATCH:
        return this.answer(m, await this.locations(m));
      default:
        this.refuse(m, { field: 'id', rule: `message ${idOf(m)} is not taken here`, reason: 'unsupported' });
        return this.answer(m, unsupported);
    }
  }

  /** @returns what it is answered with: of several locations the one answer that makes the terminal do what is needed */
  private async locations(m: Message): Promise<say.ResultCode> {
    const batch = m.id === say.BATCH ? readBatch(m.body) : null;
    if (m.id === say.BATCH && !batch) {
      this.refuse(m, { field: 'body', rule: 'a batch: count, type, then length and location each', reason: 'form' });
      return bad;
    }
    if (!this.authenticated && this.house.devices.unitOf(JT808, this.device!) !== null) {
      const rule = 'a terminal bound to a unit authenticates (0x0102) before it reports';
      this.refuse(m, { field: 'phone', rule, reason: 'not-allowed' });
      return fail;
    }
    this.follow();
    const read = batch?.locations ?? [readLocation(m.body)];
    // in their order, each handed over before the first is waited for
    const results = await Promise.all(read.map((l) => this.location(m, l, batch?.backfill ?? false)));
    if (results.includes(fail)) return fail;
    if (results.includes(alarm)) return alarm;
    return results.length > 0 && results.every((r) => r === bad) ? bad : ok;
  }

  private async location(m: Message, read: LocationRead, past: boolean): Promise<say.ResultCode> {
    const { door, devices, now } = this.house;
    const me = this.device!;
    const refuse = (refusal: Refusal) => this.refuse(m, refusal);
    if (!read.ok) {
      refuse({ field: 'location', rule: read.rule, reason: 'form' });
      return bad;
    }
    const { lngLat, fixed, shifted, at, heading, speed, alarm: alarms } = read.location;
    const sos = (alarms & ALARM_SOS) !== 0;
    if (fixed && shifted) {
      const rule = 'coordinates are encrypted (status bit 5): have the terminal send them plain';
      refuse({ field: 'status', rule, reason: 'place' });
      return bad;
    }
    if (!fixed) {
      refuse({ field: 'status', rule: 'the terminal has no fix (status bit 1 is 0)', reason: 'no-fix' });
      devices.heard(JT808, me, now());
      if (!sos || past) return ok;
    }
    const receivedAt = epochMs(now());
    try {
      // whoever presses SOS in a basement is heard: 0, 0 is no place, so the unit stays where it was known last
      const where = fixed ? lngLat : ([0, 0] as const);
      const fix = { at, lngLat: where, heading, speed, sos, ...(past ? { past } : {}) };
      const taken: Taken = await devices.take(JT808, me, fix, { actor: device, receivedAt });
      if (taken.ok) {
        if (fixed) door.accept(at);
        return sos ? alarm : ok;
      }
      if (fixed) refuse(taken.refusal);
      return sos ? alarm : bad;
    } catch (err) {
      this.house.log.error({ err }, 'jt808 location not durable');
      return fail; // it sends again
    }
  }

  /** Which unit it is may change while it is connected. */
  private follow() {
    if (this.authenticated) this.tell(this.house.devices.unitOf(JT808, this.device!));
  }
  private tell(unit: string | null) {
    if (unit === this.unit) return;
    const receipt = { actor: device, receivedAt: epochMs(this.house.now()) };
    if (this.unit !== null) this.house.engine.deviceState({ kind: 'state', of: 'unit', id: this.unit, online: false }, receipt);
    if (unit !== null) this.house.engine.deviceState({ kind: 'state', of: 'unit', id: unit, online: true }, receipt);
    this.unit = unit;
  }

  private answer(m: Message, result: say.ResultCode) {
    this.write(say.ACK, say.writeAck({ seq: m.seq, id: m.id, result }));
  }
  private write(id: number, body: Uint8Array): number {
    const seq = this.seq;
    this.seq = (seq + 1) & 0xffff;
    this.line.send(writeMessage({ id, version: this.version, phone: this.phone, seq, body }));
    return seq;
  }
  private countLost() {
    for (; this.lost < this.parts.lost; this.lost++) {
      const rule = `all parts within ${partLimits.lifeMs / 1000} s, one message of an id at a time`;
      this.house.door.refuse({ field: 'parts', rule, reason: 'framing' }, { where: 'JT/T 808' });
    }
  }
  private refuse(m: Message, refusal: Refusal) {
    this.house.door.refuse(refusal, aboutMessage(m));
  }
}

const idOf = (m: Message) => `0x${m.id.toString(16).padStart(4, '0')}`;
/** Without header: there is the telephone number. Bodies only of locations: others hold plates, codes and serial numbers. */
function aboutMessage(m: Message): About {
  const hex = Buffer.from(m.body.subarray(0, 60))
    .toString('hex')
    .replace(/..(?=.)/g, '$&:');
  const isPlace = m.id === say.LOCATION || m.id === say.BATCH;
  return { where: `JT/T 808 ${idOf(m)}`, payload: isPlace ? hex : `${m.body.length} bytes` };
}
