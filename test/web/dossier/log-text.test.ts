import i18next, { type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { epochMs } from '../../../model/brand.ts';
import { zCentre } from '../../../model/centre.ts';
import { entryKinds } from '../../../model/ledger.ts';
import { emptyWorld } from '../../../model/world.ts';
import { en } from '../../../web/i18n/en.ts';
import { zh } from '../../../web/i18n/zh.ts';
import { actorName, logText } from '../../../web/panels/dossier/log-text.ts';
import { centre } from '../../support/facts.ts';

const world = {
  ...emptyWorld,
  centre: zCentre.parse({ ...centre, departments: [{ code: 'gas', name: { zh: '燃气公司', en: 'Gas company' } }] }),
  units: new Map([['u-1', { id: 'u-1', ix: 0, name: '周敏', role: 'grid' as const, area: null }]]),
};
const t: Record<string, TFunction<'wall'>> = {};
beforeAll(async () => {
  for (const [lng, wall] of [
    ['zh', zh],
    ['en', en],
  ] as const) {
    const one = i18next.createInstance();
    await one.init({ lng, defaultNS: 'wall', resources: { [lng]: { wall } }, interpolation: { escapeValue: false } });
    t[lng] = one.getFixedT(lng, 'wall') as unknown as TFunction<'wall'>;
  }
});
const say = (kind: string, body: object, language: 'zh' | 'en' = 'zh') =>
  logText({ t: t[language]!, world, language, time: () => '14:05' }, { kind, body, at: epochMs(0) } as never);

describe('a row of the record', () => {
  it('has words of its own in both languages for every kind of entry an incident can have', () => {
    const kinds = Object.keys(entryKinds).filter((k) => k.startsWith('incident.') || k.startsWith('alarm.'));
    for (const kind of kinds)
      for (const language of ['zh', 'en'] as const) {
        const { what } = say(kind, {}, language);
        expect([kind, language, what === kind || what === '']).toEqual([kind, language, false]);
        if (language === 'zh') expect([kind, /[\u4e00-\u9fff]/.test(what)]).toEqual([kind, true]);
      }
  });
  it('names units and departments, and keeps what was said apart', () => {
    expect(say('incident.dispatched', { unit: 'u-1', reason: '更近' })).toEqual({ what: '派遣 周敏', said: '更近' });
    expect(say('incident.whistle-blown', { departments: ['gas'], text: '泄漏源未明', due: 1 })).toEqual({
      what: '吹哨，呼叫 燃气公司',
      said: '泄漏源未明',
    });
    expect(say('incident.whistle-urged', { department: 'gas' }, 'en').what).toBe('Gas company urged');
  });
  it('says limits, verdicts and outcomes in words', () => {
    expect(say('incident.extension-asked', { reason: '等配件', more: { n: 2, unit: 'work-day' } }).what).toBe('申请延期 2 工作日');
    expect(say('incident.rated', { solved: true, satisfaction: 'satisfied' }).what).toBe('评价：已解决 · 满意');
    expect(say('incident.agreed', { outcome: 'referred', organ: 'court' }).what).toBe('调解结果：移送 · 法院');
    expect(say('incident.warned', { clock: 'handle', share: 'warn' }).what).toBe('处置时限已用 75 %');
  });
  it('says of a button what it is, and of a measured value the limit beside it', () => {
    const alarm = 'u-1/sos';
    expect(say('alarm.raised', { alarm, value: 1, limit: 1 }).what).toBe('告警 按下');
    expect(say('alarm.cleared', { alarm, value: 0 }).what).toBe('告警恢复 未按');
    expect(say('alarm.raised', { alarm: 'nowhere/high', value: 12, limit: 10 }).what).toBe('告警 12，限值 10');
  });
  it('names its maker where it can', () => {
    const c = { t: t.zh!, world, language: 'zh' as const };
    expect([actorName(c, 'u-1'), actorName(c, 'gas'), actorName(c, 'import'), actorName(c, 'somebody')]).toEqual([
      '周敏',
      '燃气公司',
      '历史导入',
      'somebody',
    ]);
  });
});
