import type { Alarm } from '../model/alarm.ts';
import type { LngLat } from '../model/brand.ts';
import { type Category, categoryOf, limitsOf } from '../model/centre.ts';
import { workTimeOf } from '../model/clock.ts';
import type { Incident, IncidentSource } from '../model/incident.ts';
import { organs, type WhistleKind } from '../model/incident-forms.ts';
import type { World } from '../model/world.ts';
import { demoParsed } from './centre.ts';
import { drawCourt, drawMatter, drawPlace, drawUnit, type Matter, matterOf } from './matters.ts';
import type { DemoUnit } from './people.ts';
import { between, intBetween, pick, type Rng, shuffle, weighted } from './rng.ts';
import { type PastFact, Story } from './story.ts';
import { communities } from './street/plan.ts';
import type { Court, Street } from './street/street.ts';
import { CITY_LINE, groupsOf, platforms, resultOf, STREET_LINE, words } from './words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface Cast {
  readonly street: Street;
  readonly units: readonly DemoUnit[];
  /** vault ids of residents who may call */
  readonly callers: readonly string[];
  readonly ground: World;
  /** where matters of a kind gather at that time, if anywhere */
  readonly near?: (category: string, community: string, at: number, r: Rng) => Court | null;
}
/** What an alarm made by itself: the matter lies where its sensor is. */
export interface MadeOfAlarm {
  readonly category: string;
  readonly title: string;
  readonly court: Court;
  readonly lngLat: LngLat;
  readonly alarm: Pick<Alarm, 'id' | 'sensor' | 'limit' | 'first'>;
}
/** One matter to be told. `late`: it is handled after its deadline. */
export interface Matterful {
  readonly id: string;
  readonly community: string;
  readonly at: number;
  readonly late: boolean;
  readonly made?: MadeOfAlarm;
}

type Turn =
  | 'plain'
  | 'decline'
  | 'void'
  | 'duplicate'
  | 'return'
  | 'reject'
  | 'extension'
  | 'suspend'
  | 'rework'
  | 'reopen'
  | 'help'
  | 'slow-dispatch';
const turns: readonly (readonly [Turn, number])[] = [
  ['plain', 73.5],
  ['decline', 3],
  ['void', 0.8],
  ['duplicate', 3.2],
  ['return', 2.6],
  ['reject', 2.2],
  ['extension', 2.4],
  ['suspend', 1.3],
  ['rework', 6.6],
  ['reopen', 0.9],
  ['help', 2],
  ['slow-dispatch', 1.5],
];

/** One matter from its report to its rating, with what may come between; every step as the rules of the product decide it. */
export function tellLife(cast: Cast, r: Rng, { id, community, at, late, made }: Matterful): PastFact[] {
  const matter = made ? matterOf(made.category) : drawMatter(r);
  const court = made ? made.court : (cast.near?.(matter.category, community, at, r) ?? drawCourt(cast.street, community, r));
  const alarms = new Map(made ? [[made.alarm.id, made.alarm as Alarm]] : []);
  const life = new Life(made ? { ...cast, ground: { ...cast.ground, alarms } } : cast, r, id, matter, court);
  life.report(at, made);
  life.run(late ? onlyLate(weighted(r, turns)) : weighted(r, turns), late);
  return life.story.facts;
}

/** A matter that is to be late does not end early, nor is its clock stopped. */
const onlyLate = (turn: Turn): Turn => (turn === 'decline' || turn === 'void' || turn === 'suspend' || turn === 'reopen' ? 'plain' : turn);

/** Channel and number of a ticket, where a report came by one. */
export function channelOf(source: IncidentSource, community: string, at: number, r: Rng): { channel?: string; ref?: string } {
  const day = new Date(at + 8 * HOUR).toISOString().slice(2, 10).replaceAll('-', '');
  if (source === 'hotline') return { channel: CITY_LINE, ref: `CD${day}${String(intBetween(r, 1, 99_999)).padStart(5, '0')}` };
  if (source === 'street-line') return { channel: STREET_LINE, ref: `JX${day}-${String(intBetween(r, 1, 99)).padStart(2, '0')}` };
  if (source !== 'resident') return {};
  const n = communities.findIndex((c) => c.code === community);
  const groups = groupsOf(n, communities[n]!.name);
  return {
    channel: weighted<string>(r, [[platforms[0], 4], [platforms[1], 2], ...groups.map((g) => [g, 5 / groups.length] as const)]),
  };
}
export const isCall = (source: IncidentSource) => source === 'hotline' || source === 'street-line' || source === 'resident';

