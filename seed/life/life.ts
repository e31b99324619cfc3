import type { Alarm } from '../../model/alarm.ts';
import type { LngLat } from '../../model/brand.ts';
import { type Category, categoryOf } from '../../model/centre.ts';
import { workTimeOf } from '../../model/clock.ts';
import type { Incident, IncidentSource } from '../../model/incident.ts';
import type { World } from '../../model/world.ts';
import { demoParsed } from '../centre.ts';
import { channelOf, isCall } from '../channels.ts';
import { drawPlace, drawUnit, type Matter } from '../matters.ts';
import type { DemoUnit } from '../people.ts';
import { between, pick, type Rng, weighted } from '../rng.ts';
import { Story } from '../story.ts';
import type { Court, Street } from '../street/street.ts';
import { resultOf, words } from '../words.ts';

const MINUTE = 60_000;

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
/** 讲述: one matter while it is told: what its teller knows, and the steps every part of it may take. */
export class Life {
  readonly story: Story;
  private readonly cast: Cast;
  readonly r: Rng;
  readonly id: string;
  readonly matter: Matter;
  readonly court: Court;
  readonly category: Category;
  reportedAt = 0;

  constructor(cast: Cast, r: Rng, id: string, matter: Matter, court: Court) {
    this.cast = cast;
    this.r = r;
    this.id = id;
    this.matter = matter;
    this.court = court;
    this.category = categoryOf(demoParsed, matter.category);
    this.story = new Story(cast.ground);
  }

  get it(): Incident {
    return this.story.incident(this.id);
  }
  say(list: readonly string[], share = 1): { note?: string } {
    return this.r() < share ? { note: pick(this.r, list) } : {};
  }
  minutes(lo: number, hi: number): number {
    return between(this.r, lo, hi) * MINUTE;
  }
  unit(): string {
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

  told(
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

  send(at: number, department = this.it.department ?? this.category.department): number {
    this.story.take(at, this.id, { step: 'dispatch', unit: this.unit(), ...(department ? { department } : {}) });
    return at;
  }
  arrive(sent: number): number {
    const fast = this.category.priority <= 2;
    const accepted = sent + this.minutes(0.2, fast ? 0.9 : 2.5);
    this.story.take(accepted, this.id, { step: 'accept' });
    const there = accepted + this.minutes(fast ? 1.5 : 3, fast ? 4.5 : 13);
    this.story.take(there, this.id, { step: 'arrive', ...this.say(words.arrive, 0.3) });
    return there;
  }
  handle(at: number) {
    this.story.take(at, this.id, { step: 'handle', result: pick(this.r, resultOf(this.category.code)) });
  }
}
