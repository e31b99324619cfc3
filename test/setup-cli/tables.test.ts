import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { zCentre } from '../../model/centre.ts';
import { workTime, zCalendar } from '../../model/worktime.ts';
import { calendarColumns, importCalendar } from '../../setup-cli/calendar.ts';
import { codeColumns, importCategories, limitColumns, readLimit } from '../../setup-cli/categories.ts';
import { readTable } from '../../setup-cli/table.ts';
import { fixtureCentre } from '../support/fixture-street.ts';

const centre = zCentre.parse({ ...fixtureCentre, departments: [{ code: 'water', name: { zh: '水务站', en: 'Water' } }] });
const codes = (text: string) => readTable(text, 'codes', codeColumns);
const header = 'kind\tclass_code\tclass_name\tcode\tname';
const done = (r: ReturnType<typeof importCategories>) => {
  if (!('categories' in r)) throw new Error(JSON.stringify(r));
  return r.categories;
};
const wrong = (r: ReturnType<typeof importCategories>) =>
  ('codes' in r ? [...r.codes, ...r.limits] : []).map((p) => `${p.line} ${p.field}`);

describe('codes of GB/T 47678.5', () => {
  it('become categories beside the own ones, the same digits of the two kinds apart', () => {
    const list = done(
      importCategories(centre, codes(`${header}\n管理部件\t01\t市政公用设施\t01001\t供水井盖\n管理事项\t01\t市容环境\t01001\t私搭乱建\n`)),
    );
    expect(list.map((c) => c.code)).toEqual(['manhole', 'gb-c-01001', 'gb-m-01001']);
    expect(list[0]).toEqual(centre.categories[0]);
    expect(list[1]).toEqual({
      code: 'gb-c-01001',
      name: { zh: '供水井盖', en: '供水井盖' },
      priority: 3,
      flow: 'ordinary',
      national: { kind: 'component', code: '01001', class: '市政公用设施' },
    });
  });
  it('bring limits, department and priority where columns say so, and keep what stands where they do not', () => {
    const wide = codes(
      'kind,class_name,code,name,name_en,priority,department,group,file,dispatch,handle,handle_from\n' +
        'component,公用设施,01002,"井盖,污水",Sewer cover,2,water,城管,10 紧急工作时,none,1.5 工作时,dispatch\n',
    );
    const first = done(importCategories(centre, wide));
    expect(first[1]).toMatchObject({
      name: { zh: '井盖,污水', en: 'Sewer cover' },
      priority: 2,
      department: 'water',
      group: '城管',
      limits: { file: { n: 10, unit: 'urgent-hour' }, dispatch: null, handle: { n: 1.5, unit: 'work-hour' }, handleFrom: 'dispatch' },
    });
    const again = done(importCategories({ ...centre, categories: first }, codes(`${header}\n管理部件\t01\t设施\t01002\t污水井盖\n`)));
    expect(again).toHaveLength(2);
    expect(again[1]).toMatchObject({ name: { zh: '污水井盖', en: 'Sewer cover' }, priority: 2, limits: first[1]!.limits });
    const limits = readTable('kind,code,handle\n管理部件,01002,3 工作日\n', 'limits', limitColumns);
    const third = done(importCategories({ ...centre, categories: again }, codes(`${header}\n管理事项\t01\t设施\t01002\t某事\n`), limits));
    expect(third.find((c) => c.code === 'gb-c-01002')?.limits).toEqual({ ...first[1]!.limits, handle: { n: 3, unit: 'work-day' } });
  });
  it('are refused with line and rule, every wrong line at once', () => {
    const bad = importCategories(
      centre,
      codes(
        'kind,class_name,code,name,priority,department,handle\n' +
          '管理部件,甲,01001,井盖,,,\n' +
          '部件,甲,01002,井盖,,,\n' +
          '管理部件,甲,1003,井盖,,,\n' +
          '管理部件,甲,01001,又一,,,\n' +
          '管理部件,甲,01004,,,,\n' +
          '管理部件,甲,01005,井盖,7,police,1.5 工作日\n',
      ),
    );
    expect(wrong(bad)).toEqual(['3 kind', '4 code', '5 code', '6 name', '7 priority', '7 department', '7 handle']);
    const limits = readTable('kind,code,handle\n管理部件,09999,3 工作日\n', 'limits', limitColumns);
    expect(wrong(importCategories(centre, codes(`${header}\n管理部件\t01\t甲\t01001\t井盖\n`), limits))).toEqual(['2 code']);
    expect(() => codes('kind\tcode\tname\n管理部件\t01001\t井盖\n')).toThrow('column class_name is missing');
    expect(() => codes(`${header}\n`)).toThrow('no rows');
    expect(() => codes(`${header}\n管理部件\t01\n`)).toThrow(/codes: .*line 2/);
  });

  const real = '../shared/data/gbt47678-5/codes.tsv';
  it.skipIf(!existsSync(real))(`as published (${real}): 153 components and 250 matters`, () => {
    const list = done(importCategories(centre, codes(readFileSync(real, 'utf8'))));
    const national = list.filter((c) => c.national);
    expect(national).toHaveLength(403);
    expect(national.filter((c) => c.national!.kind === 'component')).toHaveLength(153);
    const digits = new Set(national.map((c) => c.national!.code));
    expect(digits.size).toBeLessThan(403); // the key is kind and code together
    expect(new Set(list.map((c) => c.code)).size).toBe(404);
    expect(zCentre.safeParse({ ...centre, categories: list }).success).toBe(true);
  });
});