/** Departments a whistle of a category calls, the one that answers for it first. */
export function calledFor(category: Pick<Category, 'department' | 'group'>): string[] {
  const group: Readonly<Record<string, readonly string[]>> = {
    安全: ['emergency', 'fire-rescue', 'market', 'power'],
    综治: ['police', 'justice', 'housing'],
    城管: ['law', 'market', 'ecology', 'sanitation'],
    民生: ['housing', 'water', 'civil', 'power'],
  };
  const list = [category.department ?? 'emergency', ...(group[category.group ?? ''] ?? ['emergency', 'police'])];
  return [...new Set(list)];
}

class Life {
  readonly story: Story;
  private readonly cast: Cast;
  private readonly r: Rng;
  private readonly id: string;
  private readonly matter: Matter;
  private readonly court: Court;
  private readonly category: Category;
  private reportedAt = 0;

  constructor(cast: Cast, r: Rng, id: string, matter: Matter, court: Court) {
    this.cast = cast;
    this.r = r;
    this.id = id;
    this.matter = matter;
    this.court = court;
    this.category = categoryOf(demoParsed, matter.category);
    this.story = new Story(cast.ground);
  }

  private get it(): Incident {
    return this.story.incident(this.id);
  }
  private say(list: readonly string[], share = 1): { note?: string } {
    return this.r() < share ? { note: pick(this.r, list) } : {};
  }
  private minutes(lo: number, hi: number): number {
    return between(this.r, lo, hi) * MINUTE;
  }
  private unit(): string {
    return drawUnit(this.cast.units, this.matter, this.court.community, this.r).id;
  }

  /** The first report of it; `made`: by an alarm. */
  report(at: number, made?: MadeOfAlarm) {
    const { r, matter, court } = this;
    const source = made ? 'sensor' : weighted(r, matter.sources);
    const lngLat = made?.lngLat ?? drawPlace(court, r);
    const title = made?.title ?? `${court.name}${pick(r, matter.titles)}`;
    this.reportedAt = at;
    this.told(at, this.id, { source, lngLat, title, ...(made ? { alarm: made.alarm.id, priority: 1 } : {}) });
  }

  private told(
    at: number,
    id: string,
    { source, ...said }: { source: IncidentSource; lngLat: LngLat; title: string; alarm?: string; priority?: 1 },
  ) {
    const { r, court } = this;
    const happened = Math.round(at - between(r, 1, 40) * 1000);
    const caller = isCall(source) && r() < 0.6 ? { reporter: pick(r, this.cast.callers) } : {};
    const { code } = this.category;
    // a ticket of the city's hotline that asks for help carries a deadline of its own: 7 working days
    const due =
      source === 'hotline' && (code === 'other' || code === 'leak') && r() < 0.5
        ? { due: workTimeOf(demoParsed).after(at, { n: 7, unit: 'work-day' }) }
        : {};
    this.story.report(
      at,
      id,
      {
        ...said,
        category: code,
        source,
        at: happened as never,
        lngLat: said.lngLat as never,
        ...channelOf(source, court.community, at, r),
        ...caller,
        ...due,
      },
      court.code,
    );
  }

