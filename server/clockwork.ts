import { dueFacts, nextDue } from '../model/escalation.ts';
import type { Fact } from '../model/ledger.ts';
import { type ClockParts, type Clockwork, openDueClock } from './due-clock.ts';

const PER_APPEND = 500;

/** Warns and escalates what is due (model/escalation): every open incident has its moment. */
export const openClockwork = (parts: ClockParts): Promise<Clockwork> =>
  openDueClock(parts, {
    all: (world) => world.incidents.keys(),
    moment(world, id) {
      const incident = world.incidents.get(id);
      return incident ? nextDue(world, incident) : null;
    },
    touched(entry) {
      if (entry.kind === 'centre.configured' || entry.kind === 'boundaries.published') return 'all';
      return entry.kind.startsWith('incident.') ? (entry.body as { incident?: string }).incident : undefined;
    },
    facts: (world, at, ids) => dueFacts(world, at, ids).slice(0, PER_APPEND) as Fact[],
  });
