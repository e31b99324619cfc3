import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packLine, unpackLine } from '../../model/clip.ts';
import { masker } from '../../model/clip-mask.ts';

const letter = fc.constantFrom(...'张王李周芳伟敏娜强磊欧阳秀英Anna'.split(''));
const name = fc.array(letter, { minLength: 2, maxLength: 4 }).map((l) => l.join(''));
const words = fc.constantFrom('反映楼道堆物', '井盖缺失', '联系', '：', ' 电话', '，', '3 栋', '家中漏水');
const tel = fc.constantFrom(
  '13800001234',
  '028-8555 1234',
  '+86 138 0000 1234',
  '138-0000-1234',
  '１３８００００１２３４',
  '510107195001011234',
);

test('no name of the vault and no long number is left in a text, wherever they stand', () => {
  fc.assert(
    fc.property(
      fc.array(name, { minLength: 1, maxLength: 6 }),
      fc.array(fc.oneof(words, tel, fc.nat(5)), { maxLength: 8 }),
      (names, parts) => {
        const text = parts.map((p) => (typeof p === 'number' ? names[p % names.length]! : p)).join('');
        const masked = masker(names)(text);
        for (const n of names) expect(masked).not.toContain(n);
        expect(masked.replace(/[^\p{Nd}]/gu, ' ')).not.toMatch(/\p{Nd}{7,}/u);
        for (const t of parts.filter((p) => typeof p === 'string' && /\p{Nd}{4}/u.test(p))) expect(masked).not.toContain(t);
      },
    ),
  );
});

test('names that run into each other leave none between them', () => {
  expect(masker(['张张', '张张张'])('张张张张')).toBe('张*张*');
});

test('what is no name and no number stays: the title still says what happened', () => {
  const mask = masker(['张三', '欧阳秀英']);
  expect(mask('正街 3 栋张三家漏水，电话 138 0000 1234')).toBe('正街 3 栋张*家漏水，电话 *** **** ****');
  expect(mask('欧阳秀英反映井盖缺失 2 处')).toBe('欧**英反映井盖缺失 2 处');
  expect(mask('11 月 22 日 14:05 积水 30 厘米')).toBe('11 月 22 日 14:05 积水 30 厘米');
});

test('a packed line is the line, to 1e-6 degrees', () => {
  const place = fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true }));
  fc.assert(
    fc.property(fc.array(place), (points) => {
      const back = unpackLine(packLine(points));
      expect(back).toHaveLength(points.length);
      for (const [i, p] of points.entries()) for (const n of [0, 1] as const) expect(Math.abs(back[i]![n] - p[n])).toBeLessThan(6e-7);
    }),
  );
});
