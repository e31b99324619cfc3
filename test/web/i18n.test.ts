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
  it('fill in nothing under a name that i18next keeps for itself: a longitude called lng would be taken for a language', () => {
    const kept = ['lng', 'lngs', 'ns', 'fallbackLng', 'defaultValue', 'ordinal', 'joinArrays', 'postProcess', 'interpolation', 'replace'];
    for (const [key, text] of [...leaves(zh), ...leaves(en)])
      expect([key, placeholders(text).filter((p) => kept.includes(p!))]).toEqual([key, []]);
  });
  it('never raise their voice', () => {
    for (const [key, text] of [...leaves(zh), ...leaves(en)]) expect([key, /[!！]/.test(text)]).toEqual([key, false]);
  });
});
