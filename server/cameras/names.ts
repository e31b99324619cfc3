import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { isBelow } from './media.ts';

/** In the place of an address outside the stream's own folder: it is asked for, and refused. */
export const ELSEWHERE = 'elsewhere';
const SIGNATURE_CHARS = 22;

/**
 * Names for the addresses a stream's playlists tell of. A name carries the address and our signature over it: only what a playlist of
 * this very view named can be asked for, nothing that a browser makes up, and nothing has to be remembered.
 */
export interface Names {
  nameOf(address: URL | null): string;
  /** null = not one of ours */
  addressOf(name: string): URL | null;
}

/** With its question mark where nothing stands behind it: `search` does not tell of that. */
const queryOf = (a: URL) => a.search || (/^[^#]*\?(#|$)/.test(a.href) ? '?' : '');

/** @param base address of the stream's first playlist */
export function signedNames(base: URL): Names {
  const key = randomBytes(32);
  const signature = (path: string) => createHmac('sha256', key).update(path).digest('base64url').slice(0, SIGNATURE_CHARS);
  return {
    nameOf(address) {
      if (!address || !isBelow(base, address)) return ELSEWHERE;
      const path = Buffer.from(address.pathname + queryOf(address)).toString('base64url');
      const ending = /\.[0-9a-z]{1,5}$/i.exec(address.pathname)?.[0] ?? '';
      return `${signature(path)}${path}${ending}`;
    },
    addressOf(name) {
      const given = Buffer.from(name.slice(0, SIGNATURE_CHARS));
      const path = name.slice(SIGNATURE_CHARS).replace(/\..*$/, '');
      const right = Buffer.from(signature(path));
      if (given.length !== right.length || !timingSafeEqual(given, right)) return null;
      return new URL(base.origin + Buffer.from(path, 'base64url').toString('utf8'));
    },
  };
}
