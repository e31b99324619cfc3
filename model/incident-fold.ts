import type { AreaTree } from './area.ts';
import type { EpochMs } from './brand.ts';
import type { Clock } from './clock.ts';
import { type CrewMember, endStates, type Incident, type IncidentMark, transitions, type Whistle, type WhistleCall } from './incident.ts';
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

/** A clock that was moved warns again, but not of a moment that had passed before and still has. */
const handleClock = (i: Incident, clock: Clock | null | undefined, at: EpochMs): Change =>
  clock === undefined
    ? {}
    : {
        clocks: { ...i.clocks, handle: clock },
        deadline: clock?.due ?? null,
        warned: i.warned.filter((w) => !w.startsWith('handle ') || (clock !== null && clock[w === 'handle due' ? 'due' : 'warn'] <= at)),
      };
/** The clock goes on after a pause. */
const goesOn = (i: Incident, clock: Clock | null | undefined, at: EpochMs): Change => ({ ...handleClock(i, clock, at), pausedAt: null });

const crewWith = (i: Incident, unit: string, change: Partial<CrewMember>): readonly CrewMember[] =>
  i.crew.map((c) => (c.unit === unit ? { ...c, ...change } : c));

const onWhistle = (i: Incident, no: number, change: (w: Whistle) => Partial<Whistle>): Change => ({
  whistles: i.whistles.map((w) => (w.no === no ? { ...w, ...change(w) } : w)),
});
const onCall = (i: Incident, b: { whistle: number; department: string }, change: (c: WhistleCall) => Partial<WhistleCall>): Change =>
  onWhistle(i, b.whistle, (w) => ({ calls: w.calls.map((c) => (c.department === b.department ? { ...c, ...change(c) } : c)) }));

type Fold<K extends Kind> = (i: Incident, b: Body<K>, e: Entry) => Change;
const folds: { [K in Exclude<Kind, 'incident.reported' | 'incident.recalled'>]: Fold<K> } = {
  'incident.filed': (i, b) => ({ clocks: { ...i.clocks, dispatch: b.dispatchClock ?? null } }),
  'incident.declined': () => ({}),
  'incident.dispatched': (i, b, e) => ({
    ...handleClock(i, b.handleClock, e.at),
    unit: b.unit ?? null,
    department: b.department ?? i.department,
    crew: b.unit === undefined ? [] : [{ unit: b.unit, lead: true, sentAt: e.at, acceptedAt: null, arrivedAt: null }],
    helpAskedAt: null,
  }),
  'incident.accepted': (i, _, e) => (i.unit ? { crew: crewWith(i, i.unit, { acceptedAt: e.at }) } : {}),
  'incident.rejected': (i, b, e) => ({ ...goesOn(i, b.handleClock, e.at), extension: null, unit: null, crew: [] }),
  'incident.arrived': (i, _, e) => (i.unit ? { crew: crewWith(i, i.unit, { arrivedAt: e.at }) } : {}),
  'incident.noted': () => ({}),
  'incident.help-asked': (_, __, e) => ({ helpAskedAt: e.at }),
  'incident.reinforced': (i, b, e) => ({
    crew: i.crew.some((c) => c.unit === b.unit)
      ? i.crew
      : [...i.crew, { unit: b.unit!, lead: false, sentAt: e.at, acceptedAt: null, arrivedAt: null }],
    helpAskedAt: null,
  }),
  'incident.joined': (i, b, e) => ({ crew: crewWith(i, b.unit, { arrivedAt: e.at }) }),
  'incident.handled': (i, b, e) => ({ ...goesOn(i, b.handleClock, e.at), extension: null }),
  'incident.mediated': () => ({}),
  'incident.agreed': (i, b, e) => ({
    ...goesOn(i, b.handleClock, e.at),
    extension: null,
    agreement: { outcome: b.outcome, organ: b.organ ?? null, kept: null },
  }),
  'incident.verified': () => ({}),
  'incident.reworked': (i) => ({ crew: i.crew.map((c) => ({ ...c, acceptedAt: null, arrivedAt: null })) }),
  'incident.revisited': (i, b) => ({ agreement: i.agreement && { ...i.agreement, kept: b.kept } }),
  'incident.closed': () => ({}),
  'incident.answered': (_, __, e) => ({ answeredAt: e.at }),
  'incident.rated': (_, b, e) => ({ verdict: { solved: b.solved, satisfaction: b.satisfaction ?? null, at: e.at } }),
  'incident.returned': (i, b, e) => ({ ...goesOn(i, b.handleClock, e.at), extension: null, unit: null, crew: [], department: null }),
  'incident.extension-asked': (_, b, e) => ({
    extension: { reason: b.reason, n: b.more.n, unit: b.more.unit, askedAt: e.at },
    pausedAt: e.at,
  }),
  'incident.extension-granted': (i, b, e) => ({ ...goesOn(i, b.handleClock, e.at), extension: null }),
  'incident.extension-denied': (i, b, e) => ({ ...goesOn(i, b.handleClock, e.at), extension: null }),
  'incident.suspended': (i, b, e) => ({
    suspension: { reason: b.reason, reviewAt: b.reviewAt },
    extension: null,
    pausedAt: i.pausedAt ?? e.at,
  }),
  'incident.resumed': (i, b, e) => {
    const change = goesOn(i, b.handleClock, e.at);
    const clocks = b.dispatchClock === undefined ? {} : { clocks: { ...(change.clocks ?? i.clocks), dispatch: b.dispatchClock } };
    return { ...change, ...clocks, suspension: null, unit: null, crew: [] };
  },
  'incident.voided': () => ({ extension: null, suspension: null }),
  'incident.merged': (_, b) => ({ into: b.into, extension: null }),
  'incident.reopened': (i, b, e) => ({
    ...goesOn(i, b.handleClock, e.at),
    closedAt: null,
    unit: null,
    crew: [],
    verdict: null,
    answeredAt: null,
    agreement: null,
  }),
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

/** The incident after an entry of its history. `mediated` and `noted` leave no mark unless they move it on. */
export function stepIncident(i: Incident, entry: Entry): Incident {
  const fold = folds[entry.kind as keyof typeof folds] as Fold<never> | undefined;
  if (!fold) return i;
  const change = fold(i, entry.body as never, entry);
  const row = transitions.find((t) => t.kind === entry.kind);
  if (!row) return { ...i, ...change };
  const state = row.to ?? i.state;
  const { note, reason, unit, department } = entry.body as { note?: string; reason?: string; unit?: string; department?: string };
  const said = reason ?? note;
  const mark: IncidentMark = {
    step: row.step,
    state,
    at: entry.at,
    actor: entry.actor,
    ...(said ? { note: said } : {}),
    ...(unit ? { unit } : {}),
    ...(department ? { department } : {}),
  };
  const keeps = state !== i.state || !unmarked.has(entry.kind);
  return {
    ...i,
    ...(endStates.has(state) && !endStates.has(i.state) ? { closedAt: entry.at } : {}),
    ...change,
    state,
    marks: keeps ? [...i.marks, mark] : i.marks,
  };
}