  run(turn: Turn, late: boolean) {
    const { story, id, r } = this;
    const at = this.reportedAt;
    const p = this.category.priority;
    const filed = at + between(r, 15, 150) * 1000;
    if (turn === 'decline')
      return story.take(at + this.minutes(1, p <= 2 ? 2.8 : 8), id, { step: 'decline', reason: pick(r, words.decline) });
    story.take(filed, id, { step: 'file', ...this.say(words.file, 0.5) });
    const response = Math.max(1.2, 6.9 + deviate(r) * 2.2) * (p === 1 ? 0.35 : p === 2 ? 0.55 : 1);
    const slow = turn === 'slow-dispatch' ? this.minutes(9, 22) : 0;
    // a matter that is returned went to the wrong department first
    const wrong = turn === 'return' ? pick(r, calledFor(this.category).slice(1)) : undefined;
    let now = this.send(Math.max(at + response * MINUTE + slow, filed + 5000), wrong);
    if (turn === 'void') return story.take(now + this.minutes(1, 8), id, { step: 'void', reason: pick(r, words.voided) });
    if (turn === 'reject') {
      now += this.minutes(0.4, 1.5);
      story.take(now, id, { step: 'reject', reason: pick(r, words.reject) });
      now = this.send(now + this.minutes(0.5, 2));
    } else if (turn === 'return') {
      now += this.minutes(0.5, 3);
      story.take(now, id, { step: 'return', reason: pick(r, words.wrongDepartment) });
      now = this.send(now + this.minutes(0.6, 2.5));
    }
    now = this.arrive(now);
    if (turn === 'suspend' && p > 2) {
      now += this.minutes(6, 25);
      const rest = between(r, 3, 44) * HOUR;
      story.take(now, id, { step: 'suspend', reason: pick(r, words.suspend), reviewAt: Math.round(now + rest * 1.2) as never });
      story.take(now + rest, id, { step: 'resume' });
      now = this.arrive(this.send(now + rest + this.minutes(2, 9)));
    }
    const end = this.work(now, this.end(now, late), turn, late);
    this.finish(end, turn);
  }

  private send(at: number, department = this.it.department ?? this.category.department): number {
    this.story.take(at, this.id, { step: 'dispatch', unit: this.unit(), ...(department ? { department } : {}) });
    return at;
  }
  private arrive(sent: number): number {
    const fast = this.category.priority <= 2;
    const accepted = sent + this.minutes(0.2, fast ? 0.9 : 2.5);
    this.story.take(accepted, this.id, { step: 'accept' });
    const there = accepted + this.minutes(fast ? 1.5 : 3, fast ? 4.5 : 13);
    this.story.take(there, this.id, { step: 'arrive', ...this.say(words.arrive, 0.3) });
    return there;
  }

  /** When it is handled, from the moment someone is there. */
  private end(there: number, late: boolean): number {
    const { r } = this;
    const { deadline, clocks } = this.it;
    const limit = limitsOf(this.category).handle!;
    const work = workTimeOf(demoParsed);
    if (late && deadline !== null) {
      const over = Math.min(between(r, 0.05, 0.5) * (limit.unit === 'work-day' ? 6 : limit.n), 5) * HOUR;
      return Math.max(work.advance(deadline, over, clocks.handle?.unit ?? 'urgent-hour'), there + 3 * MINUTE);
    }
    const short = limit.unit === 'urgent-hour' && limit.n <= 0.5;
    const usual = limit.unit === 'urgent-hour' ? limit.n : this.category.priority === 4 ? 8 : 4;
    const share = Math.min(0.93, between(r, 0.12, this.category.priority === 4 ? 0.4 : 0.6) + (short ? 0.3 : 0));
    return Math.max(this.reportedAt + usual * share * HOUR, there + this.minutes(2, 9));
  }

  /** What happens on the spot until it is handled; returns when that was. */
  private work(there: number, end: number, turn: Turn, late: boolean): number {
    const { r, story, id } = this;
    const rooms: Room[] = [];
    const room: AddRoom = (at, then) => {
      if (at < end - 20_000) rooms.push({ at, then });
    };
    const within = (lo: number, hi: number) => there + (end - there) * between(r, lo, hi);
    if (r() < 0.22) room(within(0.1, 0.8), (t) => story.take(t, id, { step: 'note', note: pick(r, words.scene) }));
    if (turn === 'help') this.help(within(0.05, 0.2), room);
    if (turn === 'duplicate') this.duplicate(Math.min(within(0, 0.5), there + 25 * MINUTE), room);
    // there is no point in calling departments to what is done before they come
    const worth = end - there > (this.category.priority <= 2 ? 14 : 45) * MINUTE;
    const whistles = worth && r() < (this.category.priority <= 2 ? 0.08 : 0.034);
    if (whistles) this.whistle(within(0.03, 0.12), end, room);
    if (turn === 'extension' && this.category.priority > 2 && this.category.flow === 'ordinary')
      return this.extend(there, end, rooms, late);
    play(rooms, story);
    return end;
  }

