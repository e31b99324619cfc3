/**
 * A name as it may be shown of somebody who called: 张*芳, 张*, *. Counted in characters as people write them.
 * The rule of 脱敏 in use at hotlines: first and last character of three and more, the first of two.
 */
export function maskedName(name: string): string {
  const letters = Array.from(name.trim());
  if (letters.length < 2) return '*'.repeat(letters.length);
  const last = letters.length > 2 ? letters.at(-1) : '';
  return `${letters[0]}${'*'.repeat(Math.max(1, letters.length - 2))}${last}`;
}

/** The last four digits, of a number that has more. */
export const telTail = (tel: string | null): string | null => (tel !== null && tel.length > 4 ? tel.slice(-4) : null);

/** A device's number as it may be shown: 138****0001; of a short one its first character and, of four and more, its last. */
export function maskedNumber(number: string): string {
  const letters = Array.from(number);
  const n = letters.length;
  if (n >= 11) return `${letters.slice(0, 3).join('')}****${letters.slice(-4).join('')}`;
  return `${letters[0] ?? ''}****${n >= 4 ? letters.at(-1) : ''}`;
}
