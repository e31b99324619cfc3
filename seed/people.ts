import { shortName } from '../model/area.ts';
import type { UnitRole } from '../model/ledger.ts';
import { shiftOf } from './patrol.ts';
import { pick, type Rng, rngFor } from './rng.ts';
import { communities } from './street/plan.ts';
import type { Street } from './street/street.ts';

export interface DemoPerson {
  readonly id: string;
  readonly name: string;
  readonly tel: string;
}
export interface DemoUnit {
  readonly id: string;
  readonly name: string;
  readonly role: UnitRole;
  readonly area: string;
  readonly person: string;
  readonly team: string;
  readonly shift?: string;
}
export interface DemoDuty {
  readonly area: string;
  readonly post: string;
  readonly person: string;
}

const surnames = [
  ...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁任沈姚卢姜崔钟谭陆汪范廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤',
];
const given = [
  ...'建国敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅鹏飞雪莉丹辉波宁婷玲斌凯欣怡佳宇浩然子涵梓晨思琪雨桐文博志远海燕晓东春梅永福德云淑芬国庆小琴',
];

/** Invented names; the telephone numbers lie in the range 1400000xxxx, which no operator assigns. */
export function person(id: string, r: Rng, n: number): DemoPerson {
  const name = pick(r, surnames) + pick(r, given) + (r() < 0.72 ? pick(r, given) : '');
  return { id, name, tel: `1400000${String(1000 + ((n * 37) % 9000)).padStart(4, '0')}` };
}

const roleNames: Record<UnitRole, string> = {
  grid: '网格',
  police: '警务',
  urban: '执法',
  fire: '消防',
  volunteer: '志愿',
  medical: '医护',
};
/** 48 in all */
const strength: readonly (readonly [UnitRole, number])[] = [
  ['grid', 24],
  ['police', 6],
  ['urban', 7],
  ['fire', 4],
  ['volunteer', 5],
  ['medical', 2],
];

/** 班组: grid workers and volunteers by community, the others by trade. */
function teamOf(role: UnitRole, area: string): string {
  const community = communities.find((c) => area.startsWith(c.code));
  return (role === 'grid' || role === 'volunteer') && community ? `${shortName(community.name)}组` : `${roleNames[role]}组`;
}

export interface Staff {
  readonly units: readonly DemoUnit[];
  readonly duties: readonly DemoDuty[];
  readonly people: readonly DemoPerson[];
}

/** Residents who call and write, known to the vault only. Invented like everyone here. */
export function callers(street: Street, count = 2400): DemoPerson[] {
  const r = rngFor(street.seed, 'callers');
  return Array.from({ length: count }, (_, i) => person(`c-${String(i + 1).padStart(4, '0')}`, r, 5000 + i));
}

/** People living alone whom buttons and sensors look after; known to the vault only. */
export function elders(street: Street, count = 60): DemoPerson[] {
  const r = rngFor(street.seed, 'elders');
  return Array.from({ length: count }, (_, i) => person(`e-${String(i + 1).padStart(4, '0')}`, r, 8000 + i));
}

/** Part of the force that is off duty on any day of the demonstration. */
const OFF_DUTY = 0.1;
/** Who is on duty: the same for the history, the day that is played, and every start. */
export function onDutyOf<U>(units: readonly U[], seed = 1): U[] {
  const r = rngFor(seed, 'duty');
  return units.filter(() => r() >= OFF_DUTY);
}

/** @param count how many units patrol: 48 for the demonstration, any number for a load test */
export function staff(street: Street, count = 48): Staff {
  const r = rngFor(street.seed, 'staff');
  const people: DemoPerson[] = [];
  const hire = () => {
    const p = person(`p-${String(people.length + 1).padStart(4, '0')}`, r, people.length + 1);
    people.push(p);
    return p.id;
  };
  const roles = strength.flatMap(([role, n]) => Array.from({ length: n }, () => role));
  const units: DemoUnit[] = [];
  const served = new Map<UnitRole, number>();
  const grids = street.areas.filter((a) => a.level === 'grid');
  for (let i = 0; i < count; i++) {
    const role = roles[i % roles.length]!;
    const n = (served.get(role) ?? 0) + 1;
    served.set(role, n);
    const home =
      role === 'grid'
        ? grids[Math.floor(((n - 1) * grids.length) / 24) % grids.length]!.code
        : communities[(n - 1) % communities.length]!.code;
    const id = hire();
    const called = role === 'grid' ? people.at(-1)!.name : `${roleNames[role]} ${String(n).padStart(2, '0')}`;
    units.push({
      id: `u-${String(i + 1).padStart(4, '0')}`,
      name: role === 'grid' ? `网格员 ${String(n).padStart(2, '0')}` : called,
      role,
      area: home,
      person: id,
      team: teamOf(role, home),
      ...shiftOf(role, n),
    });
  }
  const duties: DemoDuty[] = [];
  const duty = (area: string, post: string, who: string) => duties.push({ area, post, person: who });
  // shared by a community: one person answers for several places; 三包: a leader for each community, a department for each general
  // grid, a party member for each micro-grid
  for (const c of communities) {
    const posts = ['community-lead', 'police', 'fire', 'lawyer', 'doctor', 'leader-community'] as const;
    const holders = posts.map((post) => [post, hire()] as const);
    for (const [post, who] of holders) duty(c.code, post, who);
    for (const g of street.areas.filter((a) => a.level === 'grid' && a.parent === c.code)) {
      const worker = units.find((u) => u.area === g.code)?.person ?? hire();
      duty(g.code, 'grid-worker', worker);
      duty(g.code, 'department-grid', hire());
      for (const m of street.areas.filter((a) => a.parent === g.code)) {
        duty(m.code, 'micro-worker', hire());
        duty(m.code, 'member-building', hire());
      }
    }
    for (const d of street.areas.filter((a) => a.level === 'dedicated' && a.parent === c.code)) duty(d.code, 'grid-worker', hire());
  }
  return { units, duties, people };
}
