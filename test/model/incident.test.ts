import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkStep,
  type Incident,
  type IncidentState,
  type IncidentStep,
  isOnTime,
  isOpen,
  nextStep,
  remaining,
  transitions,
} from '../../model/incident.ts';

const steps: IncidentStep[] = ['file', 'dispatch', 'handle', 'verify', 'close'];
const order: IncidentState[] = ['reported', 'filed', 'dispatched', 'handled', 'verified', 'closed'];
const incident = (marks: [IncidentState, number][], deadline: number) =>
  ({ state: marks.at(-1)![0], deadline, marks: marks.map(([state, at]) => ({ state, at, actor: 'a' })) }) as unknown as Incident;

describe('the closed loop of an incident', () => {
  it('only ever goes one step forward, however one pushes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...steps), fc.option(fc.constantFrom('u-1', '')))), (walk) => {
        let state: IncidentState = 'reported';
        for (const [step, unit] of walk) {
          const verdict = checkStep(state, step, unit ?? undefined);
          const allowed = steps[order.indexOf(state)] === step && (step !== 'dispatch' || Boolean(unit));
          expect(verdict.ok).toBe(allowed);
          if (verdict.ok) {
            expect(order.indexOf(verdict.to)).toBe(order.indexOf(state) + 1);
            state = verdict.to;
          } else expect(verdict.rule).toContain(step);
        }
      }),
    );
  });
  it('can always be finished, and nothing follows the end', () => {
    for (const from of order.slice(0, -1)) {
      let state = from;
      for (let step = nextStep(state); step; step = nextStep(state)) {
        const verdict = checkStep(state, step, 'u-1');
        if (!verdict.ok) throw new Error(verdict.rule);
        state = verdict.to;
      }
      expect(state).toBe('closed');
    }
    expect(nextStep('closed')).toBeNull();
    for (const step of steps)
      expect(checkStep('closed', step, 'u-1')).toMatchObject({ ok: false, rule: expect.stringContaining('is closed') });
  });
  it('names the rule a refused step breaks', () => {
    expect(checkStep('filed', 'dispatch')).toEqual({ ok: false, rule: 'dispatch needs a unit' });
    expect(checkStep('reported', 'close')).toEqual({ ok: false, rule: 'close is possible from verified; the incident is reported' });
    expect(checkStep('reported', 'burn' as IncidentStep)).toEqual({ ok: false, rule: 'unknown step burn' });
    expect(transitions.map((t) => t.step)).toEqual(steps);
  });
});

describe('its clock', () => {
  it('runs to the deadline and below, and stands still once handled', () => {
    const open = incident([['reported', 0]], 1000);
    expect([remaining(open, 400), remaining(open, 1500)]).toEqual([600, -500]);
    const handled = incident(
      [
        ['reported', 0],
        ['handled', 300],
      ],
      1000,
    );
    fc.assert(
      fc.property(fc.nat(1e9), (now) => {
        expect(remaining(handled, now)).toBe(700);
      }),
    );
    expect([isOpen(open), isOpen(handled), isOpen(incident([['closed', 1]], 1))]).toEqual([true, true, false]);
  });
  it('is on time when it was handled by the deadline, whenever it was closed', () => {
    expect(
      isOnTime(
        incident(
          [
            ['handled', 1000],
            ['closed', 5000],
          ],
          1000,
        ),
      ),
    ).toBe(true);
    expect(
      isOnTime(
        incident(
          [
            ['handled', 1001],
            ['closed', 5000],
          ],
          1000,
        ),
      ),
    ).toBe(false);
    expect(
      isOnTime(
        incident(
          [
            ['reported', 0],
            ['closed', 1000],
          ],
          1000,
        ),
      ),
    ).toBe(true);
    expect(isOnTime(incident([['reported', 0]], 1000))).toBe(false);
  });
});
