import type { AreaTree } from './area.ts';
import type { EpochMs } from './brand.ts';
import type { Clock, ClockName } from './clock.ts';
import {
  asksAfter,
  type CrewMember,
  endStates,
  type Incident,
  type IncidentMark,
  type IncidentState,
  inHandStates,
  pausedAfter,
  type Transition,
  transitions,
  type Whistle,
  type WhistleCall,
} from './incident.ts';
import type { Entry, EntryBody, EntryKind } from './ledger.ts';

/**
 * What an entry does to one incident. Pure and total: an entry was judged before it was appended, so nothing is refused here.
 * World-wide effects (tallies, the other incident of a merger) are in world.ts.
 */
type Kind = Extract<EntryKind, `incident.${string}`>;
type Body<K extends Kind> = EntryBody<K>;
type Change = Partial<Incident>;

/** The incident a report begins. `no`: its number of the day. */
export function beginIncident(b: Body<'incident.reported'>, entry: Entry, no: number, tree: AreaTree): Incident {
  const leaf = b.area === null ? undefined : tree.byCode.get(b.area);
  const handle = b.handleClock ?? bareClock(b.deadline, entry.at);
  return {
    id: b.incident,
    no,
    title: b.title,
    category: b.category,
    flow: b.flow ?? 'ordinary',
    priority: b.priority,
    source: b.source,
    channel: b.channel ?? '',
    ref: b.ref ?? '',
    reporter: b.reporter ?? null,
    at: b.at,
    reportedAt: entry.at,
    lngLat: b.lngLat,
    area: b.area,
    state: 'reported',
    clocks: { file: b.fileClock ?? null, dispatch: null, handle },
    deadline: b.deadline,
    pausedAt: null,
    unit: null,
    crew: [],
    department: b.department ?? null,
    alarm: b.alarm ?? null,
    ...(b.reading ? { reading: b.reading } : {}),
    permit: b.permit ?? null,
    closedAt: null,
    marks: [{ step: 'report', state: 'reported', at: entry.at, actor: entry.actor }],
    extension: null,
    suspension: null,
    into: null,
    merged: [],
    whistles: [],
    levels: leaf ? [{ level: leaf.level, area: leaf.code, at: entry.at }] : [],
    warned: [],
    attachments: [],
    agreement: null,
    verdict: null,
    answeredAt: null,
    helpAskedAt: null,
  };
}

/** A deadline without a basis, from the days before bases were kept. */
const bareClock = (due: EpochMs | null, from: EpochMs): Clock | null =>
  due === null
    ? null
    : { due, warn: (from + Math.round((due - from) * 0.75)) as EpochMs, from, n: null, unit: 'urgent-hour', calendar: '', by: 'source' };

type Clocks = { readonly handleClock?: Clock | null | undefined; readonly dispatchClock?: Clock | null | undefined };
/** A clock that was moved warns again, but not of a moment that had passed before and still has. */
function clocked(i: Incident, { handleClock, dispatchClock }: Clocks, at: EpochMs): Change {
  const moved: Partial<Record<ClockName, Clock | null>> = {
    ...(dispatchClock === undefined ? {} : { dispatch: dispatchClock }),
    ...(handleClock === undefined ? {} : { handle: handleClock }),
  };
  const stillTold = (w: string) => {
    const [name, share] = w.split(' ') as [ClockName, 'warn' | 'due'];
    const clock = moved[name];
    return clock === undefined || (clock !== null && clock[share] <= at);
  };
  return {
    clocks: { ...i.clocks, ...moved },
    deadline: handleClock === undefined ? i.deadline : (handleClock?.due ?? null),
    warned: i.warned.filter(stillTold),
  };
}

const crewWith = (i: Incident, unit: string | null, change: (c: CrewMember) => Partial<CrewMember>): readonly CrewMember[] =>
  i.crew.map((c) => (c.unit === unit ? { ...c, ...change(c) } : c));
