import fc from 'fast-check';
import { expect, test } from 'vitest';
import { maskedName, telTail } from '../../model/mask.ts';

test('a name is masked as hotlines do', () => {
  expect(['', '张', '张芳', '张小芳', '欧阳小芳', ' 张芳 ', '𠮷田'].map(maskedName)).toEqual([
    '',
    '*',
    '张*',
    '张*芳',
    '欧**芳',
    '张*',
    '𠮷*',
  ]);
  expect([null, '110', '96110', '13800001234'].map(telTail)).toEqual([null, null, '6110', '1234']);
});

test('at least one character of a name is always hidden, and never more than two shown', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('张', '小', '芳', 'a', 'b'), minLength: 1, maxLength: 40 }), (name) => {
      const masked = Array.from(maskedName(name));
      expect(masked).toHaveLength(name.length);
      expect(masked.filter((c) => c === '*').length).toBeGreaterThanOrEqual(Math.max(1, name.length - 2));
    }),
  );
});
