import { randomBytes } from 'node:crypto';
import mqtt from 'mqtt';
import { type MqttDoor, type MqttParts, mqttTake } from './mqtt.ts';
import { TOPICS } from './topic.ts';
import { ANSWER_MS } from './unit-messages.ts';

/**
 * A broker of others, named by MQTT_URL (MQTT 5, or 3.1.1 where it knows no 5). The subscription is made anew at every
 * connection. A message of QoS 1 is acknowledged after everything it caused is durable; one that could not be made durable
 * is not, and the broker sends it again.
 */
export async function openMqttClient(parts: MqttParts, url: string): Promise<MqttDoor> {
  const { door, log } = parts;
  const take = mqttTake(parts);
  door.state = 'failed'; // until the broker has been reached
  const connect = (protocolVersion: 4 | 5) =>
    mqtt.connect(url, {
      protocolVersion,
      clientId: `genglou-${randomBytes(6).toString('hex')}`,
      clean: true,
      resubscribe: false,
      reconnectPeriod: 2000,
      connectTimeout: 10_000,
    });
  let client = attach(connect(5));

  function attach(c: mqtt.MqttClient): mqtt.MqttClient {
    c.handleMessage = (packet, done) => {
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      take({ topic: packet.topic, payload, qos: packet.qos }).then(
        () => done(),
        (err) => {
          log.error({ err }, 'mqtt message not acknowledged');
          done(new Error('not durable'));
          c.reconnect();
        },
      );
    };
    c.on('connect', () => {
      c.subscribe([TOPICS, ...(parts.mapper?.filters ?? [])], { qos: 1 }, (err) => {
        door.state = err ? 'failed' : 'open';
        if (err) log.error({ err }, 'mqtt subscription refused');
      });
    });
    c.on('close', () => {
      if (door.state === 'open') door.state = 'failed';
    });
    c.on('error', (error) => {
      log.warn({ reason: error.message.slice(0, 200) }, 'mqtt broker');
      const unacceptable = (error as { code?: unknown }).code;
      if (c === client && (unacceptable === 1 || unacceptable === 0x84)) {
        c.end(true);
        client = attach(connect(4));
      }
    });
    return c;
  }

  return {
    url,
    async publish(topic, payload) {
      // the client would keep it until the broker is back: by then it is told as not delivered
      if (!client.connected) throw new Error('the broker is not connected');
      const expires = client.options.protocolVersion === 5 ? { properties: { messageExpiryInterval: ANSWER_MS / 1000 } } : {};
      await client.publishAsync(topic, payload, { qos: 1, ...expires });
    },
    async close() {
      door.state = 'closed';
      await client.endAsync(true).catch(() => {});
    },
  };
}
