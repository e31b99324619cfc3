import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Centre, zCategory, zCentre } from '../../model/centre.ts';
import { masker } from '../../model/clip-mask.ts';
import { isAboutPeople, titleKept } from '../../model/clip-title.ts';
import { type IncidentSource, incidentSources } from '../../model/incident.ts';
import { centre as drawn } from '../support/facts.ts';

const name = (zh: string) => ({ zh, en: zh });
const category = (code: string, more: object = {}) => zCategory.parse({ code, name: name(code), priority: 3, ...more });
const centre: Centre = zCentre.parse({
  ...drawn,
  categories: [
    category('order'),
    category('dispute', { flow: 'dispute' }),
    category('missing', { people: true }),
    category('late'),
    category('need'),
  ],
  careKinds: [
    {
      code: 'alone',
      name: name('独居'),
      everyDays: 7,
      category: 'late',
      results: [{ code: 'bad', name: name('异常'), bad: true, category: 'need' }],
    },
  ],
});
const places = ['高升桥社区', '高升桥', '肖家河'];
const kept = (title: string, more: { category?: string; source?: IncidentSource; reporter?: string | null; names?: string[] } = {}) =>
  titleKept({ category: 'order', source: 'patrol', reporter: null, ...more, title }, centre, masker(more.names ?? []), places);

test('a title of the house or its staff stays where nothing in it looks like a person', () => {
  for (const title of [
    '占道经营',
    '高升桥社区路面破损',
    '肖家河正街 3 栋楼道堆物',
    '井盖位移 2 处',
    '夜间施工噪声',
    '箱房满溢',
    '可燃气体超限 正街 01-02',
    '登高场地停车',
  ])
    expect(kept(title)).toBe(title);
});

test('any sign of a person, a door, a car or an address, and the category is said instead', () => {
  for (const title of [
    '张婆婆家漏水',
    '王某与邻居争吵',
    '李建国家门口堆物',
    '业主赵明拒不配合',
    '老刘店外经营',
    '欧阳秀英反映噪声',
    '陈师傅维修占道',
    '违停：周强',
    '住户：吴小莉',
    '正街 3 栋 2 单元漏水',
    '3栋501渗漏',
    '1204 室渗漏',
    '川A·1B2C3停放消防通道',
    '联系微信 abc',
    'John Smith 店外摆放',
    '电话 139 1234 5678',
  ])
    expect([title, kept(title)]).toEqual([title, null]);
  expect(kept('阿不都家门口堆物')).not.toBeNull(); // what no list knows is not seen
  expect(kept('阿不都家门口堆物', { names: ['阿不都'] })).toBeNull(); // unless the vault does
});

test('the words of the public, of a call, and about people are never told, whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.constantFrom(...incidentSources), (title, source) => {
      if (!['sensor', 'camera', 'patrol', 'worker', 'operator'].includes(source)) expect(kept(title, { source })).toBeNull();
      expect(kept(title, { source, reporter: 'p-1' })).toBeNull();
      for (const code of ['dispute', 'missing', 'late', 'need']) expect(kept(title, { source, category: code })).toBeNull();
    }),
  );
  expect(centre.categories.filter((c) => isAboutPeople(centre, c)).map((c) => c.code)).toEqual(['dispute', 'missing', 'late', 'need']);
});
