import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { epochMs } from '../../model/brand.ts';
import type { FoundReading, Mapper } from '../../model/map-message.ts';
import type { Refusal, Report, StateReport } from '../../model/report.ts';
import type { World } from '../../model/world.ts';
import type { Engine, Outcome, Receipt } from '../engine.ts';
import type { Log } from '../log.ts';
import { sensorsOfDevice } from './devices.ts';
import type { About, Door } from './doors.ts';
import { Gateways } from './gateways.ts';
import { count, deviceNamed } from './http.ts';
import { readMessage } from './topic.ts';
import type { UnitMessages } from './unit-messages.ts';

export interface MqttParts {
  readonly engine: Engine;
  readonly door: Door;
  readonly world: () => World;
  /** whether a device is known to be on line */
  readonly isOnline: (of: StateReport['of'], id: string) => boolean;
  /** of foreign buses, where there are any */
  readonly mapper: Mapper | null;
  readonly messages: UnitMessages;
  readonly now: () => number;
  readonly log: Log;
}
export interface MqttDoor {
  /** where devices publish: mqtt://host:port */
  readonly url: string;
  /** QoS 1, not retained. Resolves when the broker has it. */
  publish(topic: string, payload: string): Promise<void>;
  close(): Promise<void>;
}

/** A device that could reach the broker may report anywhere in the centre. */
const device: Actor = { id: 'mqtt', role: 'device', area: WHOLE_CENTRE };

/** What either kind of broker hands over. Resolves when everything the message caused is durable; rejects only when it could not be. */
export type Take = (message: { topic: string; payload: Uint8Array; qos: number }) => Promise<void>;

/** The MQTT door behind its broker: topic and payload -> the engine, every verdict counted. */
export function mqttTake({ engine, door, world, isOnline, mapper, messages, now }: MqttParts): Take {
  const gateways = new Gateways(isOnline);

  function states(list: readonly StateReport[], receipt: Receipt, about: About) {
    for (const s of list) count(door, engine.deviceState(s, receipt), () => ({ ...about, device: s.id }));
  }

  /** @returns false for a topic of no mapping */
  async function mapped(mapper: Mapper, about: About & { payload: string }, receipt: Receipt): Promise<boolean> {
    const found = mapper.map(about.where, about.payload);
    switch (found.say) {
      case 'others':
        return false;
      case 'ignored':
        return true;
      case 'refused':
        door.refuse(found.refusal, { ...about, mapping: found.mapping });
        return true;
      case 'online': {
        const registered = found.sensors.filter((id) => world().sensors.has(id));
        const ids = new Set([...sensorsOfDevice(world(), found.device), ...registered]);
        const of = { ...about, mapping: found.mapping, device: found.device };
        if (ids.size === 0) door.refuse(unknownDevice(found.device), of);
        const { online } = found;
        states(
          [...ids].map((id) => ({ kind: 'state', of: 'sensor', id, online })),
          receipt,
          of,
        );
        return true;
      }
      case 'readings': {
        const of = { ...about, mapping: found.mapping };
        for (const refusal of found.refused) door.refuse(refusal, of);
        await Promise.all(found.readings.map(async (r) => count(door, await readingOf(r, receipt), () => ({ ...of, device: r.sensor }))));
        return true;
      }
    }
  }

  function readingOf({ sensor, kind, value, at }: FoundReading, receipt: Receipt): Promise<Outcome> | Outcome {
    const is = world().sensors.get(sensor)?.kind;
    if (kind !== null && is !== undefined && is !== kind) {
      const rule = `sensor ${sensor} is of kind ${is}; the mapping is for kind ${kind}`;
      return { ok: false, refusal: { field: 'kind', rule, reason: 'conflict' } };
    }
    return engine.receive({ kind: 'reading', sensor, value, at: new Date(at ?? receipt.receivedAt).toISOString() }, receipt);
  }

  return async ({ topic, payload, qos }) => {
    const receivedAt = epochMs(now());
    const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
    const about = { where: topic, payload: text };
    if (mapper && !topic.startsWith('genglou/') && (await mapped(mapper, about, { actor: device, receivedAt }))) return;
    const message = readMessage(topic, payload, world().centre?.code ?? null);
    // A message that asks to be acknowledged may be sent again when the acknowledgement is lost: equal text, equal incident.
    const receipt = { actor: device, receivedAt, ...(qos > 0 ? { key: `mqtt ${topic} ${text}` } : {}) };
    switch (message.say) {
      case 'nothing':
        return;
      case 'refused':
        return door.refuse(message.refusal, about);
      case 'carried': {
        const { gateway, carried } = message;
        const told = gateways.announce(gateway, carried, world());
        if (!told) return door.refuse(tooMany, about);
        door.accept();
        for (const id of told.unknown) door.refuse(unknownDevice(id), { ...about, device: id });
        return states(told.states, receipt, about);
      }
      case 'gateway':
        door.accept();
        return states(gateways.state(message.gateway, message.online, world()), receipt, about);
      case 'state':
        return states([message.state], receipt, about);
      case 'answer':
        if (messages.answered(message.unit, message.message, message.ok)) return door.accept();
        return door.refuse(noMessage, about);
      case 'report': {
        const outcome = await engine.receive(message.report, receipt);
        if (outcome.ok && (message.report as Report).kind === 'position') messages.heard(outcome.id);
        return count(door, outcome, () => ({ ...about, device: deviceNamed(message.report) }));
      }
    }
  };
}

const unknownDevice = (id: string): Refusal => ({ field: 'device', rule: `no sensor of device ${id} is registered`, reason: 'unknown-id' });
const noMessage: Refusal = { field: 'message', rule: 'no message that this unit is still to answer', reason: 'unknown-id' };
const tooMany: Refusal = { field: 'gateway', rule: 'more gateways than this centre takes', reason: 'too-large' };
