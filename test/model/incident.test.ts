import { describe, expect, it } from 'vitest';
import {
  checkStep,
  endStates,
  type Incident,
  type IncidentMark,
  incidentStates,
  isOnTime,
  isOpen,
  nextStep,
  possibleSteps,
  remaining,
  transitions,
} from '../../model/incident.ts';
import { stepForms } from '../../model/incident-forms.ts';
import { entryKinds } from '../../model/ledger.ts';

const marked = (steps: [IncidentMark['step'], number][], more: Partial<Incident> = {}) =>
  ({
    deadline: 1000,
    pausedAt: null,
    closedAt: null,
    ...more,
    marks: steps.map(([step, at]) => ({ step, state: 'filed', at, actor: 'a' })),
  }) as unknown as Incident;
const standing = (state: Incident['state'], more: Partial<Incident> = {}) => ({
  state,
  flow: 'ordinary' as const,
  extension: null,
  ...more,
});

describe('the table of the closed loop', () => {
  it('has one row, one form and one kind of entry for every step', () => {
    expect(new Set(transitions.map((t) => t.step)).size).toBe(transitions.length);
    expect(new Set(transitions.map((t) => t.kind)).size).toBe(transitions.length);
    expect(new Set(transitions.map((t) => t.step))).toEqual(new Set(Object.keys(stepForms)));
    for (const t of transitions) expect(Object.keys(entryKinds)).toContain(t.kind);
  });
  it('lets nothing out of an end but a reopening, and a verdict on what was closed', () => {
    const after = (state: Incident['state']) => possibleSteps(standing(state));
    expect(Object.fromEntries([...endStates].map((s) => [s, after(s)]))).toEqual({
      closed: ['rate', 'reopen'],
      declined: ['reopen'],
      void: ['reopen'],
      merged: [],
    });
    expect(incidentStates.filter((s) => isOpen(standing(s)))).toEqual(incidentStates.filter((s) => !endStates.has(s)));
  });
  it.each(['ordinary', 'dispute'] as const)('is walked to its close by the step on one key, also in the flow %s', (flow) => {
    for (const from of incidentStates.filter((s) => !endStates.has(s))) {
      let state = from;
      for (let step = nextStep({ state, flow }); step; step = nextStep({ state, flow })) {
        const verdict = checkStep(standing(state, { flow }), step);
        if (!verdict.ok) throw new Error(verdict.rule);
        state = verdict.to;
      }
      expect(state).toBe('closed');
    }
  });
  it('names the rule a refused step breaks', () => {
    const rule = (i: Parameters<typeof checkStep>[0], step: string) => {
      const verdict = checkStep(i, step);
      return verdict.ok ? null : verdict.rule;
    };
    expect(rule(standing('reported'), 'close')).toBe('close is possible from verified; the incident is reported');
    expect(rule(standing('reported'), 'burn')).toBe('unknown step burn');
    expect(rule(standing('arrived', { flow: 'dispute' }), 'handle')).toBe('handle is a step of ordinary incidents; this one is dispute');
    expect(rule(standing('arrived'), 'grant-extension')).toBe('no extension is asked for');
    const asked = { extension: { reason: 'r', n: 1, unit: 'work-day', askedAt: 1 } } as Partial<Incident>;
    expect(rule(standing('arrived', asked), 'ask-extension')).toBe('an extension is already asked for');
  });
});

describe('its clock', () => {
  it('runs to the deadline and below, and stands still once handled, ended or paused', () => {
    const left = (i: Incident) => [400, 1500].map((now) => remaining(i, now));
    expect(left(marked([['report', 0]]))).toEqual([600, -500]);
    expect(left(marked([['handle', 300]]))).toEqual([700, 700]);
    expect(left(marked([['agree', 300]]))).toEqual([700, 700]);
    expect(left(marked([['report', 0]], { pausedAt: 100 } as never))).toEqual([900, 900]);
    expect(left(marked([['decline', 200]], { closedAt: 200 } as never))).toEqual([800, 800]);
    expect(left(marked([['handle', 300]], { deadline: null }))).toEqual([null, null]);
  });
  it('runs on when the work was sent back, or the incident opened again', () => {
    for (const back of ['rework', 'reopen'] as const)
      expect(
        remaining(
          marked([
            ['handle', 300],
            [back, 350],
          ]),
          1500,
        ),
      ).toBe(-500);
  });
  it('is in time when it was handled by the deadline, whenever it was closed', () => {
    const at = (handled: number) =>
      isOnTime(
        marked(
          [
            ['handle', handled],
            ['close', 5000],
          ],
          { closedAt: 5000 } as never,
        ),
      );
    expect([at(1000), at(1001)]).toEqual([true, false]);
    expect(isOnTime(marked([['close', 1000]], { closedAt: 1000 } as never))).toBe(true);
    expect([isOnTime(marked([['report', 0]])), isOnTime(marked([['report', 0]]), 999)]).toEqual([false, true]);
    expect(isOnTime(marked([['report', 0]], { deadline: null }))).toBe(true);
  });
});
