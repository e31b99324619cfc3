import { z } from 'zod';
import { zId } from './fields.ts';
import { deviceNumber } from './jt808/wire.ts';

/** Doors whose devices speak of themselves by a number of their own, and so must be bound to a unit. */
export const deviceDoors = ['jt808', 'owntracks', 'osmand', 'nmea'] as const;
export type DeviceDoor = (typeof deviceDoors)[number];

/** A device's number at its door: a SIM's number, an IMEI, `user/device` of an app. Personal data. */
export const zDeviceNumber = z.string().regex(/^[^\p{Cc}\p{Cs}\p{Z}]{1,80}$/u, '1-80 characters, no spaces');

/** 绑定: this device stands for this unit. */
export const zBinding = z
  .object({ door: z.enum(deviceDoors), device: zDeviceNumber, unit: zId })
  .transform((b) => ({ ...b, device: knownAs(b.door, b.device) }));
export type BindingForm = z.output<typeof zBinding>;
export const zBoundDevice = z
  .object({ door: z.enum(deviceDoors), device: zDeviceNumber })
  .transform((b) => ({ ...b, device: knownAs(b.door, b.device) }));

/** The number as the door will name it: terminals of JT/T 808 pad theirs with zeros. */
const knownAs = (door: DeviceDoor, device: string) => (door === 'jt808' ? deviceNumber(device) : device);
