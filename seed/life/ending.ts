import { organs } from '../../model/incident-forms.ts';
import { between, intBetween, pick, weighted } from '../rng.ts';
import { verdictOf } from '../verdict.ts';
import { words } from '../words.ts';
import type { Life } from './life.ts';
import type { Turn } from './turns.ts';

const MINUTE = 60_000;

/** From its handling to its rating. */
export function finish(life: Life, end: number, turn: Turn) {
  const { r, story, id } = life;
  let now = Math.max(end, story.at + 15_000);
  if (life.category.flow === 'dispute') return settle(life, now);
  // sent back once: the first result came at half of the time
  if (turn === 'rework' && now - story.at > 35 * MINUTE) {
    const first = story.at + (now - story.at) * between(r, 0.3, 0.5);
    life.handle(first);
    const back = first + life.minutes(4, 12);
    story.take(back, id, { step: 'rework', reason: pick(r, words.rework) });
    life.arrive(back);
    now = Math.max(now, story.at + 60_000);
  }
  life.handle(now);
  now += life.minutes(4, 26);
  story.take(now, id, { step: 'verify', ...life.say(words.verify, 0.6) });
  close(life, now, turn === 'reopen');
  if (turn !== 'reopen') return;
  story.take(story.at + life.minutes(10, 50), id, { step: 'reopen', reason: pick(r, words.reopen) });
  now = life.arrive(life.send(story.at + life.minutes(2, 6))) + life.minutes(15, 45);
  life.handle(now);
  story.take(now + life.minutes(5, 20), id, { step: 'verify', ...life.say(words.verify) });
  close(life, story.at);
}

/** 矛盾纠纷: mediated, agreed, looked after again. */
function settle(life: Life, end: number) {
  const { r, story, id } = life;
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
  story.take(end + life.minutes(25, 110), id, { step: 'revisit', kept, note: pick(r, kept ? words.kept : words.broken) });
  close(life, story.at);
}

function close(life: Life, from: number, unsolved = false) {
  const { r, story, id } = life;
  const now = from + life.minutes(1, 9);
  story.take(now, id, { step: 'close', answer: pick(r, words.answer) });
  if (!unsolved && r() > 0.6) return;
  const verdict = verdictOf(r, unsolved);
  story.take(now + life.minutes(8, 150), id, { step: 'rate', ...verdict });
}
