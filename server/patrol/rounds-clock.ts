import { closingFact, daysToClose, nextClosing } from '../../model/rounds.ts';
import { type ClockParts, type Clockwork, openDueClock } from '../due-clock.ts';

/** Rounds written in one append; the rest follows in the next. */
const PER_APPEND = 200;

/**
 * 巡查结束: closes each window of each round once, with what was missed in it. What ended while the server was down is closed when it is up
 * again, before a door is opened: a visit of a new day would put the visits of the day before out of the world.
 */
export const openRoundsClock = (parts: ClockParts): Promise<Clockwork> =>
  openDueClock(parts, {
    all: (world) => world.rounds.keys(),
    moment(world, id) {
      const round = world.rounds.get(id);
      return round ? nextClosing(world, round) : null;
    },
    touched(entry) {
      if (entry.kind === 'centre.configured' || entry.kind === 'rounds.registered') return 'all';
      return entry.kind === 'round.closed' ? entry.body.round : undefined;
    },
    facts: (world, at, ids) =>
      ids.slice(0, PER_APPEND).flatMap((id) => {
        const round = world.rounds.get(id);
        return round ? daysToClose(world, round, at).map((day) => closingFact(world, round, day)) : [];
      }),
  });
