import mqtt, { type MqttClient } from 'mqtt';

export interface Device {
  readonly kind: 'unit' | 'sensor' | 'camera';
  readonly id: string;
  readonly online: boolean;
}

/**
 * One connection to the broker, as a gateway or a handheld has: at every connect it tells which devices it carries and the state of
 * each, retained; its last will takes all of them off line should the connection be cut.
 */
export class Gateway {
  sent = 0;
  private readonly client: MqttClient;
  private readonly prefix: string;
  private devices: readonly Device[];
  private readonly own: string;

  constructor(url: string, street: string, name: string, devices: readonly Device[]) {
    this.prefix = `genglou/${street}`;
    this.devices = devices;
    this.own = `${this.prefix}/gateway/${name}`;
    this.client = mqtt.connect(url, {
      clientId: `genglou-demo-${name}`,
      reconnectPeriod: 1500,
      connectTimeout: 8000,
      queueQoSZero: false,
      will: { topic: `${this.own}/state`, payload: Buffer.from('{"online":false}'), qos: 1, retain: true },
    });
    this.client.on('connect', () => this.tell());
    // a broker that is away is tried again; what was due meanwhile is old news
    this.client.on('error', () => {});
  }

  get connected(): boolean {
    return this.client.connected;
  }
  private topic(d: Pick<Device, 'kind' | 'id'>, what: string) {
    return `${this.prefix}/${d.kind}/${d.id}/${what}`;
  }
  private tell() {
    const of = (kind: Device['kind']) => this.devices.filter((d) => d.kind === kind).map((d) => d.id);
    const carried = { units: of('unit'), sensors: of('sensor'), cameras: of('camera') };
    this.client.publish(`${this.own}/devices`, JSON.stringify(carried), { qos: 0, retain: true });
    this.client.publish(`${this.own}/state`, '{"online":true}', { qos: 0, retain: true });
    for (const d of this.devices)
      this.client.publish(this.topic(d, 'state'), JSON.stringify({ online: d.online }), { qos: 0, retain: true });
  }

  /** A device it carries is switched on or off. */
  turn(id: string, online: boolean) {
    this.devices = this.devices.map((d) => (d.id === id ? { ...d, online } : d));
    const device = this.devices.find((d) => d.id === id);
    if (device && this.client.connected)
      this.client.publish(this.topic(device, 'state'), JSON.stringify({ online }), { qos: 0, retain: true });
  }

  position(unit: string, fields: object) {
    this.publish(`${this.prefix}/unit/${unit}/position`, fields);
  }
  reading(sensor: string, fields: object) {
    this.publish(`${this.prefix}/sensor/${sensor}/reading`, fields);
  }
  private publish(topic: string, fields: object) {
    if (!this.client.connected) return;
    this.client.publish(topic, JSON.stringify(fields), { qos: 0 });
    this.sent += 1;
  }

  /** Say good-bye for every device, then hang up. */
  async close(): Promise<void> {
    if (this.client.connected) {
      for (const d of this.devices) this.client.publish(this.topic(d, 'state'), '{"online":false}', { qos: 0, retain: true });
    }
    await new Promise<void>((resolve) => this.client.end(!this.client.connected, {}, () => resolve()));
  }
}