const onScene = (at: EpochMs) => (c: CrewMember) => ({ acceptedAt: c.acceptedAt ?? at, arrivedAt: c.arrivedAt ?? at });

const onWhistle = (i: Incident, no: number, change: (w: Whistle) => Partial<Whistle>): Change => ({
  whistles: i.whistles.map((w) => (w.no === no ? { ...w, ...change(w) } : w)),
});
const onCall = (i: Incident, b: { whistle: number; department: string }, change: (c: WhistleCall) => Partial<WhistleCall>): Change =>
  onWhistle(i, b.whistle, (w) => ({ calls: w.calls.map((c) => (c.department === b.department ? { ...c, ...change(c) } : c)) }));

type Fold<K extends Kind> = (i: Incident, b: Body<K>, e: Entry) => Change;
const folds: { [K in Exclude<Kind, 'incident.reported' | 'incident.recalled'>]: Fold<K> } = {
  'incident.filed': () => ({}),
  'incident.declined': () => ({}),
  'incident.dispatched': (i, b, e) => ({
    unit: b.unit ?? null,
    department: b.department ?? i.department,
    crew: b.unit === undefined ? [] : [{ unit: b.unit, lead: true, sentAt: e.at, acceptedAt: null, arrivedAt: null }],
  }),
  'incident.accepted': (i, _, e) => ({ crew: crewWith(i, i.unit, () => ({ acceptedAt: e.at })) }),
  'incident.rejected': () => ({}),
  'incident.arrived': (i, _, e) => ({ crew: crewWith(i, i.unit, onScene(e.at)) }),
  'incident.noted': () => ({}),
  'incident.help-asked': (_, __, e) => ({ helpAskedAt: e.at }),
  'incident.reinforced': (i, b, e) => ({
    crew: [...i.crew, { unit: b.unit!, lead: false, sentAt: e.at, acceptedAt: null, arrivedAt: null }],
    helpAskedAt: null,
  }),
  'incident.joined': (i, b, e) => ({ crew: crewWith(i, b.unit, onScene(e.at)) }),
  'incident.handled': () => ({}),
  'incident.mediated': (i, _, e) => (i.state === 'arrived' ? {} : { crew: crewWith(i, i.unit, onScene(e.at)) }),
  'incident.agreed': (_, b) => ({ agreement: { outcome: b.outcome, organ: b.organ ?? null, kept: null } }),
  'incident.verified': () => ({}),
  'incident.reworked': (i) => ({ crew: i.crew.map((c) => ({ ...c, acceptedAt: null, arrivedAt: null })) }),
  'incident.revisited': (i, b) => ({ agreement: i.agreement && { ...i.agreement, kept: b.kept } }),
  'incident.closed': () => ({}),
  'incident.answered': (_, __, e) => ({ answeredAt: e.at }),
  'incident.rated': (_, b, e) => ({ verdict: { solved: b.solved, satisfaction: b.satisfaction ?? null, at: e.at } }),
  'incident.returned': () => ({ department: null }),
  'incident.extension-asked': (_, b, e) => ({ extension: { reason: b.reason, n: b.more.n, unit: b.more.unit, askedAt: e.at } }),
  'incident.extension-granted': () => ({}),
  'incident.extension-denied': () => ({}),
  'incident.suspended': (_, b) => ({ suspension: { reason: b.reason, reviewAt: b.reviewAt } }),
  'incident.resumed': () => ({}),
  'incident.voided': () => ({}),
  'incident.merged': (_, b) => ({ into: b.into }),
  // a new round begins on the ground, with nothing said of its result yet
  'incident.reopened': (i) => ({ verdict: null, answeredAt: null, agreement: null, levels: i.levels.slice(0, 1) }),
  'incident.escalated': (i, b, e) => ({ levels: [...i.levels, { level: b.level, area: b.area, at: e.at }] }),
  'incident.warned': (i, b) => ({ warned: [...i.warned, `${b.clock} ${b.share}`] }),
  'incident.attached': (i, { incident: _, ...file }, e) => ({ attachments: [...i.attachments, { ...file, at: e.at, actor: e.actor }] }),
  'incident.whistle-blown': (i, b, e) => ({
    whistles: [
      ...i.whistles,
      {
        no: b.whistle,
        kind: b.kind,
        grounds: b.grounds,
        text: b.text,
        by: e.actor,
        at: e.at,
        due: b.due,
        calls: b.departments.map((department) => ({ department, answeredAt: null, arrivedAt: null, urgedAt: [], rating: null })),
        releasedAt: null,
      },
    ],
  }),
  'incident.whistle-answered': (i, b, e) => onCall(i, b, (c) => ({ answeredAt: c.answeredAt ?? e.at })),
  'incident.whistle-arrived': (i, b, e) => onCall(i, b, (c) => ({ answeredAt: c.answeredAt ?? e.at, arrivedAt: c.arrivedAt ?? e.at })),
  'incident.whistle-urged': (i, b, e) => onCall(i, b, (c) => ({ urgedAt: [...c.urgedAt, e.at] })),
  'incident.whistle-released': (i, b, e) => onWhistle(i, b.whistle, () => ({ releasedAt: e.at })),
  'incident.whistle-rated': (i, b) => onCall(i, b, () => ({ rating: b.rating })),
};

