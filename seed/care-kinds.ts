import type { CentreInput } from '../model/centre.ts';

type Kind = NonNullable<CentreInput['careKinds']>[number];
type Result = Kind['results'][number];

const result = (code: string, zh: string, en: string): Result => ({ code, name: { zh, en } });
/** A finding that calls for attention: an incident of this category is registered with the visit. */
const bad = (code: string, zh: string, en: string, category: string): Result => ({ ...result(code, zh, en), bad: true, category });
const absent = result('absent', '未遇见', 'Not met');
const help = bad('help', '需帮扶', 'Needs help', 'care-need');

/** 五必访 and the visits for safety in the use of gas (用气安全), as the demonstration street makes them. */
export const careKinds: Kind[] = [
  {
    code: 'elderly',
    name: { zh: '独居老人', en: 'Elderly living alone' },
    everyDays: 7,
    graceDays: 0,
    category: 'care-late',
    results: [
      result('ok', '平安', 'Well'),
      help,
      bad('unwell', '身体不适', 'Unwell', 'care-need'),
      bad('absent', '未遇见', 'Not met', 'care-need'),
    ],
  },
  {
    code: 'hardship',
    name: { zh: '困难家庭', en: 'Family in hardship' },
    everyDays: 30,
    graceDays: 2,
    category: 'care-late',
    results: [result('ok', '情况平稳', 'Stable'), help, absent],
  },
  {
    code: 'disabled',
    name: { zh: '残疾人家庭', en: 'Disabled person at home' },
    everyDays: 15,
    graceDays: 1,
    category: 'care-late',
    results: [result('ok', '情况平稳', 'Stable'), help, absent],
  },
  {
    code: 'newcomer',
    name: { zh: '新入住户', en: 'New household' },
    everyDays: 30,
    graceDays: 3,
    category: 'care-late',
    results: [result('ok', '信息相符', 'As registered'), result('changed', '信息有变', 'Details changed'), absent],
  },
  {
    code: 'quarrel',
    name: { zh: '矛盾纠纷户', en: 'Household in a dispute' },
    everyDays: 10,
    graceDays: 0,
    category: 'care-late',
    results: [result('ok', '关系平稳', 'Calm'), bad('worse', '矛盾升级', 'Dispute worse', 'dispute'), absent],
  },
  {
    code: 'gas',
    name: { zh: '用气安全', en: 'Gas safety' },
    everyDays: 30,
    graceDays: 3,
    category: 'care-late',
    results: [
      result('ok', '无隐患', 'No hazard'),
      bad('hose', '软管老化', 'Hose worn', 'gas-hazard'),
      bad('valve', '缺自闭阀或报警器', 'Valve or detector missing', 'gas-hazard'),
      bad('smell', '疑似漏气', 'Smell of gas', 'gas-hazard'),
      result('absent', '未入户', 'Not let in'),
    ],
  },
];
