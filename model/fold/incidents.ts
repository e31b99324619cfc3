import type { AreaCode } from '../brand.ts';
import { firstMark, type Incident, isOnTime, isOpen } from '../incident.ts';
import { beginIncident, mergedInto, stepIncident } from '../incident-fold.ts';
import type { Entry, EntryBody } from '../ledger.ts';
import { type DayTally, incidentOf, treeOf, type World } from '../world.ts';
import type { Draft, Mutable, Reducers } from './draft.ts';

const communityOf = (world: World, area: AreaCode | null) => (area === null ? '' : (treeOf(world).at(area, 'community')?.code ?? ''));

function tally(d: Draft, area: AreaCode | null, add: (t: Mutable<DayTally>) => void) {
  const community = communityOf(d.now, area);
  const key = `${d.now.day} ${community}`;
  const t: Mutable<DayTally> = {
    ...(d.now.tallies.get(key) ?? {
      day: d.now.day,
      community,
      reported: 0,
      closed: 0,
      closedOnTime: 0,
      responseMs: 0,
      responses: 0,
      byCategory: {},
    }),
  };
  add(t);
  d.write('tallies').set(key, t);
}

function put(d: Draft, i: Incident) {
  const here = isOpen(i) ? 'incidents' : 'ended';
  const there = here === 'incidents' ? 'ended' : 'incidents';
  if (d.now[there].has(i.id)) d.write(there).delete(i.id);
  d.write(here).set(i.id, i);
}

/** Any step of an incident, and what it means for the day's counts and for the incident it is merged into. */
function step(d: Draft, id: string, entry: Entry) {
  const before = incidentOf(d.now, id);
  if (!before) return;
  const after = stepIncident(before, entry);
  put(d, after);
  if (entry.kind === 'incident.dispatched' && !firstMark(before, 'dispatch'))
    tally(d, after.area, (t) => {
      t.responseMs += entry.at - after.reportedAt;
      t.responses += 1;
    });
  if (entry.kind === 'incident.closed')
    tally(d, after.area, (t) => {
      t.closed += 1;
      if (isOnTime(after)) t.closedOnTime += 1;
    });
  const into = entry.kind === 'incident.merged' ? incidentOf(d.now, (entry.body as EntryBody<'incident.merged'>).into) : undefined;
  if (into) put(d, mergedInto(into, after));
}
const stepped = (d: Draft, body: { incident: string }, entry: Entry) => step(d, body.incident, entry);

/** 事件: its steps, and the day's counts. */
export const incidents = {
  'incident.reported': (d, b, entry) => {
    if (incidentOf(d.now, b.incident)) return;
    d.now.numbered += 1;
    put(d, beginIncident(b, entry, d.now.numbered, treeOf(d.now)));
    tally(d, b.area, (t) => {
      t.reported += 1;
      t.byCategory = { ...t.byCategory, [b.category]: (t.byCategory[b.category] ?? 0) + 1 };
    });
  },
  'incident.recalled': (d, b) => {
    if (!incidentOf(d.now, b.incident)) put(d, b.as);
  },
  'incident.filed': stepped,
  'incident.declined': stepped,
  'incident.dispatched': stepped,
  'incident.accepted': stepped,
  'incident.rejected': stepped,
  'incident.arrived': stepped,
  'incident.noted': stepped,
  'incident.help-asked': stepped,
  'incident.reinforced': stepped,
  'incident.joined': stepped,
  'incident.handled': stepped,
  'incident.mediated': stepped,
  'incident.agreed': stepped,
  'incident.verified': stepped,
  'incident.reworked': stepped,
  'incident.revisited': stepped,
  'incident.closed': stepped,
  'incident.answered': stepped,
  'incident.rated': stepped,
  'incident.returned': stepped,
  'incident.extension-asked': stepped,
  'incident.extension-granted': stepped,
  'incident.extension-denied': stepped,
  'incident.suspended': stepped,
  'incident.resumed': stepped,
  'incident.voided': stepped,
  'incident.merged': stepped,
  'incident.reopened': stepped,
  'incident.escalated': stepped,
  'incident.warned': stepped,
  'incident.attached': stepped,
  'incident.whistle-blown': stepped,
  'incident.whistle-answered': stepped,
  'incident.whistle-arrived': stepped,
  'incident.whistle-urged': stepped,
  'incident.whistle-released': stepped,
  'incident.whistle-rated': stepped,
} satisfies Partial<Reducers>;
