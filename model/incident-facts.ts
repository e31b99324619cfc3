import type { EpochMs } from './brand.ts';
import { firstMark, handledAt, type Incident, type IncidentState } from './incident.ts';
import type { AgreementOutcome, Satisfaction } from './incident-forms.ts';

/**
 * What lists filter by and indicators count, taken from one incident: one flat value each, the columns of the read model. Times are
 * epoch ms, null = has not happened. Where a step can be taken several times, the first one counts unless said otherwise.
 */
export interface IncidentFacts {
  readonly state: IncidentState;
  /** when it happened, by the reporting device */
  readonly happenedAt: EpochMs;
  readonly reportedAt: EpochMs;
  readonly fileDue: EpochMs | null;
  readonly filedAt: EpochMs | null;
  readonly dispatchDue: EpochMs | null;
  readonly dispatchedAt: EpochMs | null;
  readonly acceptedAt: EpochMs | null;
  readonly arrivedAt: EpochMs | null;
  /** acceptance or arrival, whichever came first (首次响应) */
  readonly respondedAt: EpochMs | null;
  /** first time it was reported as handled, even where that was sent back */
  readonly firstHandledAt: EpochMs | null;
  /** handled for good */
  readonly handledAt: EpochMs | null;
  /** the latest verification */
  readonly verifiedAt: EpochMs | null;
  /** when it reached an end state, closed or otherwise */
  readonly endedAt: EpochMs | null;
  readonly deadline: EpochMs | null;
  /** since when it is paused (挂账, 延期 pending) */
  readonly pausedAt: EpochMs | null;
  /** since when the clock for handling stands still: handled, ended or paused; null = it runs */
  readonly clockStop: EpochMs | null;
  readonly reworks: number;
  readonly returns: number;
  readonly reopened: number;
  readonly extensions: number;
  readonly suspensions: number;
  /** levels of the tree that have answered for it beyond the first */
  readonly escalations: number;
  /** what the caller said when asked (解决, 满意); null = not asked, or did not say */
  readonly solved: boolean | null;
  readonly satisfaction: Satisfaction | null;
  readonly agreement: AgreementOutcome | null;
  /** of a dispute: whether the agreement was kept when it was revisited */
  readonly kept: boolean | null;
  /** departments called by its whistles, and how many of those answered, reported in, reported in by the deadline */
  readonly calls: number;
  readonly callsAnswered: number;
  readonly callsArrived: number;
  readonly callsInTime: number;
  /** a whistle has not been released yet */
  readonly whistleOpen: boolean;
  /** place, source, who dealt with it, and the result are all on record (溯源完整) */
  readonly traced: boolean;
  /** a caller or the number of a ticket is known, or it was merged: another report of the same matter can be recognised */
  readonly traceable: boolean;
}

const count = (i: Pick<Incident, 'marks'>, step: Incident['marks'][number]['step']) =>
  i.marks.reduce((n, m) => n + (m.step === step ? 1 : 0), 0);
const earliest = (...times: (EpochMs | null)[]): EpochMs | null =>
  times.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null);

/** Pure: the same incident always gives the same facts. */
export function factsOf(i: Incident): IncidentFacts {
  const first = (step: Incident['marks'][number]['step']) => firstMark(i, step)?.at ?? null;
  const handled = handledAt(i);
  const calls = i.whistles.flatMap((w) => w.calls.map((c) => ({ ...c, due: w.due })));
  const acceptedAt = first('accept');
  const arrivedAt = first('arrive') ?? i.marks.find((m) => m.state === 'arrived')?.at ?? null;
  return {
    state: i.state,
    happenedAt: i.at,
    reportedAt: i.reportedAt,
    fileDue: i.clocks.file?.due ?? null,
    // a declined report that is reopened is filed by that
    filedAt: i.marks.find((m) => m.state === 'filed')?.at ?? null,
    dispatchDue: i.clocks.dispatch?.due ?? null,
    dispatchedAt: first('dispatch'),
    acceptedAt,
    arrivedAt,
    respondedAt: earliest(acceptedAt, arrivedAt),
    firstHandledAt: i.marks.find((m) => m.state === 'handled')?.at ?? null,
    handledAt: handled,
    verifiedAt: i.marks.findLast((m) => m.step === 'verify' || m.step === 'revisit')?.at ?? null,
    endedAt: i.closedAt,
    deadline: i.deadline,
    pausedAt: i.pausedAt,
    clockStop: handled ?? i.pausedAt ?? i.closedAt,
    reworks: count(i, 'rework'),
    returns: count(i, 'return'),
    reopened: count(i, 'reopen'),
    extensions: count(i, 'grant-extension'),
    suspensions: count(i, 'suspend'),
    escalations: count(i, 'escalate'),
    solved: i.verdict?.solved ?? null,
    satisfaction: i.verdict?.satisfaction ?? null,
    agreement: i.agreement?.outcome ?? null,
    kept: i.agreement?.kept ?? null,
    calls: calls.length,
    callsAnswered: calls.filter((c) => c.answeredAt !== null).length,
    callsArrived: calls.filter((c) => c.arrivedAt !== null).length,
    callsInTime: calls.filter((c) => c.arrivedAt !== null && c.arrivedAt <= c.due).length,
    whistleOpen: i.whistles.some((w) => w.releasedAt === null),
    traced: i.area !== null && i.source !== 'other' && (i.unit !== null || i.department !== null) && handled !== null,
    traceable: i.reporter !== null || i.ref !== '' || i.into !== null,
  };
}
