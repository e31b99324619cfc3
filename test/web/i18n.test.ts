import { describe, expect, it } from 'vitest';
import { en } from '../../web/i18n/en.ts';
import { zh } from '../../web/i18n/zh.ts';

function leaves(node: object, path = ''): [string, string][] {
  return Object.entries(node).flatMap(([k, v]) =>
    typeof v === 'string' ? [[path + k, v] as [string, string]] : leaves(v as object, `${path}${k}.`),
  );
}
const placeholders = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort();

describe('the two languages', () => {
  it('have the same keys', () => {
    expect(leaves(en).map(([k]) => k)).toEqual(leaves(zh).map(([k]) => k));
  });
  it('fill in nothing that the other does not, but for the date', () => {
    const english = new Map(leaves(en));
    for (const [key, text] of leaves(zh)) expect([key, placeholders(english.get(key) ?? '')]).toEqual([key, placeholders(text)]);
  });
  it('never raise their voice', () => {
    for (const [key, text] of [...leaves(zh), ...leaves(en)]) expect([key, /[!！]/.test(text)]).toEqual([key, false]);
  });
});
