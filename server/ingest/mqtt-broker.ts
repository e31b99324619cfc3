import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { type MqttDoor, type MqttParts, mqttTake } from './mqtt.ts';
import { acceptMqtt } from './mqtt5.ts';

/** A client that does not read is let go after this time, so that it cannot hold up what others are sent. */
const DRAIN_MS = 10_000;
const HOST = '127.0.0.1';

/**
 * The broker in our own process, on the loopback address only. A message of QoS 1 or 2 is acknowledged after everything it
 * caused is durable; if that failed the client is cut off unacknowledged and sends again, as MQTT has it.
 * A refused message is acknowledged too: sending it again would not help.
 */
export async function openBroker(parts: MqttParts, port: number): Promise<MqttDoor> {
  const { log, door } = parts;
  const take = mqttTake(parts);
  const broker = await Aedes.createBroker({
    drainTimeout: DRAIN_MS,
    maxClientsIdLength: 128,
    authorizePublish(_client, packet, done) {
      if (packet.topic.startsWith('$')) {
        done(new Error('topics that begin with $ belong to the broker'));
        return;
      }
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      const taken = take({ topic: packet.topic, payload, qos: packet.qos });
      if (packet.qos === 0) {
        taken.catch((err) => log.error({ err }, 'mqtt message lost'));
        done(null);
        return;
      }
      taken.then(
        () => done(null),
        (err) => {
          log.error({ err }, 'mqtt message not acknowledged');
          done(new Error('not durable'));
        },
      );
    },
  });
  for (const event of ['clientError', 'connectionError'] as const) {
    broker.on(event, (_client, error) => log.debug({ reason: error.message.slice(0, 200) }, 'mqtt client cut off'));
  }

  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    acceptMqtt(socket, (connection) => broker.handle(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const { port: listening } = server.address() as AddressInfo;
  door.state = 'open';

  return {
    url: `mqtt://${HOST}:${listening}`,
    publish: (topic, payload) =>
      new Promise((resolve, reject) => {
        const packet = { cmd: 'publish', topic, payload: Buffer.from(payload), qos: 1, retain: false, dup: false } as const;
        broker.publish(packet, (error) => (error ? reject(error) : resolve()));
      }),
    async close() {
      door.state = 'closed';
      await Promise.all([
        new Promise<void>((resolve) => server.close(() => resolve())),
        new Promise<void>((resolve) => broker.close(() => resolve())).then(() => {
          for (const socket of sockets) socket.destroy();
        }),
      ]);
    },
  };
}
