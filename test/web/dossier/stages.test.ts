import { describe, expect, it } from 'vitest';
import { epochMs } from '../../../model/brand.ts';
import type { Clock } from '../../../model/clock.ts';
import type { IncidentMark, IncidentState } from '../../../model/incident.ts';
import { stagesOf } from '../../../web/panels/dossier/stages.ts';
import { anIncident } from '../../support/incident.ts';

const t0 = 1_000_000_000;
const mark = (step: IncidentMark['step'], state: IncidentState, minute: number): IncidentMark => ({
  step,
  state,
  at: epochMs(t0 + minute * 60_000),
  actor: 'op',
});
const clock = (n: number): Clock => ({
  due: epochMs(t0 + n * 3_600_000),
  warn: epochMs(t0),
  from: epochMs(t0),
  n,
  unit: 'urgent-hour',
  calendar: '',
  by: 'category',
});
const way = [mark('report', 'reported', 0), mark('file', 'filed', 1), mark('dispatch', 'dispatched', 3), mark('arrive', 'arrived', 9)];
const status = (stages: ReturnType<typeof stagesOf>) => stages.map((s) => `${s.key} ${s.status}`);

describe('the stages of an incident', () => {
  it('show when each was reached, how long it took, and since when it waits', () => {
    const stages = stagesOf(anIncident({ state: 'arrived', marks: way }));
    expect(status(stages)).toEqual(['report done', 'file done', 'dispatch done', 'arrive current', 'verify future', 'close future']);
    expect(stages.map((s) => s.took)).toEqual([null, 60_000, 120_000, 360_000, null, null]);
    expect(stages[3]?.since).toBe(t0 + 9 * 60_000);
    expect(stages[4]?.at).toBeNull();
  });
  it('put the running clock where it ends', () => {
    const clocks = { file: clock(1), dispatch: clock(2), handle: clock(3) };
    const at = (state: IncidentState, n: number) =>
      stagesOf(anIncident({ state, marks: way.slice(0, n), clocks })).map((s) => s.clock?.n ?? 0);
    expect(at('reported', 1)).toEqual([0, 1, 0, 0, 0, 0]);
    expect(at('filed', 2)).toEqual([0, 0, 2, 0, 0, 0]);
    expect(at('dispatched', 3)).toEqual([0, 0, 0, 3, 0, 0]);
    expect(at('arrived', 4)).toEqual([0, 0, 0, 0, 3, 0]);
  });
  it('forget what a return has undone', () => {
    const stages = stagesOf(anIncident({ state: 'filed', marks: [...way, mark('return', 'filed', 20)] }));
    expect(status(stages).slice(1, 4)).toEqual(['file current', 'dispatch future', 'arrive future']);
    expect(stages[2]?.at).toBeNull();
    expect(stages[1]?.since).toBe(t0 + 20 * 60_000);
  });
  it('stand still where the incident stood when it was put aside, without a running clock', () => {
    const stages = stagesOf(
      anIncident({
        state: 'suspended',
        marks: [...way, mark('suspend', 'suspended', 12)],
        clocks: { file: null, dispatch: null, handle: clock(3) },
      }),
    );
    expect(status(stages)[3]).toBe('arrive current');
    expect(stages.every((s) => s.since === null && s.clock === null)).toBe(true);
  });
  it('are those of mediation for a dispute', () => {
    const marks = [...way.slice(0, 3), mark('mediate', 'arrived', 9), mark('agree', 'handled', 60)];
    const stages = stagesOf(anIncident({ flow: 'dispute', state: 'handled', marks }));
    expect(status(stages)).toEqual(['register done', 'dispatch done', 'mediate done', 'agree done', 'revisit current', 'close future']);
  });
  it('are all done when it is closed', () => {
    const marks = [...way, mark('handle', 'handled', 30), mark('verify', 'verified', 40), mark('close', 'closed', 41)];
    expect(stagesOf(anIncident({ state: 'closed', marks })).every((s) => s.status === 'done')).toBe(true);
  });
});
