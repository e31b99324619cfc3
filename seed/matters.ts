import type { IncidentSource } from '../model/incident.ts';
import type { UnitRole } from '../model/ledger.ts';
import type { DemoUnit } from './people.ts';
import { between, pick, type Rng, weighted } from './rng.ts';
import { contains, type Pt, toLngLat } from './street/plane.ts';
import type { Court, Street } from './street/street.ts';

/** How often each matter comes up, who brings it, what it is called. */
export interface Matter {
  readonly category: string;
  readonly weight: number;
  readonly sources: readonly (readonly [IncidentSource, number])[];
  readonly titles: readonly string[];
  readonly roles: readonly UnitRole[];
}
const people: Matter['sources'] = [
  ['patrol', 4],
  ['worker', 1],
  ['resident', 4],
  ['hotline', 2],
  ['street-line', 1.5],
];
const seen: Matter['sources'] = [
  ['patrol', 5.5],
  ['worker', 1.5],
  ['resident', 2],
  ['camera', 2],
];

export const matters: readonly Matter[] = [
  { category: 'order', weight: 24, sources: seen, titles: ['占道经营', '店外摆放', '流动摊贩聚集', '沿街晾晒'], roles: ['urban'] },
  {
    category: 'ebike-charging',
    weight: 17,
    sources: [
      ['patrol', 6],
      ['resident', 2],
      ['sensor', 2],
    ],
    titles: ['电动车飞线充电', '楼道内充电'],
    roles: ['grid', 'fire'],
  },
  { category: 'rubbish', weight: 14, sources: seen, titles: ['垃圾堆放', '建筑垃圾未清运', '箱房满溢'], roles: ['grid', 'urban'] },
  { category: 'dispute', weight: 11, sources: people, titles: ['邻里纠纷', '噪声引发争执', '漏水引发纠纷'], roles: ['police', 'grid'] },
  {
    category: 'noise',
    weight: 9,
    sources: [
      ['resident', 4],
      ['hotline', 3.5],
      ['street-line', 1.5],
      ['sensor', 2],
    ],
    titles: ['夜间施工噪声', '装修噪声', '广场音响扰民'],
    roles: ['urban', 'grid'],
  },
  {
    category: 'corridor',
    weight: 9,
    sources: [
      ['patrol', 8],
      ['resident', 2],
    ],
    titles: ['楼道堆物', '消防门前堆物'],
    roles: ['grid', 'volunteer'],
  },
  { category: 'bikes', weight: 9, sources: seen, titles: ['非机动车乱停', '共享单车淤积'], roles: ['urban', 'volunteer'] },
  {
    category: 'fire-lane',
    weight: 8,
    sources: [
      ['patrol', 5],
      ['resident', 2],
      ['camera', 3],
    ],
    titles: ['消防通道占用', '登高场地停车'],
    roles: ['fire', 'police'],
  },
  {
    category: 'fumes',
    weight: 7,
    sources: [
      ['resident', 4],
      ['hotline', 4.5],
      ['street-line', 1.5],
    ],
    titles: ['油烟扰民', '餐饮油烟直排'],
    roles: ['urban'],
  },
  { category: 'leak', weight: 6, sources: people, titles: ['管道漏水', '化粪池外溢', '屋顶渗漏'], roles: ['grid'] },
  { category: 'signboard', weight: 6, sources: seen, titles: ['违规广告牌', '店招松动'], roles: ['urban'] },
  { category: 'road', weight: 6, sources: people, titles: ['路面破损', '人行道砖松动'], roles: ['urban', 'grid'] },
  {
    category: 'lamp',
    weight: 4,
    sources: [
      ['patrol', 4],
      ['hotline', 3],
      ['sensor', 4],
    ],
    titles: ['路灯不亮', '庭院灯损坏'],
    roles: ['grid'],
  },
  {
    category: 'manhole',
    weight: 4,
    sources: [
      ['sensor', 6],
      ['patrol', 4],
    ],
    titles: ['井盖位移', '井盖破损'],
    roles: ['urban', 'grid'],
  },
  {
    category: 'lift-trapped',
    weight: 2,
    sources: [
      ['hotline', 4],
      ['resident', 3],
    ],
    titles: ['电梯困人'],
    roles: ['fire', 'grid'],
  },
  // these are made by alarms (alarm-rules.ts), nobody reports them
  { category: 'gas-over', weight: 0, sources: [['sensor', 1]], titles: ['可燃气体超限'], roles: ['fire'] },
  { category: 'fire-alarm', weight: 0, sources: [['sensor', 1]], titles: ['疑似火情'], roles: ['fire'] },
  { category: 'sos', weight: 0, sources: [['sensor', 1]], titles: ['紧急呼救'], roles: ['medical', 'grid', 'volunteer'] },
  // and these of visits to people (care-kinds.ts)
  { category: 'gas-hazard', weight: 0, sources: [['worker', 1]], titles: ['用气隐患'], roles: ['grid', 'fire'] },
  { category: 'care-need', weight: 0, sources: [['worker', 1]], titles: ['走访诉求'], roles: ['grid', 'medical', 'volunteer'] },
  { category: 'care-late', weight: 0, sources: [['patrol', 1]], titles: ['走访逾期'], roles: ['grid', 'volunteer'] },
  { category: 'other', weight: 4, sources: people, titles: ['居民求助', '流浪犬只', '高空抛物线索'], roles: ['grid', 'volunteer'] },
];

