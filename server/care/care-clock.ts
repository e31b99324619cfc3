import { overdueMoment } from '../../model/care.ts';
import { type ClockParts, type Clockwork, openDueClock } from '../due-clock.ts';
import type { AreaPoints } from './area-points.ts';
import { overdueFacts } from './care-facts.ts';

const PER_APPEND = 200;

/** 走访逾期: tells of every visit that was not made in time, with the incident it becomes (care-facts). */
export const openCareClock = (parts: ClockParts & { readonly points: AreaPoints }): Promise<Clockwork> =>
  openDueClock(parts, {
    all: (world) => world.cares.keys(),
    moment(world, id) {
      const care = world.cares.get(id);
      return care ? overdueMoment(care, world.centre) : null;
    },
    touched(entry) {
      if (entry.kind === 'centre.configured' || entry.kind === 'cares.registered') return 'all';
      return entry.kind === 'care.visited' || entry.kind === 'care.overdue' ? entry.body.care : undefined;
    },
    prepare: (world, ids) => (ids.every((id) => world.cares.get(id)?.lngLat) ? Promise.resolve() : parts.points.prepare(world)),
    facts: (world, at, ids) => overdueFacts(world, at, ids.slice(0, PER_APPEND), parts.points.of),
  });
