import type { CentreInput, Priority } from '../model/centre.ts';
import type { LimitUnit } from '../model/worktime.ts';

type CategoryInput = CentreInput['categories'][number];
type Department = NonNullable<CentreInput['departments']>[number];

const department = (code: string, zh: string, en: string): Department => ({ code, name: { zh, en } });

/** 职能部门 the street dispatches to and whistles for. */
export const departments: Department[] = [
  department('fire-rescue', '消防救援站', 'Fire and rescue station'),
  department('emergency', '街道应急办', 'Emergency office'),
  department('gas', '燃气公司', 'Gas company'),
  department('market', '市场监管所', 'Market supervision'),
  department('law', '综合执法队', 'Law enforcement team'),
  department('police', '派出所', 'Police station'),
  department('justice', '司法所', 'Judicial office'),
  department('mediation', '综治中心', 'Mediation centre'),
  department('housing', '住建办', 'Housing and construction'),
  department('sanitation', '环卫所', 'Sanitation'),
  department('power', '供电所', 'Power supply'),
  department('water', '水务站', 'Water supply and drainage'),
  department('lighting', '照明管护', 'Street lighting'),
  department('ecology', '生态环境站', 'Environment'),
  department('civil', '民政办', 'Civil affairs'),
];

type Time = readonly [n: number, unit: LimitUnit];
type Group = '综治' | '城管' | '安全' | '民生';
type National = CategoryInput['national'];
const matter = (code: string, cls: string): National => ({ kind: 'matter', code, class: cls });

/**
 * The desk is staffed round the clock, so filing and dispatch are counted in 紧急工作时 whatever the matter: together 10 minutes for
 * P1 and P2, 30 for the others.
 */
function category(
  code: string,
  zh: string,
  en: string,
  priority: Priority,
  [n, unit]: Time,
  responsible: string,
  group: Group,
  more: Pick<CategoryInput, 'flow' | 'national' | 'near'> = {},
): CategoryInput {
  const minutes = (m: number) => ({ n: m / 60, unit: 'urgent-hour' as const });
  const file = minutes(priority <= 2 ? 3 : 15);
  const dispatch = minutes(priority <= 2 ? 7 : 15);
  return {
    code,
    name: { zh, en },
    priority,
    limits: { file, dispatch, handle: { n, unit }, handleFrom: 'report' },
    department: responsible,
    group,
    ...more,
  };
}
const cityScape = '市容环境类';

/**
 * Matters of a street and the time to handle each. What endangers or keeps people awake is counted round the clock (紧急工作时): a cover
 * off its hole or a building site at night does not wait for the office to open. The rest is counted in office time.
 */
export const categories: CategoryInput[] = [
  category('gas-over', '可燃气体超限', 'Combustible gas over limit', 1, [0.5, 'urgent-hour'], 'gas', '安全'),
  category('lift-trapped', '电梯困人', 'Trapped in a lift', 2, [0.5, 'urgent-hour'], 'fire-rescue', '安全'),
  category('fire-alarm', '疑似火情', 'Suspected fire', 1, [0.5, 'urgent-hour'], 'fire-rescue', '安全'),
  category('sos', '紧急呼救', 'Call for help', 1, [0.5, 'urgent-hour'], 'civil', '民生'),
  category('fire-lane', '消防通道占用', 'Fire lane blocked', 2, [2, 'urgent-hour'], 'fire-rescue', '安全'),
  category('dispute', '邻里纠纷', 'Dispute between neighbours', 2, [2, 'urgent-hour'], 'mediation', '综治', { flow: 'dispute' }),
  category('manhole', '井盖位移', 'Manhole cover displaced', 3, [4, 'urgent-hour'], 'water', '安全', {
    national: matter('01002', '市政公用设施类'),
  }),
  category('ebike-charging', '电动车飞线充电', 'E-bike charged by a hanging cable', 3, [4, 'work-hour'], 'emergency', '安全', {
    near: 'charging-shed',
  }),
  category('noise', '施工噪声', 'Construction noise', 3, [4, 'urgent-hour'], 'ecology', '城管'),
  category('corridor', '楼道堆物', 'Clutter in a stairwell', 3, [4, 'work-hour'], 'emergency', '安全'),
  category('rubbish', '垃圾堆放', 'Rubbish dumped', 3, [4, 'work-hour'], 'sanitation', '城管', { national: matter('06010', cityScape) }),
  category('fumes', '油烟扰民', 'Cooking fumes', 3, [4, 'work-hour'], 'ecology', '城管', { national: matter('06027', cityScape) }),
  category('order', '市容秩序', 'Street order', 3, [4, 'work-hour'], 'law', '城管'),
  category('leak', '管道漏水', 'Leaking pipe', 3, [8, 'work-hour'], 'water', '民生'),
  category('signboard', '违规广告牌', 'Illegal signboard', 4, [2, 'work-day'], 'law', '城管', {
    national: matter('03006', '市容环卫设施类'),
  }),
  category('road', '路面破损', 'Damaged road surface', 4, [3, 'work-day'], 'housing', '民生', { national: matter('06013', cityScape) }),
  category('bikes', '非机动车乱停', 'Bicycles parked in disorder', 4, [8, 'work-hour'], 'law', '城管', { near: 'parking' }),
  category('lamp', '路灯不亮', 'Street lamp out', 4, [1, 'work-day'], 'lighting', '民生', {
    national: matter('01037', '市政公用设施类'),
  }),
  category('gas-hazard', '用气隐患', 'Gas hazard', 2, [4, 'urgent-hour'], 'gas', '安全'),
  category('care-need', '走访诉求', 'Need found on a visit', 3, [8, 'work-hour'], 'civil', '民生'),
  category('care-late', '走访逾期', 'Visit overdue', 4, [1, 'work-day'], 'civil', '民生'),
  category('other', '其他', 'Other', 3, [8, 'work-hour'], 'civil', '民生'),
];
