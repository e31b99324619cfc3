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
