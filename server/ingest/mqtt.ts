import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { epochMs } from '../../model/brand.ts';
import type { World } from '../../model/world.ts';
import type { Engine, Outcome } from '../engine.ts';
import type { Log } from '../log.ts';
import type { Door } from './doors.ts';
import { count } from './http.ts';
import { readMessage } from './topic.ts';

export interface MqttParts {
  readonly engine: Engine;
  readonly door: Door;
  readonly world: () => World;
  readonly now: () => number;
  readonly log: Log;
}
export interface MqttDoor {
  /** where devices publish: mqtt://host:port */
  readonly url: string;
  close(): Promise<void>;
}

/** A device that could reach the broker may report anywhere in the centre. */
const device: Actor = { id: 'mqtt', role: 'device', area: WHOLE_CENTRE };

/** What either kind of broker hands over. Resolves when everything the message caused is durable; rejects only when it could not be. */
export type Take = (message: { topic: string; payload: Uint8Array; qos: number }) => Promise<void>;

/** The MQTT door behind its broker: topic and payload -> the engine, every verdict counted. */
export function mqttTake({ engine, door, world, now }: MqttParts): Take {
  return async ({ topic, payload, qos }) => {
    const receivedAt = epochMs(now());
    const message = readMessage(topic, payload, world().centre?.code ?? null);
    if (message.say === 'nothing') return;
    if (message.say === 'refused') {
      door.refuse(message.refusal.reason);
      return;
    }
    // A message that asks to be acknowledged may be sent again when the acknowledgement is lost: equal text, equal incident.
    const key = qos > 0 ? `mqtt ${topic} ${Buffer.from(payload).toString('utf8')}` : undefined;
    const receipt = { actor: device, receivedAt, ...(key === undefined ? {} : { key }) };
    const outcome: Outcome =
      message.say === 'state' ? engine.deviceState(message.state, receipt) : await engine.receive(message.report, receipt);
    count(door, outcome);
  };
}
