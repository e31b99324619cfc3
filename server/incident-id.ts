import { createHash, randomBytes } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32: no i, l, o, u to misread over the telephone

/**
 * Id of an incident: `i-` and 12 characters, 60 bits. With a key it is drawn from the key, so that the same report handed
 * in twice names the same incident; without one it is random.
 */
export const incidentId = (key?: string): string => drawnId('i-', key);

/** Id of a caller in the vault, random; drawn from `of` where there is nothing else to know the person by again. */
export const callerId = (of?: string): string => drawnId('r-', of);

function drawnId(prefix: string, key: string | undefined): string {
  const bytes = key === undefined ? randomBytes(12) : createHash('sha256').update(key).digest();
  let id = prefix;
  for (let i = 0; i < 12; i++) id += alphabet[bytes[i]! & 31];
  return id;
}
