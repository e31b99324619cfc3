import { maskedName } from './mask.ts';

/** Digits of a telephone, identity or account number as people write them: seven and more, with what stands between them. */
const NUMBER = /\p{Nd}(?:[\s()（）.\-–—]{0,3}\p{Nd}){6,}/gu;

/**
 * Text without the people the house knows: every name of the vault as 张*芳, every long number as asterisks. What else people wrote stays, so
 * it is for names of rules, and tells of a title whether it names anybody (model/clip-title); notes never reach a clip. Names of one character are not looked for: they are half of all words.
 */
export function masker(names: Iterable<string>): (text: string) => string {
  const known = [...new Set([...names].map((n) => n.trim()))].filter((n) => [...n].length > 1).sort((a, b) => b.length - a.length);
  const any = known.length ? new RegExp(known.map(escaped).join('|'), 'gu') : null;
  return (text) => {
    let nameless = text;
    // what a masked name shows of itself may be a name again with what stands beside it: 张张张 and 张 leave 张*张张
    for (let before = ''; any && nameless !== before; ) {
      before = nameless;
      nameless = before.replace(any, (name) => maskedName(name));
    }
    return nameless.replace(NUMBER, (number) => number.replace(/\p{Nd}/gu, '*'));
  };
}
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