/** Facts about an incident that are not steps of its own, and steps too many to keep: the ledger has them. */
const unmarked: ReadonlySet<string> = new Set(['incident.noted', 'incident.mediated']);

/**
 * What holds in a state whichever step led there: nobody is under way to what waits for its dispatch, only what is in hand asks for
 * help or for more time, only what is suspended has a review date, and the clock for handling stands still in these two cases alone.
 */
function settled(i: Incident, row: Transition, before: Incident, at: EpochMs): Incident {
  const { state } = i;
  return {
    ...i,
    ...(row.to === 'filed' ? { unit: null, crew: [] } : {}),
    closedAt: endStates.has(state) ? (before.closedAt ?? at) : null,
    extension: asksAfter(before, row.step, state) ? i.extension : null,
    suspension: state === 'suspended' ? i.suspension : null,
    pausedAt: pausedAfter(before, row.step, state) ? (before.pausedAt ?? at) : null,
    helpAskedAt: inHandStates.has(state) && row.to !== 'dispatched' ? i.helpAskedAt : null,
  };
}

/** The incident after an entry of its history. `mediated` and `noted` leave no mark unless they move it on. */
export function stepIncident(i: Incident, entry: Entry): Incident {
  const fold = folds[entry.kind as keyof typeof folds] as Fold<never> | undefined;
  if (!fold) return i;
  const changed = { ...i, ...fold(i, entry.body as never, entry) };
  const row = rows.get(entry.kind);
  if (!row) return changed;
  const state = row.to ?? i.state;
  const after = settled({ ...changed, ...clocked(i, entry.body as Clocks, entry.at), state }, row, i, entry.at);
  return state !== i.state || !unmarked.has(entry.kind) ? { ...after, marks: [...i.marks, markOf(row, state, entry)] } : after;
}

/** An incident after `gone` was merged into it, with whatever had been merged into that: their reporters too are answered when it ends. */
export const mergedInto = (into: Incident, gone: Incident): Incident => ({
  ...into,
  merged: [...new Set([...into.merged, gone.id, ...gone.merged])],
});

const rows: ReadonlyMap<string, Transition> = new Map(transitions.map((t) => [t.kind, t]));

function markOf({ step }: Transition, state: IncidentState, { at, actor, body }: Entry): IncidentMark {
  const b = body as { [K in 'note' | 'reason' | 'result' | 'answer' | 'unit' | 'department']?: string };
  const note = b.reason ?? b.note ?? b.result ?? b.answer;
  return {
    step,
    state,
    at,
    actor,
    ...(note ? { note } : {}),
    ...(b.unit ? { unit: b.unit } : {}),
    ...(b.department ? { department: b.department } : {}),
  };
}