export const matterOf = (category: string): Matter => matters.find((m) => m.category === category) ?? matters.at(-1)!;
export const drawMatter = (r: Rng): Matter =>
  weighted(
    r,
    matters.map((m) => [m, m.weight] as const),
  );

/** Incidents by hour of the day, relative: quiet nights, a morning and an afternoon rise, an evening shoulder. */
export const rhythm = [1.2, 0.8, 0.6, 0.5, 0.6, 1.2, 3, 5.2, 8.6, 10.5, 11, 9.4, 6.6, 7.2, 9.6, 10.2, 9.2, 8, 7.2, 6.8, 6, 4.8, 3.2, 2];
export const rhythmSum = rhythm.reduce((s, x) => s + x, 0);

/** Share of a community's matters, for its size and its troubles. */
export const communityShare: Readonly<Record<string, number>> = {
  '510107062001': 24,
  '510107062003': 14,
  '510107062004': 20,
  '510107062005': 11,
  '510107062006': 13,
  '510107062007': 10,
  '510107062008': 9,
};
/** Monthly share handled in time that the communities work at. */
export const onTimeShare: Readonly<Record<string, number>> = {
  '510107062001': 0.905,
  '510107062003': 0.952,
  '510107062004': 0.923,
  '510107062005': 0.976,
  '510107062006': 0.941,
  '510107062007': 0.964,
  '510107062008': 0.981,
};

/** A court of a community, busier ones with more households more often. */
export function drawCourt(street: Street, community: string, r: Rng): Court {
  const courts = street.courts.filter((c) => c.community === community);
  return weighted(
    r,
    courts.map((c) => [c, 8 + c.houses.reduce((s, h) => s + h.households, 0)] as const),
  );
}

/** A point on the ground of a court. */
export function drawPlace(court: Court, r: Rng): readonly [number, number] {
  for (let k = 0; k < 8; k++) {
    const p: Pt = [court.heart[0] + between(r, -32, 32), court.heart[1] + between(r, -32, 32)];
    if (court.kerb.length > 2 && contains(court.kerb, p)) return toLngLat(p);
  }
  return toLngLat(court.heart);
}

/** Someone of the right trade, of the same community where there is one. */
export function drawUnit(units: readonly DemoUnit[], matter: Matter, community: string, r: Rng): DemoUnit {
  const trade = units.filter((u) => matter.roles.includes(u.role));
  const near = trade.filter((u) => u.area.startsWith(community));
  return pick(r, near.length ? near : trade.length ? trade : units);
}
