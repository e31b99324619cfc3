import type { Config } from '../config.ts';
import type { Devices } from '../devices/devices.ts';
import type { Outbox } from '../devices/outbox.ts';
import { portInUse } from '../listen.ts';
import type { Doors } from './doors.ts';
import { openCodes } from './jt808/codes.ts';
import { openJt808 } from './jt808/door.ts';
import { JT808 } from './jt808/terminal.ts';
import type { MqttParts } from './mqtt.ts';
import { openBroker } from './mqtt-broker.ts';
import { openMqttClient } from './mqtt-client.ts';
import { NMEA, openNmea } from './nmea/door.ts';

/**
 * The doors of devices that keep a port of their own: MQTT, JT/T 808 and NMEA 0183; the last two only where a port is set.
 * @param opened told of each door's way to close as soon as it is open
 * @throws one sentence for the person at the terminal when a port cannot be opened
 */
export async function openDeviceDoors(
  config: Config,
  parts: Omit<MqttParts, 'door'> & { readonly doors: Doors; readonly devices: Devices; readonly outbox: Outbox },
  opened: (close: () => unknown) => void,
): Promise<{ readonly mqttUrl: string }> {
  const { doors, devices, outbox, engine, messages, now, log } = parts;
  const { host, mqttPort, jt808Port, nmeaPort, dataDir } = config;
  const mqttParts: MqttParts = { ...parts, door: doors.open('mqtt') };
  const mqtt = config.mqttUrl
    ? await openMqttClient(mqttParts, config.mqttUrl)
    : await openBroker(mqttParts, mqttPort).catch(portInUse('MQTT_PORT', mqttPort));
  opened(() => mqtt.close());
  outbox.register('mqtt', messages.sender(mqtt.publish));
  if (jt808Port !== 0) {
    const terminals = { devices, engine, outbox, door: doors.open(JT808), codes: openCodes(dataDir), now, log };
    const jt808 = await openJt808({ ...terminals, host, port: jt808Port }).catch(portInUse('JT808_PORT', jt808Port));
    opened(() => jt808.close());
  }
  if (nmeaPort !== 0) {
    const nmea = await openNmea({ devices, door: doors.open(NMEA), host, port: nmeaPort, now }).catch(portInUse('NMEA_PORT', nmeaPort));
    opened(() => nmea.close());
  }
  return { mqttUrl: mqtt.url };
}
