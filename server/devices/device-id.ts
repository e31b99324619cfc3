import { randomBytes } from 'node:crypto';

/** Opaque id of a device, random: what the ledger knows it by. */
export const drawnDeviceId = () => `d-${randomBytes(8).toString('hex')}`;
