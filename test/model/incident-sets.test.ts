import { describe, expect, test } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import type { Incident, IncidentMark, IncidentState } from '../../model/incident.ts';
import { factsOf } from '../../model/incident-facts.ts';
import { staysOf } from '../../model/incident-history.ts';
import { kpiFigures, kpiIds, REPEAT_WITHIN_MS, type Reported, repeats, type Tally } from '../../model/incident-kpi.ts';
import { type IncidentSet, incidentSetNames, inSet } from '../../model/incident-sets.ts';
import { anIncident } from '../support/incident.ts';

const DUE = 1000;
const mark = (step: IncidentMark['step'], state: IncidentState, at: number, more: Partial<IncidentMark> = {}): IncidentMark => ({
  step,
  state,
  at: epochMs(at),
  actor: 'a',
  ...more,
});
const begun = [mark('report', 'reported', 0), mark('file', 'filed', 10), mark('dispatch', 'dispatched', 20, { unit: 'u-1' })];
const handled = (at: number) => [...begun, mark('accept', 'accepted', 30), mark('handle', 'handled', at)];
const closed = (at: number) => [...handled(at), mark('verify', 'verified', at + 1), mark('close', 'closed', at + 2)];
const incident = (marks: IncidentMark[], more: Partial<Incident> = {}) => {
  const state = marks.at(-1)!.state;
  const ended = ['closed', 'declined', 'void', 'merged'].includes(state) ? marks.at(-1)!.at : null;
  return anIncident({ deadline: epochMs(DUE), at: epochMs(0), reportedAt: epochMs(0), marks, state, closedAt: ended, ...more });
};
/** Which of these sets it is in at a moment. */
const among = (i: Incident, now: number, ...sets: IncidentSet[]) => sets.filter((s) => inSet(s, { ...factsOf(i), repeatOf: null }, now));

describe('what counts as to be closed, closed in time, overdue', () => {
  const sets = ['to-close', 'closed', 'closed-in-time', 'overdue', 'overdue-open'] as const;
  test.each<[string, Incident, number, IncidentSet[]]>([
    ['open, its time not run out', incident(begun), DUE - 1, []],
    ['open at the deadline: to be closed, not late yet', incident(begun), DUE, ['to-close']],
    ['open past the deadline', incident(begun), DUE + 1, ['to-close', 'overdue', 'overdue-open']],
    ['handled in time, not closed yet', incident(handled(900)), DUE + 500, ['to-close']],
    ['handled late', incident(handled(1100)), DUE + 500, ['to-close', 'overdue', 'overdue-open']],
    ['closed, handled in time, before the deadline', incident(closed(500)), 600, ['to-close', 'closed', 'closed-in-time']],
    ['closed after the deadline, but handled in time', incident(closed(999)), 5000, ['to-close', 'closed', 'closed-in-time']],
    ['closed, handled late', incident(closed(1001)), 5000, ['to-close', 'closed', 'overdue']],
    ['closed without a limit', incident(closed(9000), { deadline: null }), 9999, ['to-close', 'closed', 'closed-in-time']],
    ['suspended before the deadline', incident([...begun, mark('suspend', 'suspended', 50)], { pausedAt: epochMs(50) }), 5000, []],
    [
      'suspended when it was late already',
      incident([...begun, mark('suspend', 'suspended', 1200)], { pausedAt: epochMs(1200) }),
      5000,
      ['to-close', 'overdue', 'overdue-open'],
    ],
    ['voided in time', incident([...begun, mark('void', 'void', 60)]), 5000, []],
    ['never filed', incident([mark('report', 'reported', 0)]), 900, []],
  ])('%s', (_, i, now, expected) => expect(among(i, now, ...sets)).toEqual(expected));
});

test('filing and dispatching are held to their own clocks, the first time they happen', () => {
  const clock = (due: number) => ({ due: epochMs(due) }) as Incident['clocks']['file'];
  const sets = ['to-file', 'filed', 'filed-in-time', 'filed-rightly', 'to-dispatch', 'dispatched', 'dispatched-in-time'] as const;
  const clocks = (file: number, dispatch: number) => ({ clocks: { file: clock(file), dispatch: clock(dispatch), handle: null } });
  expect(among(incident(begun, clocks(10, 20)), 99, ...sets)).toEqual([...sets]);
  expect(among(incident(begun, clocks(9, 19)), 99, ...sets)).toEqual(['to-file', 'filed', 'filed-rightly', 'to-dispatch', 'dispatched']);
  const voided = incident([...begun.slice(0, 2), mark('void', 'void', 15)]);
  expect(among(voided, 99, ...sets)).toEqual(['to-file', 'filed', 'filed-in-time']);
  expect(among(incident([...begun.slice(0, 1), mark('merge', 'merged', 5)]), 99, ...sets)).toEqual([]);
  expect(among(incident([...begun.slice(0, 1), mark('decline', 'declined', 5)]), 99, ...sets)).toEqual(['to-file']);
});

