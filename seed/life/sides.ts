import type { WhistleKind } from '../../model/incident-forms.ts';
import { calledFor } from '../channels.ts';
import { between, intBetween, pick, shuffle, weighted } from '../rng.ts';
import type { Story } from '../story.ts';
import { words } from '../words.ts';
import type { Life } from './life.ts';

/** What happens beside the main line of a matter while it is worked on. */
export interface Room {
  readonly at: number;
  readonly then: (at: number) => void;
}
export type AddRoom = (at: number, then: Room['then']) => void;
/** Side events in order of time, each at its own. */
export function play(rooms: readonly Room[], story: Story) {
  for (const { at, then } of [...rooms].sort((a, b) => a.at - b.at)) then(Math.max(at, story.at));
}

export function help(life: Life, at: number, room: AddRoom) {
  const { r, story, id } = life;
  const other = life.unit();
  const sent = at + life.minutes(0.5, 3);
  room(at, (t) => story.take(t, id, { step: 'ask-help', note: pick(r, words.help) }));
  if (other === life.it.unit) return;
  room(sent, (t) => story.take(t, id, { step: 'reinforce', unit: other }));
  const come = sent + life.minutes(3, 10);
  room(come, (t) => {
    if (life.it.crew.some((c) => c.unit === other)) story.take(t, id, { step: 'join', unit: other });
  });
}

export function duplicate(life: Life, at: number, room: AddRoom) {
  const { r, story, id } = life;
  const other = `${id}b`;
  const [lng, lat] = life.it.lngLat;
  const near = [lng + between(r, -2e-4, 2e-4), lat + between(r, -2e-4, 2e-4)] as const;
  const source = pick(r, ['resident', 'hotline', 'street-line'] as const);
  room(at, (t) => {
    life.told(t, other, { source, lngLat: near, title: life.it.title });
    // decided before anything else can happen to the first
    story.take(t + life.minutes(0.6, 2.5), other, { step: 'merge', into: id, reason: '与在办事件为同一问题' });
  });
}

export function whistle(life: Life, at: number, end: number, room: AddRoom) {
  const { r, story, id } = life;
  const urgent = life.category.priority <= 2;
  const kind: WhistleKind = urgent ? 'urgent' : r() < 0.6 ? 'tough' : 'daily';
  const pace = kind === 'urgent' ? 1 : 3;
  const called = shuffle(r, calledFor(life.category)).slice(0, intBetween(r, 1, 4));
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
    const answered = at + life.minutes(0.4, 3.5) * pace;
    const come = answered + life.minutes(1.5, 6) * pace;
    const lazy = r() < 0.12;
    if (lazy) before(at + life.minutes(4, 7) * pace, (t) => story.act(t, id, { act: 'urge', whistle: no, department }));
    before(lazy ? come + life.minutes(3, 6) * pace - 15_000 : answered, (t) =>
      story.act(t, id, { act: 'answer', whistle: no, department, ...life.say(words.whistleAnswer, 0.4) }),
    );
    before(lazy ? come + life.minutes(6, 9) * pace : come, (t) => {
      story.act(t, id, { act: 'arrive', whistle: no, department, ...life.say(words.whistleArrive, 0.4) });
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
