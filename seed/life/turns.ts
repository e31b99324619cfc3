/** What becomes of a matter on its way. */
export type Turn =
  | 'plain'
  | 'decline'
  | 'void'
  | 'duplicate'
  | 'return'
  | 'reject'
  | 'extension'
  | 'suspend'
  | 'rework'
  | 'reopen'
  | 'help'
  | 'slow-dispatch';
/** How often, in percent. */
export const turns: readonly (readonly [Turn, number])[] = [
  ['plain', 73.5],
  ['decline', 3],
  ['void', 0.8],
  ['duplicate', 3.2],
  ['return', 2.6],
  ['reject', 2.2],
  ['extension', 2.4],
  ['suspend', 1.3],
  ['rework', 6.6],
  ['reopen', 0.9],
  ['help', 2],
  ['slow-dispatch', 1.5],
];
