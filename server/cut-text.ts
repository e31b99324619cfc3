/** At most `length` UTF-16 units, no character cut in two. */
export function cut(text: string, length: number): string {
  let out = '';
  for (const character of text) {
    if (out.length + character.length > length) break;
    out += character;
  }
  return out;
}
