import type { Clock, ClockName } from '../../../model/clock.ts';
import { type Incident, type IncidentMark, type IncidentState, lastMark } from '../../../model/incident.ts';

/** 发现 立案 派遣 处置 核查 结案; of a dispute 登记 派遣 调解 协议 回访 结案. */
export type StageKey = 'report' | 'file' | 'dispatch' | 'arrive' | 'verify' | 'close' | 'register' | 'mediate' | 'agree' | 'revisit';

export interface Stage {
  readonly key: StageKey;
  readonly status: 'done' | 'current' | 'future';
  /** when it was reached; null = not yet */
  readonly at: number | null;
  /** time since the stage before, ms */
  readonly took: number | null;
  /** of the current stage: since when the incident waits here; null = it has ended, or this is another stage */
  readonly since: number | null;
  /** the clock that runs until this stage is done */
  readonly clock: Clock | null;
}

type Step = IncidentMark['step'];
interface Row {
  readonly key: StageKey;
  /** the steps whose latest mark is its time */
  readonly steps: readonly Step[];
}
interface Flow {
  readonly rows: readonly Row[];
  /** which row an incident stands at in a state; rows.length = past the last */
  readonly at: Partial<Record<IncidentState, number>>;
  readonly clocks: Partial<Record<IncidentState, { readonly row: number; readonly clock: ClockName }>>;
}

const ordinary: Flow = {
  rows: [
    { key: 'report', steps: ['report'] },
    { key: 'file', steps: ['file'] },
    { key: 'dispatch', steps: ['dispatch'] },
    { key: 'arrive', steps: ['arrive', 'handle'] },
    { key: 'verify', steps: ['verify'] },
    { key: 'close', steps: ['close'] },
  ],
  at: { reported: 0, filed: 1, dispatched: 2, accepted: 2, arrived: 3, handled: 4, verified: 5, closed: 6 },
  clocks: {
    reported: { row: 1, clock: 'file' },
    filed: { row: 2, clock: 'dispatch' },
    dispatched: { row: 3, clock: 'handle' },
    accepted: { row: 3, clock: 'handle' },
    arrived: { row: 4, clock: 'handle' },
  },
};
const dispute: Flow = {
  rows: [
    { key: 'register', steps: ['file', 'report'] },
    { key: 'dispatch', steps: ['dispatch'] },
    { key: 'mediate', steps: ['mediate', 'arrive'] },
    { key: 'agree', steps: ['agree'] },
    { key: 'revisit', steps: ['revisit'] },
    { key: 'close', steps: ['close'] },
  ],
  at: { reported: 0, filed: 0, dispatched: 1, accepted: 1, arrived: 2, handled: 4, verified: 5, closed: 6 },
  clocks: {
    filed: { row: 1, clock: 'dispatch' },
    dispatched: { row: 2, clock: 'handle' },
    accepted: { row: 2, clock: 'handle' },
    arrived: { row: 3, clock: 'handle' },
  },
};

/** Where an incident stands among the stages of its flow, with times and durations. */
export function stagesOf(i: Pick<Incident, 'flow' | 'state' | 'marks' | 'clocks'>): Stage[] {
  const flow = i.flow === 'dispute' ? dispute : ordinary;
  // 挂账, 作废 and the like stand where the incident stood before
  const state = flow.at[i.state] === undefined ? (i.marks.findLast((m) => flow.at[m.state] !== undefined)?.state ?? 'reported') : i.state;
  const here = flow.at[state] ?? 0;
  const running = flow.at[i.state] === undefined ? undefined : flow.clocks[i.state];
  let before: number | null = null;
  return flow.rows.map((row, k) => {
    const mark = k <= here ? row.steps.map((s) => lastMark(i, s)).find((m) => m !== undefined) : undefined;
    const at = mark?.at ?? null;
    const took = at !== null && before !== null && at >= before ? at - before : null;
    if (at !== null) before = at;
    const status = k < here ? 'done' : k === here ? 'current' : 'future';
    const since = status === 'current' && flow.at[i.state] !== undefined ? (i.marks.findLast((m) => m.state === i.state)?.at ?? at) : null;
    return { key: row.key, status, at, took, since, clock: running?.row === k ? i.clocks[running.clock] : null };
  });
}
