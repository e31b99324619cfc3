import { type EpochMs, epochMs } from '../../model/brand.ts';
import { givenClock } from '../../model/clock.ts';
import type { Fact } from '../../model/ledger.ts';
import { type Codes, quarterOf, sourceOf } from './city.ts';
import type { Request } from './requests.ts';

export type PastFact = Fact & { readonly at: EpochMs };

export const incidentIdOf = (r: Pick<Request, 'id'>) => `b-${r.id}`;

/**
 * The requests as history, in order of time: each is reported when it was opened, with the city's target as the deadline its source
 * gave, and taken through filing, dispatch, handling and verification when it was closed. A request closed before it was opened (by
 * seconds, the city writes down both) is closed the moment it was opened.
 */
export function cityHistory(requests: readonly Request[], codes: Codes, instantOf: (local: string) => number): PastFact[] {
  const facts: PastFact[] = [];
  const closings: PastFact[] = [];
  for (const r of requests) {
    const incident = incidentIdOf(r);
    const opened = epochMs(instantOf(r.opened));
    const department = codes.departments.get(r.department)!;
    const handleClock = r.target === '' ? null : givenClock(null, epochMs(instantOf(r.target)), opened);
    facts.push({
      at: opened,
      kind: 'incident.reported',
      body: {
        incident,
        title: r.type.slice(0, 80),
        category: codes.types.get(r.type)!,
        priority: 3,
        source: sourceOf[r.source] ?? 'other',
        channel: r.source.slice(0, 40),
        ref: r.id,
        at: opened,
        lngLat: r.lngLat,
        area: quarterOf(r.lngLat),
        deadline: handleClock?.due ?? null,
        handleClock,
        fileClock: null,
        flow: 'ordinary',
        department,
      },
    });
    if (r.closed === '') continue;
    const at = epochMs(Math.max(opened, instantOf(r.closed)));
    closings.push(
      { at, kind: 'incident.filed', body: { incident, dispatchClock: null } },
      { at, kind: 'incident.dispatched', body: { incident, department } },
      { at, kind: 'incident.handled', body: { incident } },
      { at, kind: 'incident.verified', body: { incident } },
      { at, kind: 'incident.closed', body: { incident } },
    );
  }
  // a stable sort: at one moment reports come before closings, and the steps of a request in their order
  return [...facts, ...closings].sort((a, b) => a.at - b.at);
}
