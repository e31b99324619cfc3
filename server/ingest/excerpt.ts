const SHOWN = 200;
/** eleven digits and more, also as people write them: 138 0000 1234, 028-8765-4321 */
const NUMBERS = /\+?\d(?:[ ()-]?\d){10,}/g;

/**
 * How a refused message begins, so that its sender can be set right: at most 200 characters, without telephone numbers and without
 * what it says of a caller, for nobody's number is kept outside the vault.
 */
export function excerpt(payload: string): string {
  const begin = payload.slice(0, 4 * SHOWN);
  const caller = begin.search(/"?(caller|reporter)/i);
  const open = caller < 0 ? begin : `${begin.slice(0, caller)}…`;
  const masked = open.replace(NUMBERS, '***').replace(/[\p{Cc}\p{Cs}]/gu, '·');
  return masked.length > SHOWN ? `${masked.slice(0, SHOWN)}…` : masked;
}
