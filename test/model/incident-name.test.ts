import { describe, expect, it } from 'vitest';
import type { Centre } from '../../model/centre.ts';
import { headline, SHORT_TITLE, shortTitle } from '../../model/incident-name.ts';

const centre = {
  categories: [{ code: 'lift', name: { zh: '电梯困人', en: 'Lift entrapment' }, priority: 2, limitMinutes: 30 }],
} as unknown as Centre;

describe('the name of an incident', () => {
  it('is parted into what and where when the title holds the category', () => {
    expect(headline({ title: '新盛新公寓电梯困人', category: 'lift' }, centre, 'zh')).toEqual({ what: '电梯困人', where: '新盛新公寓' });
    expect(headline({ title: '新盛新公寓电梯困人', category: 'lift' }, centre, 'en').what).toBe('Lift entrapment');
    expect(headline({ title: '电梯困人', category: 'lift' }, centre, 'zh')).toEqual({ what: '电梯困人', where: null });
  });
  it('stays whole in a row when the title says it otherwise, is of no category, or of one the centre does not know', () => {
    for (const [title, category] of [
      ['轿厢停在两层之间', 'lift'],
      ['其他：电梯困人', 'other'],
      ['其他电梯困人', 'gone'],
    ] as const)
      expect(headline({ title, category }, centre, 'zh')).toEqual({ what: title, where: null });
  });
  it('is the category on the map, or a title cut short', () => {
    expect(shortTitle({ title: '轿厢停在两层之间，有人在内', category: 'lift' }, centre, 'zh')).toBe('电梯困人');
    expect(shortTitle({ title: '井盖松动', category: 'other' }, centre, 'zh')).toBe('井盖松动');
    const cut = shortTitle({ title: '𠮷祥路口信号灯不亮并且有水漫出路面', category: 'other' }, null, 'zh');
    expect([...cut]).toHaveLength(SHORT_TITLE);
    expect(cut.startsWith('𠮷祥路口') && cut.endsWith('…')).toBe(true);
  });
});
