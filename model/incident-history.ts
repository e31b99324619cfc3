import type { Area } from './area.ts';
import type { AreaCode, EpochMs } from './brand.ts';
import { dayKey, dayStart, zCentre } from './centre.ts';
import { endStates, type Incident, type IncidentState } from './incident.ts';
import { beginIncident, mergedInto, stepIncident } from './incident-fold.ts';
import type { Entry } from './ledger.ts';
import { treeOf } from './world.ts';

/**
 * Every incident there ever was, folded from the ledger one by one without forgetting, as the read model keeps them. What it takes beside
 * the incidents themselves: the places a report's level is read from, and the day's numbering. The world folds the same entries but lets
 * go of what ended long ago.
 */
export interface HistoryBasis {
  readonly seq: number;
  readonly areas: ReadonlyMap<AreaCode, Area>;
  readonly utcOffsetMinutes: number;
  /** day of the latest entry and how many incidents it has numbered */
  readonly day: string;
  readonly numbered: number;
}
export const emptyBasis: HistoryBasis = { seq: 0, areas: new Map(), utcOffsetMinutes: 0, day: '', numbered: 0 };

/** Ids of the incidents that these entries speak of, and so must be known before they are folded. */
export function incidentsNamed(entries: readonly Entry[]): string[] {
  const ids = new Set<string>();
  for (const e of entries) {
    if (!e.kind.startsWith('incident.')) continue;
    const { incident, into } = e.body as { incident: string; into?: string };
    ids.add(incident);
    if (e.kind === 'incident.merged' && into) ids.add(into);
  }
  return [...ids];
}

/** An incident as of the entry `basis.seq`, with the seq of the entry that reported it. */
export interface Kept {
  readonly incident: Incident;
  readonly first: number;
}

/**
 * Fold entries that follow `basis`. `known` holds the incidents they name, as of `basis`, and is brought up to date.
 * @returns the basis after them
 * @throws RangeError when an entry is not the next one
 */
export function foldHistory(basis: HistoryBasis, entries: Iterable<Entry>, known: Map<string, Kept>): HistoryBasis {
  const at = { ...basis };
  for (const entry of entries) {
    if (entry.seq !== at.seq + 1) throw new RangeError(`ledger entry ${entry.seq} does not follow ${at.seq}`);
    const day = dayKey(entry.at, at.utcOffsetMinutes);
    if (day !== at.day) {
      at.day = day;
      at.numbered = 0;
    }
    if (entry.kind === 'centre.configured') at.utcOffsetMinutes = zCentre.parse(entry.body).utcOffsetMinutes;
    else if (entry.kind === 'boundaries.published') {
      at.areas = new Map(entry.body.areas.map((a) => [a.code, a]));
    } else if (entry.kind === 'incident.reported') {
      const before = known.get(entry.body.incident)?.incident;
      if (!before || isForgotten(before, entry.at, at.utcOffsetMinutes)) {
        at.numbered += 1;
        const incident = beginIncident(entry.body, entry, at.numbered, treeOf(at));
        known.set(incident.id, { incident, first: entry.seq });
      }
    } else if (entry.kind === 'incident.recalled') {
      const before = known.get(entry.body.incident);
      if (!before || isForgotten(before.incident, entry.at, at.utcOffsetMinutes))
        known.set(entry.body.incident, { incident: entry.body.as, first: before?.first ?? entry.seq });
    } else if (entry.kind.startsWith('incident.')) step(known, entry);
    at.seq = entry.seq;
  }
  return at;
}

function step(known: Map<string, Kept>, entry: Entry) {
  const { incident: id, into } = entry.body as { incident: string; into?: string };
  const before = known.get(id);
  if (!before) return;
  const incident = stepIncident(before.incident, entry);
  known.set(id, { ...before, incident });
  const other = entry.kind === 'incident.merged' && into ? known.get(into) : undefined;
  if (other) known.set(into!, { ...other, incident: mergedInto(other.incident, incident) });
}

/** Whether the world of that moment has let go of it (world.ts, `turnDay`): then its id may be given to a new report. */
function isForgotten(i: Incident, now: number, utcOffsetMinutes: number): boolean {
  const yesterday = dayStart(now, utcOffsetMinutes) - 86_400_000;
  return endStates.has(i.state) && i.reportedAt < yesterday && (i.closedAt ?? 0) < yesterday;
}

/** 停留: one stay of an incident in a state where somebody has to do something. `to` null = it still stands there. */
export interface Stay {
  readonly state: IncidentState;
  readonly from: EpochMs;
  readonly to: EpochMs | null;
  /** what it was given to during the stay; before the first dispatch the one that answers for it */
  readonly department: string | null;
  readonly unit: string | null;
}

/** Every stay of an incident, in order of time. A step that leaves it where it is (a note, an extension) does not end a stay. */
export function staysOf(i: Incident): Stay[] {
  const out: Stay[] = [];
  let sent: { department: string | null; unit: string | null } | null = null;
  for (const mark of i.marks) {
    if (mark.step === 'dispatch') sent = { department: mark.department ?? i.department, unit: mark.unit ?? null };
    else if (mark.step === 'return' || mark.step === 'reject' || mark.step === 'resume' || mark.step === 'reopen') sent = null;
    const last = out.at(-1);
    if (last && last.to === null) {
      if (last.state === mark.state) continue;
      out[out.length - 1] = { ...last, to: mark.at };
    }
    if (!endStates.has(mark.state))
      out.push({ state: mark.state, from: mark.at, to: null, department: sent ? sent.department : i.department, unit: sent?.unit ?? null });
  }
  return out;
}