test('a whistle is in time only when every department called reported in by the deadline', () => {
  const call = (arrivedAt: number | null) => ({ department: 'd', answeredAt: null, arrivedAt, urgedAt: [], rating: null });
  const whistle = (...arrived: (number | null)[]) =>
    incident(begun, {
      whistles: [
        { no: 1, kind: 'daily', grounds: 'joint', text: '', by: 'a', at: 0, due: 100, calls: arrived.map(call), releasedAt: null },
      ],
    } as unknown as Partial<Incident>);
  const sets = ['whistled', 'whistle-arrived', 'whistle-in-time'] as const;
  expect(among(whistle(50, 100), 200, ...sets)).toEqual([...sets]);
  expect(among(whistle(50, 101), 200, ...sets)).toEqual(['whistled', 'whistle-arrived']);
  expect(among(whistle(null), 50, ...sets)).toEqual(['whistled']);
  expect(among(incident(begun), 50, ...sets)).toEqual([]);
});

test('a trace is complete with place, source, somebody who dealt with it, and a result', () => {
  const whole = { area: '510107062' as never, unit: 'u-1' };
  expect(among(incident(closed(500), whole), 9999, 'traced')).toEqual(['traced']);
  for (const gap of [{ area: null }, { unit: null }, { source: 'other' as const }])
    expect(among(incident(closed(500), { ...whole, ...gap }), 9999, 'traced')).toEqual([]);
  expect(among(incident(handled(500), whole), 9999, 'traced')).toEqual([]);
});

test('a complaint is repeated by the same caller or ticket, in one category, within thirty days', () => {
  const said = (more: Partial<Reported>): Reported => ({
    ...{ id: 'a', category: 'noise', source: 'hotline', reporter: 'p-1', ref: '', reportedAt: 0 },
    ...more,
  });
  const first = said({});
  const again = (more: Partial<Reported>, into: Reported | null = null) =>
    repeats(said({ id: 'b', reportedAt: 5, ...more }), [first], into);
  expect(again({})).toBe('a');
  expect(again({ reportedAt: REPEAT_WITHIN_MS })).toBe('a');
  expect(again({ reportedAt: REPEAT_WITHIN_MS + 1 })).toBeNull();
  expect(again({ category: 'parking' })).toBeNull();
  expect(again({ reporter: 'p-2' })).toBeNull();
  expect(repeats(said({ id: 'b', reporter: null }), [said({ reporter: null })], null)).toBeNull();
  const ticket = said({ reporter: null, ref: 'T-1' });
  expect(repeats({ ...ticket, id: 'b' }, [ticket], null)).toBe('a');
  expect(repeats({ ...ticket, id: 'b', source: 'resident' }, [ticket], null)).toBeNull();
  expect(again({ reporter: null }, said({ id: 'c' }))).toBe('c');
});

test('a stay lasts until the state changes, knows who had it, and the last one goes on', () => {
  const marks = [
    ...begun,
    mark('escalate', 'dispatched', 25),
    mark('return', 'filed', 40),
    mark('dispatch', 'dispatched', 60, { department: 'urban' }),
  ];
  expect(staysOf(incident(marks, { department: 'urban' }))).toEqual([
    { state: 'reported', from: 0, to: 10, department: 'urban', unit: null },
    { state: 'filed', from: 10, to: 20, department: 'urban', unit: null },
    { state: 'dispatched', from: 20, to: 40, department: 'urban', unit: 'u-1' },
    { state: 'filed', from: 40, to: 60, department: 'urban', unit: null },
    { state: 'dispatched', from: 60, to: null, department: 'urban', unit: null },
  ]);
  expect(staysOf(incident(closed(500))).at(-1)).toMatchObject({ state: 'verified', to: 502 });
});

test('every figure says its formula in two languages, and nothing to count is not zero', () => {
  const none = { n: 0, medianMs: null, p90Ms: null };
  const times = { detect: none, trace: none, respond: none, fix: none, 'whistle-answer': none, 'whistle-arrival': none };
  const empty: Tally = { sets: Object.fromEntries(incidentSetNames.map((s) => [s, 0])) as Tally['sets'], times };
  const figures = kpiFigures(empty, {});
  expect(figures.map((f) => f.id)).toEqual(kpiIds);
  for (const f of figures) {
    expect([f.id, f.value]).toEqual([f.id, null]);
    expect(f.formula.zh).toMatch(/\p{Script=Han}/u);
    expect(f.formula.en).not.toMatch(/\p{Script=Han}/u);
  }
});