describe('a limit in words', () => {
  it.each([
    ['4 工作时', { n: 4, unit: 'work-hour' }],
    ['0.5紧急工作时', { n: 0.5, unit: 'urgent-hour' }],
    ['2 work-day', { n: 2, unit: 'work-day' }],
    ['无', null],
    ['none', null],
    ['', undefined],
  ])('%s', (text, limit) => {
    expect(readLimit(text)).toEqual(limit);
  });
  it.each(['4', '工作时', '4 小时', '1.5 工作日', '0 工作时', '-1 工作时', '4 constructor'])('%s is none', (text) => {
    expect(readLimit(text)).toEqual(expect.any(String));
  });
});

describe('a calendar', () => {
  const rows = (text: string) => readTable(`date,kind,name\n${text}`, 'calendar', calendarColumns);
  const before = zCalendar.parse({
    version: 'old',
    holidays: [{ date: '2024-10-01' }, { date: '2025-01-01' }],
    workdays: [{ date: '2025-04-27' }],
  });
  const made = (r: ReturnType<typeof importCalendar>) => {
    if (!('calendar' in r)) throw new Error(JSON.stringify(r));
    return r.calendar;
  };
  it('replaces the years it speaks of, keeps the others, and is a new version', () => {
    const c = made(importCalendar(before, rows('2025-10-01,放假,国庆节\n2025-10-11,调休,\n2025-09-28,workday,国庆节\n'), {}, '2026-11-22'));
    expect(c).toEqual({
      ...before,
      version: '2026-11-22',
      holidays: [{ date: '2024-10-01' }, { date: '2025-10-01', name: '国庆节' }],
      workdays: [{ date: '2025-09-28', name: '国庆节' }, { date: '2025-10-11' }],
    });
    expect([workTime(c, 480).isWorkday('2025-10-01'), workTime(c, 480).isWorkday('2025-10-11')]).toEqual([false, true]);
    const next = made(importCalendar(c, rows('2026-10-01,holiday,\n'), {}, '2026-11-22'));
    const third = made(importCalendar(next, rows('2026-10-01,holiday,\n'), {}, '2026-11-22'));
    expect([next.version, third.version]).toEqual(['2026-11-22-2', '2026-11-22-3']);
  });
  it('takes hours, weekend and its name from flags', () => {
    const flags = { hours: '08:30-12:00, 13:30-24:00', weekend: '0', version: '2027' };
    expect(made(importCalendar(before, rows('2027-01-01,holiday,元旦\n'), flags, 'x'))).toMatchObject({
      version: '2027',
      hours: [
        { from: '08:30', to: '12:00' },
        { from: '13:30', to: '24:00' },
      ],
      weekend: [0],
    });
    for (const bad of [{ hours: '9-12' }, { hours: '12:00-09:00' }, { weekend: '0,7' }, { weekend: 'sunday' }, { version: 'old' }])
      expect(() => importCalendar(before, rows('2027-01-01,holiday,\n'), bad, 'x')).toThrow(`--${Object.keys(bad)[0]}`);
  });
  it('names every wrong line', () => {
    const bad = importCalendar(before, rows('2026-02-30,holiday,\n2026-10-01,feast,\n2026-10-02,holiday,\n2026-10-02,workday,\n'), {}, 'x');
    expect('problems' in bad && bad.problems.map((p) => `${p.line} ${p.field}`)).toEqual(['2 date', '3 kind', '5 date']);
  });
});
