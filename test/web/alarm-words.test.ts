import i18next, { type TFunction } from 'i18next';
import { beforeAll, describe, expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { zh } from '../../web/i18n/zh.ts';
import { type AlarmContext, alarmFigure, causeText, figureText, hiddenCounts, ruleText } from '../../web/panels/alarm-words.ts';
import { logText } from '../../web/panels/dossier/log-text.ts';
import { aKind, alarmWorld, anAlarm, aRule, aSensor } from '../support/alarm.ts';

const lift = aKind('lift', {
  unit: '',
  states: [
    { value: 0, name: { zh: '运行', en: 'running' } },
    { value: 1, name: { zh: '困人', en: 'trapped' } },
  ],
});
const kinds = [aKind('gas', { unit: '%LEL' }), lift];
const rules = [
  aRule('gas', 'high', { test: { is: 'high', limit: 10, deadband: 1 }, onDelayS: 30, latch: true }),
  aRule('gas', 'rise', { test: { is: 'rate', limit: 2, windowS: 300, direction: 'rising' } }),
  aRule('gas', 'silent', { test: { is: 'no-data', intervals: 5 } }),
  aRule('lift', 'trap', { test: { is: 'state', values: [1] } }),
  aRule('gas', 'pair', {
    test: { is: 'both', here: { is: 'high', limit: 5, deadband: 0 }, kind: 'lift', there: { is: 'state', values: [1] } },
  }),
];
const world = alarmWorld({ kinds, rules, sensors: [aSensor('g', 'gas'), aSensor('l', 'lift')] });
let t: TFunction<'wall'>;
beforeAll(async () => {
  const one = i18next.createInstance();
  await one.init({ lng: 'zh', defaultNS: 'wall', resources: { zh: { wall: zh } }, interpolation: { escapeValue: false } });
  t = one.getFixedT('zh', 'wall') as unknown as TFunction<'wall'>;
});
const c = (): AlarmContext => ({ t, world, language: 'zh' });
const figure = (sensor: string, rule: string, value: number, now = 0, heardAt = 0) =>
  figureText(alarmFigure(c(), anAlarm({ sensor, rule, value, first: { value, at: epochMs(60_000) } }), now, heardAt));

describe('the figure of an alarm', () => {
  it('has the unit that fits its rule: the value, a minute, the name of the state', () => {
    expect(figure('g', 'high', 18)).toBe('18 %LEL');
    expect(figure('g', 'rise', 2.5)).toBe('2.5 %LEL/分');
    expect(figure('g', 'pair', 6)).toBe('6 %LEL');
    expect(figure('l', 'trap', 1)).toBe('困人');
  });
  it('says for how long a silent one has said nothing, counted from when it was last heard', () => {
    expect(figure('g', 'silent', 5, 60_000 + 12 * 60_000)).toBe('12 分无数据');
    expect(figure('g', 'silent', 5, 60_000 + 12 * 60_000, 60_000 + 9 * 60_000)).toBe('3 分无数据');
  });
  it('is the bare value where the rule or the sensor is no longer known', () => {
    expect(figure('gone', 'high', 3)).toBe('3');
  });
});

describe('a rule in one line', () => {
  it('says limit, deadband, delay and latch with their units', () => {
    expect(ruleText(c(), rules[0]!)).toBe('≥ 10 %LEL · 回差 1 %LEL · 持续 30 s 后报警 · 锁存');
    expect(ruleText(c(), rules[1]!)).toBe('上升 ≥ 2 %LEL/分');
    expect(ruleText(c(), rules[2]!)).toBe('静默 ≥ 5 个周期');
    expect(ruleText(c(), rules[3]!)).toBe('= 困人');
    expect(ruleText(c(), rules[4]!)).toBe('≥ 5 %LEL 且 lift计 = 困人');
  });
});

describe('words of groups and of the record', () => {
  it('name the cause: the cut, the device, the rule', () => {
    const members = [anAlarm({ sensor: 'g', rule: 'silent' })];
    expect(causeText(c(), { is: 'silence' }, members)).toBe('断联');
    expect(causeText(c(), { is: 'device', device: 'd' }, members)).toBe('g 号 同一设备');
    expect(causeText(c(), { is: 'rule', kind: 'gas', rule: 'silent' }, members)).toBe('gas silent');
  });
  it('count what is hidden by name, and say nothing where nothing is', () => {
    const shelf = { kind: 'timed', until: epochMs(9), reason: '检修', by: 'op' } as const;
    expect(hiddenCounts([anAlarm(), anAlarm({ shelf }), anAlarm({ shelf })])).toEqual([{ state: 'shelved', n: 2 }]);
    expect(hiddenCounts([anAlarm()])).toEqual([]);
  });
  it('say a shelf’s end and reason, and a rate in its unit', () => {
    const row = (kind: string, body: object) =>
      logText({ t, world, language: 'zh', time: () => '14:05' }, { kind, body: { alarm: 'g/rise', ...body }, at: epochMs(0) } as never);
    expect(row('alarm.shelved', { shelf: { kind: 'timed', until: 1, reason: '检修', by: 'op' } })).toEqual({
      what: '搁置告警，至 14:05',
      said: '检修',
    });
    expect(row('alarm.raised', { sensor: 'g', value: 3, limit: 2 }).what).toBe('告警 3 %LEL/分，限值 2 %LEL/分');
  });
});
