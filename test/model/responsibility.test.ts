import { describe, expect, it } from 'vitest';
import { areaCode } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import type { Fact } from '../../model/ledger.ts';
import { whoAnswers } from '../../model/responsibility.ts';
import { emptyWorld } from '../../model/world.ts';
import { chain, setUp } from '../support/facts.ts';

const [street, community, grid, micro] = ['510107062', '510107062007', '510107062007001', '510107062007001001'].map(areaCode) as never as [
  ReturnType<typeof areaCode>,
  ReturnType<typeof areaCode>,
  ReturnType<typeof areaCode>,
  ReturnType<typeof areaCode>,
];
const duties = [
  { area: community, post: 'lawyer', person: 'p-5' },
  { area: community, post: 'leader-community', person: 'p-6' },
  { area: community, post: 'night-watch', person: 'p-7' },
  { area: community, post: 'community-lead', person: 'p-4' },
  { area: grid, post: 'department-grid', person: 'p-3' },
  { area: grid, post: 'grid-worker', person: 'p-2' },
  { area: micro, post: 'member-building', person: 'p-1' },
  { area: areaCode('510107062008'), post: 'police', person: 'p-9' },
];
const world = fold(
  emptyWorld,
  chain([...setUp, { kind: 'duties.assigned', body: { duties } } as Fact].map((fact) => ({ fact, at: 1000 }))),
);

describe('who answers for a place', () => {
  it('is told from the leaf up to the street, 三包 at its three scales, and what nobody holds', () => {
    const { path, answers, vacant } = whoAnswers(world, micro);
    expect(path.map((a) => a.code)).toEqual([street, community, grid, micro]);
    expect(answers.map((a) => [a.level, a.post, a.person])).toEqual([
      ['micro', 'member-building', 'p-1'],
      ['grid', 'grid-worker', 'p-2'],
      ['grid', 'department-grid', 'p-3'],
      ['community', 'community-lead', 'p-4'],
      ['community', 'leader-community', 'p-6'],
      ['community', 'lawyer', 'p-5'],
      ['community', 'night-watch', 'p-7'],
    ]);
    expect(vacant).toEqual([{ post: 'micro-worker', area: micro, level: 'micro' }]);
  });

  it('a dedicated grid has its own grid worker, or says that it has none', () => {
    expect(whoAnswers(world, areaCode('510107062007901')).vacant).toEqual([
      { post: 'grid-worker', area: '510107062007901', level: 'dedicated' },
    ]);
  });

  it('the department is that of the category; outside every area only it answers', () => {
    expect(whoAnswers(world, micro, 'quarrel').department?.code).toBe('justice');
    expect(whoAnswers(world, micro, 'parking').department).toBeNull();
    expect(whoAnswers(world, micro).department).toBeNull();
    expect(whoAnswers(world, null, 'quarrel')).toEqual({
      path: [],
      answers: [],
      vacant: [],
      department: whoAnswers(world, micro, 'quarrel').department,
    });
  });

  it('a new holder is told at once', () => {
    const after = fold(world, [
      {
        ...chain([{ fact: { kind: 'duties.assigned', body: { duties: [{ ...duties[5]!, person: 'p-new' }] } }, at: 2000 }])[0]!,
        seq: world.seq + 1,
      } as never,
    ]);
    expect(whoAnswers(after, micro).answers.find((a) => a.post === 'grid-worker')?.person).toBe('p-new');
    expect(whoAnswers(world, micro).answers.find((a) => a.post === 'grid-worker')?.person).toBe('p-2');
  });
});
