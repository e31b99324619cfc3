import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** 鉴权码: what a terminal is given when it registers and shows when it connects. */
export interface Codes {
  of(device: string): string;
  fits(device: string, code: string): boolean;
}

/** ASCII, and short: some terminals keep 20 bytes, and before 2019 nothing says how long it is. 95 bits. */
const CODE_CHARS = 16;

/** The code is an HMAC of the device's number under a key kept in DATA_DIR, so that nothing about devices has to be stored. */
export function openCodes(dataDir: string): Codes {
  const key = keptKey(join(dataDir, 'jt808.key'), dataDir);
  const of = (device: string) => createHmac('sha256', key).update(device).digest('base64url').slice(0, CODE_CHARS);
  return {
    of,
    fits(device, code) {
      const [given, right] = [Buffer.from(code, 'latin1'), Buffer.from(of(device), 'latin1')];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

function keptKey(file: string, dataDir: string): Buffer {
  mkdirSync(dataDir, { recursive: true });
  try {
    const known = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
    if (known.length >= 32) {
      chmodSync(file, 0o600);
      return known;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const key = randomBytes(32);
  writeFileSync(file, `${key.toString('base64url')}\n`, { mode: 0o600 });
  return key;
}