  private help(at: number, room: AddRoom) {
    const { r, story, id } = this;
    const other = this.unit();
    const sent = at + this.minutes(0.5, 3);
    room(at, (t) => story.take(t, id, { step: 'ask-help', note: pick(r, words.help) }));
    if (other === this.it.unit) return;
    room(sent, (t) => story.take(t, id, { step: 'reinforce', unit: other }));
    const come = sent + this.minutes(3, 10);
    room(come, (t) => {
      if (this.it.crew.some((c) => c.unit === other)) story.take(t, id, { step: 'join', unit: other });
    });
  }

  private duplicate(at: number, room: AddRoom) {
    const { r, story, id } = this;
    const other = `${id}b`;
    const [lng, lat] = this.it.lngLat;
    const near = [lng + between(r, -2e-4, 2e-4), lat + between(r, -2e-4, 2e-4)] as const;
    const source = pick(r, ['resident', 'hotline', 'street-line'] as const);
    room(at, (t) => {
      this.told(t, other, { source, lngLat: near, title: this.it.title });
      // decided before anything else can happen to the first
      story.take(t + this.minutes(0.6, 2.5), other, { step: 'merge', into: id, reason: '与在办事件为同一问题' });
    });
  }

  private whistle(at: number, end: number, room: AddRoom) {
    const { r, story, id } = this;
    const urgent = this.category.priority <= 2;
    const kind: WhistleKind = urgent ? 'urgent' : r() < 0.6 ? 'tough' : 'daily';
    const pace = kind === 'urgent' ? 1 : 3;
    const called = shuffle(r, calledFor(this.category)).slice(0, intBetween(r, 1, 4));
    let no = 0;
    const done = end - between(r, 25, 90) * 1000;
    const before: AddRoom = (when, then) => {
      if (when < done - 1000) room(when, then);
    };
    const arrived = new Set<string>();
    room(at, (t) => {
      const grounds = urgent ? 'emergency' : r() < 0.5 ? 'joint' : 'beyond-power';
      no = story.whistle(t, id, { kind, grounds, text: pick(r, words.whistle), departments: called });
    });
    for (const department of called) {
      const answered = at + this.minutes(0.4, 3.5) * pace;
      const come = answered + this.minutes(1.5, 6) * pace;
      const lazy = r() < 0.12;
      if (lazy) before(at + this.minutes(4, 7) * pace, (t) => story.act(t, id, { act: 'urge', whistle: no, department }));
      before(lazy ? come + this.minutes(3, 6) * pace - 15_000 : answered, (t) =>
        story.act(t, id, { act: 'answer', whistle: no, department, ...this.say(words.whistleAnswer, 0.4) }),
      );
      before(lazy ? come + this.minutes(6, 9) * pace : come, (t) => {
        story.act(t, id, { act: 'arrive', whistle: no, department, ...this.say(words.whistleArrive, 0.4) });
        arrived.add(department);
      });
    }
    room(done, (t) => {
      story.act(t, id, { act: 'release', whistle: no });
      for (const department of called) {
        const rating = arrived.has(department)
          ? (weighted(r, [
              [5, 6],
              [4, 3],
              [3, 1],
            ]) as 3 | 4 | 5)
          : 2;
        if (r() < 0.8) story.act(t, id, { act: 'rate', whistle: no, department, rating });
      }
    });
  }

