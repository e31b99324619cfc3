import type { Alarm } from '../model/alarm.ts';
import { limitsOf } from '../model/centre.ts';
import { workTimeOf } from '../model/clock.ts';
import { demoParsed } from './centre.ts';
import { calledFor } from './channels.ts';
import { finish } from './life/ending.ts';
import { type Cast, Life, type MadeOfAlarm } from './life/life.ts';
import { type AddRoom, duplicate, help, play, type Room, whistle } from './life/sides.ts';
import { type Turn, turns } from './life/turns.ts';
import { drawCourt, drawMatter, matterOf } from './matters.ts';
import { between, normal, pick, type Rng, weighted } from './rng.ts';
import type { PastFact } from './story.ts';
import { words } from './words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** One matter to be told. `late`: it is handled after its deadline. */
export interface Matterful {
  readonly id: string;
  readonly community: string;
  readonly at: number;
  readonly late: boolean;
  readonly made?: MadeOfAlarm;
}

/** One matter from its report to its rating, with what may come between; every step as the rules of the product decide it. */
export function tellLife(cast: Cast, r: Rng, { id, community, at, late, made }: Matterful): PastFact[] {
  const matter = made ? matterOf(made.category) : drawMatter(r);
  const court = made ? made.court : (cast.near?.(matter.category, community, at, r) ?? drawCourt(cast.street, community, r));
  const alarms = new Map(made ? [[made.alarm.id, made.alarm as Alarm]] : []);
  const life = new Life(made ? { ...cast, ground: { ...cast.ground, alarms } } : cast, r, id, matter, court);
  life.report(at, made);
  run(life, late ? onlyLate(weighted(r, turns)) : weighted(r, turns), late);
  return life.story.facts;
}

/** A matter that is to be late does not end early, nor is its clock stopped. */
const onlyLate = (turn: Turn): Turn => (turn === 'decline' || turn === 'void' || turn === 'suspend' || turn === 'reopen' ? 'plain' : turn);

function run(life: Life, turn: Turn, late: boolean) {
  const { story, id, r } = life;
  const at = life.reportedAt;
  const p = life.category.priority;
  const filed = at + between(r, 15, 150) * 1000;
  if (turn === 'decline')
    return story.take(at + life.minutes(1, p <= 2 ? 2.8 : 8), id, { step: 'decline', reason: pick(r, words.decline) });
  story.take(filed, id, { step: 'file', ...life.say(words.file, 0.5) });
  // cut at 2.5 deviations, so that no dispatch of an ordinary matter is late by chance
  const response = Math.max(1.2, 6.9 + Math.max(-2.5, Math.min(2.5, normal(r))) * 2.2) * (p === 1 ? 0.35 : p === 2 ? 0.55 : 1);
  const slow = turn === 'slow-dispatch' ? life.minutes(9, 22) : 0;
  // a matter that is returned went to the wrong department first
  const wrong = turn === 'return' ? pick(r, calledFor(life.category).slice(1)) : undefined;
  let now = life.send(Math.max(at + response * MINUTE + slow, filed + 5000), wrong);
  if (turn === 'void') return story.take(now + life.minutes(1, 8), id, { step: 'void', reason: pick(r, words.voided) });
  if (turn === 'reject') {
    now += life.minutes(0.4, 1.5);
    story.take(now, id, { step: 'reject', reason: pick(r, words.reject) });
    now = life.send(now + life.minutes(0.5, 2));
  } else if (turn === 'return') {
    now += life.minutes(0.5, 3);
    story.take(now, id, { step: 'return', reason: pick(r, words.wrongDepartment) });
    now = life.send(now + life.minutes(0.6, 2.5));
  }
  now = life.arrive(now);
  if (turn === 'suspend' && p > 2) {
    now += life.minutes(6, 25);
    const rest = between(r, 3, 44) * HOUR;
    story.take(now, id, { step: 'suspend', reason: pick(r, words.suspend), reviewAt: Math.round(now + rest * 1.2) as never });
    story.take(now + rest, id, { step: 'resume' });
    now = life.arrive(life.send(now + rest + life.minutes(2, 9)));
  }
  const end = work(life, now, handledAt(life, now, late), turn, late);
  finish(life, end, turn);
}

/** When it is handled, from the moment someone is there. */
function handledAt(life: Life, there: number, late: boolean): number {
  const { r } = life;
  const { deadline, clocks } = life.it;
  const limit = limitsOf(life.category).handle!;
  const work = workTimeOf(demoParsed);
  if (late && deadline !== null) {
    const over = Math.min(between(r, 0.05, 0.5) * (limit.unit === 'work-day' ? 6 : limit.n), 5) * HOUR;
    return Math.max(work.advance(deadline, over, clocks.handle?.unit ?? 'urgent-hour'), there + 3 * MINUTE);
  }
  const short = limit.unit === 'urgent-hour' && limit.n <= 0.5;
  const usual = limit.unit === 'urgent-hour' ? limit.n : life.category.priority === 4 ? 8 : 4;
  const share = Math.min(0.93, between(r, 0.12, life.category.priority === 4 ? 0.4 : 0.6) + (short ? 0.3 : 0));
  return Math.max(life.reportedAt + usual * share * HOUR, there + life.minutes(2, 9));
}

/** What happens on the spot until it is handled; returns when that was. */
function work(life: Life, there: number, end: number, turn: Turn, late: boolean): number {
  const { r, story, id } = life;
  const rooms: Room[] = [];
  const room: AddRoom = (at, then) => {
    if (at < end - 20_000) rooms.push({ at, then });
  };
  const within = (lo: number, hi: number) => there + (end - there) * between(r, lo, hi);
  if (r() < 0.22) room(within(0.1, 0.8), (t) => story.take(t, id, { step: 'note', note: pick(r, words.scene) }));
  if (turn === 'help') help(life, within(0.05, 0.2), room);
  if (turn === 'duplicate') duplicate(life, Math.min(within(0, 0.5), there + 25 * MINUTE), room);
  // there is no point in calling departments to what is done before they come
  const worth = end - there > (life.category.priority <= 2 ? 14 : 45) * MINUTE;
  const whistles = worth && r() < (life.category.priority <= 2 ? 0.08 : 0.034);
  if (whistles) whistle(life, within(0.03, 0.12), end, room);
  if (turn === 'extension' && life.category.priority > 2 && life.category.flow === 'ordinary') return extend(life, there, end, rooms, late);
  play(rooms, story);
  return end;
}

function extend(life: Life, there: number, end: number, rooms: Room[], late: boolean): number {
  const { r, story, id } = life;
  const asked = there + (Math.min(end, life.it.deadline ?? end) - there) * between(r, 0.3, 0.6);
  play(
    rooms.filter((x) => x.at < asked),
    story,
  );
  const more = life.it.clocks.handle?.unit === 'work-day' ? { n: 2, unit: 'work-day' as const } : { n: 4, unit: 'work-hour' as const };
  story.take(asked, id, { step: 'ask-extension', reason: pick(r, words.extension), more });
  const decided = story.at + life.minutes(3, 20);
  if (late || r() < 0.2) story.take(decided, id, { step: 'deny-extension', reason: pick(r, words.denied) });
  else story.take(decided, id, { step: 'grant-extension' });
  play(
    rooms.filter((x) => x.at >= asked),
    story,
  );
  if (late) return handledAt(life, story.at, true);
  const { deadline } = life.it;
  return Math.min(Math.max(end, story.at + life.minutes(20, 90)), deadline! - 2 * MINUTE);
}