  private extend(there: number, end: number, rooms: Room[], late: boolean): number {
    const { r, story, id } = this;
    const asked = there + (Math.min(end, this.it.deadline ?? end) - there) * between(r, 0.3, 0.6);
    play(
      rooms.filter((x) => x.at < asked),
      story,
    );
    const more = this.it.clocks.handle?.unit === 'work-day' ? { n: 2, unit: 'work-day' as const } : { n: 4, unit: 'work-hour' as const };
    story.take(asked, id, { step: 'ask-extension', reason: pick(r, words.extension), more });
    const decided = story.at + this.minutes(3, 20);
    if (late || r() < 0.2) story.take(decided, id, { step: 'deny-extension', reason: pick(r, words.denied) });
    else story.take(decided, id, { step: 'grant-extension' });
    play(
      rooms.filter((x) => x.at >= asked),
      story,
    );
    if (late) return this.end(story.at, true);
    const { deadline } = this.it;
    return Math.min(Math.max(end, story.at + this.minutes(20, 90)), deadline! - 2 * MINUTE);
  }

  private finish(end: number, turn: Turn) {
    const { r, story, id } = this;
    let now = Math.max(end, story.at + 15_000);
    if (this.category.flow === 'dispute') return this.settle(now);
    // sent back once: the first result came at half of the time
    if (turn === 'rework' && now - story.at > 35 * MINUTE) {
      const first = story.at + (now - story.at) * between(r, 0.3, 0.5);
      this.handle(first);
      const back = first + this.minutes(4, 12);
      story.take(back, id, { step: 'rework', reason: pick(r, words.rework) });
      this.arrive(back);
      now = Math.max(now, story.at + 60_000);
    }
    this.handle(now);
    now += this.minutes(4, 26);
    story.take(now, id, { step: 'verify', ...this.say(words.verify, 0.6) });
    this.close(now, turn === 'reopen');
    if (turn !== 'reopen') return;
    story.take(story.at + this.minutes(10, 50), id, { step: 'reopen', reason: pick(r, words.reopen) });
    now = this.arrive(this.send(story.at + this.minutes(2, 6))) + this.minutes(15, 45);
    this.handle(now);
    story.take(now + this.minutes(5, 20), id, { step: 'verify', ...this.say(words.verify) });
    this.close(story.at);
  }

  private handle(at: number) {
    this.story.take(at, this.id, { step: 'handle', result: pick(this.r, resultOf(this.category.code)) });
  }

  /** 矛盾纠纷: mediated, agreed, looked after again. */
  private settle(end: number) {
    const { r, story, id } = this;
    const from = story.at;
    const times = intBetween(r, 1, 3);
    for (let k = 1; k <= times; k++)
      story.take(from + ((end - from) * k) / (times + 1), id, { step: 'mediate', note: words.mediate[k === times ? 1 : k === 1 ? 0 : 2]! });
    const outcome = weighted(r, [
      ['agreed', 89],
      ['failed', 6],
      ['referred', 5],
    ] as const);
    const organ = outcome === 'referred' ? { organ: pick(r, organs) } : {};
    story.take(end, id, { step: 'agree', outcome, ...organ, note: pick(r, words[outcome]) });
    const kept = outcome === 'agreed' && r() < 0.95;
    story.take(end + this.minutes(25, 110), id, { step: 'revisit', kept, note: pick(r, kept ? words.kept : words.broken) });
    this.close(story.at);
  }

  private close(from: number, unsolved = false) {
    const { r, story, id } = this;
    const now = from + this.minutes(1, 9);
    story.take(now, id, { step: 'close', answer: pick(r, words.answer) });
    if (!unsolved && r() > 0.6) return;
    const solved = !unsolved && r() < 0.965;
    const satisfaction = solved
      ? weighted(r, [
          ['satisfied', 88],
          ['fair', 9],
          ['dissatisfied', 3],
        ] as const)
      : 'dissatisfied';
    story.take(now + this.minutes(8, 150), id, { step: 'rate', solved, satisfaction });
  }
}

interface Room {
  readonly at: number;
  readonly then: (at: number) => void;
}
type AddRoom = (at: number, then: Room['then']) => void;
/** Side events in order of time, each at its own. */
function play(rooms: readonly Room[], story: Story) {
  for (const { at, then } of [...rooms].sort((a, b) => a.at - b.at)) then(Math.max(at, story.at));
}

/** Normal deviate cut at 2.5, so that no dispatch of an ordinary matter is late by chance. */
const deviate = (r: Rng) => Math.max(-2.5, Math.min(2.5, Math.sqrt(-2 * Math.log(1 - r())) * Math.cos(2 * Math.PI * r())));
