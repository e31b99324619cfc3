import { categoryOf } from '../../model/centre.ts';
import type { Incident, IncidentStep } from '../../model/incident.ts';
import { organs, type StepForm, type WhistleActForm } from '../../model/incident-forms.ts';
import { demoParsed } from '../centre.ts';
import { calledFor } from '../channels.ts';
import { between, pick, type Rng, rngFor, weighted } from '../rng.ts';
import { verdictOf } from '../verdict.ts';
import { resultOf, words } from '../words.ts';

const MINUTE = 60_000;
/** A visitor who has touched a matter is left alone with it for so long, ms of our time. */
export const HANDS_OFF_MS = 5 * MINUTE;

/** An incident as the desk knows it, and what it noticed about it; moments on the street's own clock. */
export interface Matter {
  incident: Incident;
  /** when its state began */
  since: number;
  deadline: number | null;
  /** the deadline that was told in, epoch ms */
  due: number | null;
  /** until when the operator's steps are a visitor's */
  deskHeld: number;
  /** until when the steps of workers and departments are a visitor's */
  workHeld: number;
  /** until when nothing is tried again after a refusal */
  restUntil: number;
  /** when a thing was first seen: `whistle 1`, `urged 1 gas`, `help`, `extension` */
  readonly seen: Map<string, number>;
  /** what was done once and leaves no mark: a note, a photo */
  readonly done: Set<string>;
}

export type Move =
  | {
      readonly do: 'step';
      readonly incident: string;
      readonly form: Omit<StepForm, 'step'> & { readonly step: IncidentStep };
      readonly choose?: true;
    }
  | { readonly do: 'whistle'; readonly incident: string; readonly form: Record<string, unknown> }
  | { readonly do: 'act'; readonly incident: string; readonly form: WhistleActForm }
  | { readonly do: 'photo'; readonly incident: string };

/** What the desk needs to know of the street to decide. */
export interface Around {
  readonly now: number;
  readonly seed: number;
  /** open matters so far, and how many there should be */
  readonly crowded: boolean;
  readonly mayClose: boolean;
  /** is the unit where the matter is? null = it is not one of those that walk here */
  readonly there: (unit: string, area: string | null) => boolean | null;
  /** an older open matter of which this one is the second report */
  readonly original: (i: Incident) => string | null;
}

type Fate = 'plain' | 'decline' | 'reject' | 'return' | 'extension' | 'suspend' | 'help' | 'rework';
const fates: readonly (readonly [Fate, number])[] = [
  ['plain', 82],
  ['decline', 2.5],
  ['reject', 2],
  ['return', 2],
  ['extension', 3],
  ['suspend', 1],
  ['help', 3],
  ['rework', 4.5],
];
/** What this matter has in store, drawn once: asked again, the same. */
const fateOf = (seed: number, id: string) => weighted(rngFor(seed, `${id} fate`), fates);

/**
 * What happens next on a matter, or null: of the worker in the street, of the departments called, of the operator at the desk. The
 * operator's part is left out while a visitor has it in hand.
 */
export function turnOf(m: Matter, a: Around): Move | null {
  if (a.now < m.restUntil) return null;
  const deskFree = a.now >= m.deskHeld;
  const workFree = a.now >= m.workHeld;
  return (workFree ? departments(m, a) : null) ?? (deskFree ? operator(m, a) : null) ?? (workFree ? worker(m, a) : null);
}

const drawn = (m: Matter, a: Around, what: string): Rng => rngFor(a.seed, `${m.incident.id} ${what} ${m.incident.marks.length}`);
const once = (m: Matter, a: Around, what: string): Rng => rngFor(a.seed, `${m.incident.id} ${what}`);
const fast = (a: Around) => (a.crowded ? 0.4 : 1);
const after = (m: Matter, a: Around, r: Rng, lo: number, hi: number) => a.now >= m.since + between(r, lo, hi) * MINUTE * fast(a);
const sinceSeen = (m: Matter, a: Around, what: string) => a.now - (m.seen.get(what) ?? a.now);
const step = (m: Matter, form: Record<string, unknown> & { step: IncidentStep }, choose?: true): Move => ({
  do: 'step',
  incident: m.incident.id,
  form: form as never,
  ...(choose ? { choose } : {}),
});
const fresh = (i: Incident, ...steps: IncidentStep[]) => !i.marks.some((k) => steps.includes(k.step as IncidentStep));

function operator(m: Matter, a: Around): Move | null {
  const i = m.incident;
  const r = drawn(m, a, 'desk');
  const fate = fateOf(a.seed, i.id);
  const rated = whistleByDesk(m, a);
  if (rated) return rated;
  if (i.helpAskedAt !== null && sinceSeen(m, a, 'help') > between(r, 0.8, 2.5) * MINUTE) return step(m, { step: 'reinforce' }, true);
  if (i.extension && sinceSeen(m, a, 'extension') > between(r, 4, 12) * MINUTE) {
    return r() < 0.8 ? step(m, { step: 'grant-extension' }) : step(m, { step: 'deny-extension', reason: pick(r, words.denied) });
  }
  switch (i.state) {
    case 'reported': {
      const into = a.original(i);
      if (into) return after(m, a, r, 5, 11) ? step(m, { step: 'merge', into, reason: '与在办事件为同一问题' }) : null;
      if (!after(m, a, r, 0.4, i.priority <= 2 ? 1 : 2.5)) return null;
      if (fate === 'decline' && i.priority > 2) return step(m, { step: 'decline', reason: pick(r, words.decline) });
      return step(m, { step: 'file', ...(r() < 0.6 ? { note: pick(r, words.file) } : {}) });
    }
    case 'filed':
      return after(m, a, r, i.priority <= 2 ? 0.8 : 2.5, i.priority <= 2 ? 2 : 7.5) ? step(m, { step: 'dispatch' }, true) : null;
    case 'handled':
      if (!after(m, a, r, 5, 20)) return null;
      if (i.flow === 'dispute') {
        const kept = i.agreement?.outcome === 'agreed' && r() < 0.95;
        return step(m, { step: 'revisit', kept, note: pick(r, kept ? words.kept : words.broken) });
      }
      if (fate === 'rework' && fresh(i, 'rework')) return step(m, { step: 'rework', reason: pick(r, words.rework) });
      return step(m, { step: 'verify', ...(r() < 0.7 ? { note: pick(r, words.verify) } : {}) });
    case 'verified':
      return a.mayClose && after(m, a, r, 1, 8) ? step(m, { step: 'close', answer: pick(r, words.answer) }) : null;
    case 'suspended':
      return i.suspension && i.suspension.reviewAt <= a.now ? step(m, { step: 'resume', note: '到期复核，恢复办理' }) : null;
    case 'arrived':
      if (fate === 'suspend' && i.priority > 2 && fresh(i, 'suspend') && after(m, a, r, 6, 20)) {
        return step(m, { step: 'suspend', reason: pick(r, words.suspend), reviewAt: Math.round(a.now + between(r, 1.5, 4) * 60 * MINUTE) });
      }
      return null;
    default:
      return null;
  }
}

/** The caller's side of a whistle: blown for a few, urged, released when the matter is handled, rated. */
function whistleByDesk(m: Matter, a: Around): Move | null {
  const i = m.incident;
  const r = once(m, a, 'whistle');
  const wants = r() < (i.priority === 1 ? 0.8 : 0.035);
  if (wants && i.whistles.length === 0 && i.state === 'arrived' && a.now >= m.since + MINUTE) {
    const departments = calledFor(categoryOf(demoParsed, i.category)).slice(0, i.priority === 1 ? 4 : 2);
    const kind = i.priority <= 2 ? 'urgent' : 'tough';
    const grounds = i.priority <= 2 ? 'emergency' : 'joint';
    return { do: 'whistle', incident: i.id, form: { kind, grounds, text: pick(r, words.whistle), departments } };
  }
  for (const w of i.whistles) {
    const over = i.state === 'handled' || i.state === 'verified' || i.state === 'closed';
    if (w.releasedAt === null && over) return act(m, { act: 'release', whistle: w.no });
    const late = w.calls.find((c) => c.answeredAt === null && c.urgedAt.length === 0);
    if (w.releasedAt === null && late && sinceSeen(m, a, `whistle ${w.no}`) > 6 * MINUTE)
      return act(m, { act: 'urge', whistle: w.no, department: late.department });
    const unrated =
      w.releasedAt === null ? undefined : w.calls.find((c) => c.rating === null && !m.done.has(`rate ${w.no} ${c.department}`));
    if (unrated) {
      m.done.add(`rate ${w.no} ${unrated.department}`);
      const rating =
        unrated.arrivedAt === null
          ? 2
          : (weighted(r, [
              [5, 6],
              [4, 3],
              [3, 1],
            ]) as 3 | 4 | 5);
      return act(m, { act: 'rate', whistle: w.no, department: unrated.department, rating });
    }
  }
  return null;
}
const act = (m: Matter, form: WhistleActForm): Move => ({ do: 'act', incident: m.incident.id, form });

/** 部门报到: a called department answers after some minutes, soon when it is urged, and reports in. */
function departments(m: Matter, a: Around): Move | null {
  for (const w of m.incident.whistles) {
    if (w.releasedAt !== null) continue;
    const pace = w.kind === 'urgent' ? 1 : w.kind === 'tough' ? 4 : 10;
    for (const c of w.calls) {
      const r = once(m, a, `whistle ${w.no} ${c.department}`);
      const slow = r() < 0.15;
      const answers = between(r, 0.6, 3.5) * pace * (slow ? 4 : 1);
      const comes = between(r, 2, 6) * pace;
      const waited = sinceSeen(m, a, `whistle ${w.no}`) / MINUTE;
      const urged = m.seen.has(`urged ${w.no} ${c.department}`) && sinceSeen(m, a, `urged ${w.no} ${c.department}`) > 1.5 * MINUTE;
      if (c.answeredAt === null && (waited > answers || urged)) {
        return act(m, { act: 'answer', whistle: w.no, department: c.department, note: pick(r, words.whistleAnswer) });
      }
      if (c.answeredAt !== null && c.arrivedAt === null && sinceSeen(m, a, `answered ${w.no} ${c.department}`) > comes * MINUTE) {
        return act(m, { act: 'arrive', whistle: w.no, department: c.department, note: pick(r, words.whistleArrive) });
      }
    }
  }
  return null;
}

/** The worker in the street: takes it, walks there, says what is going on, and when it is done. */
function worker(m: Matter, a: Around): Move | null {
  const i = m.incident;
  const r = drawn(m, a, 'work');
  const fate = fateOf(a.seed, i.id);
  const coming = i.crew.find((c) => !c.lead && c.arrivedAt === null && isThere(m, a, c.unit));
  if (coming && (i.state === 'accepted' || i.state === 'arrived')) return step(m, { step: 'join', unit: coming.unit });
  switch (i.state) {
    case 'dispatched': {
      const firstTime = fresh(i, 'reject', 'return', 'rework', 'reopen');
      if (!after(m, a, r, 0.3, i.priority <= 2 ? 0.7 : 1.6)) return null;
      if (fate === 'reject' && firstTime) return step(m, { step: 'reject', reason: pick(r, words.reject) });
      if (fate === 'return' && firstTime && i.priority > 1) return step(m, { step: 'return', reason: pick(r, words.wrongDepartment) });
      return step(m, { step: 'accept' });
    }
    case 'accepted':
      return after(m, a, r, 0.8, 1.2) && isThere(m, a, i.unit)
        ? step(m, { step: 'arrive', ...(r() < 0.5 ? { note: pick(r, words.arrive) } : {}) })
        : null;
    case 'arrived':
      return onTheSpot(m, a, fate);
    default:
      return null;
  }
}

/** Units that walk here are there when they are there; of others, and of one that lost its way, one believes it after a while. */
function isThere(m: Matter, a: Around, unit: string | null): boolean {
  const seen = unit === null ? null : a.there(unit, m.incident.area);
  const late = m.incident.priority <= 2 ? 7 : 18;
  return seen === true || a.now - m.since > (seen === null ? late / 3 : late) * MINUTE;
}

function onTheSpot(m: Matter, a: Around, fate: Fate): Move | null {
  const i = m.incident;
  // the moment is drawn for the arrival, so that a note or a plea does not move it
  const r = once(m, a, `spot ${i.marks.findLast((k) => k.state === 'arrived' && k.step !== 'mediate')?.at ?? 0}`);
  const room = m.deadline === null ? 90 * MINUTE : Math.max(0, m.deadline - m.since);
  const late = r() < 0.05 && fate !== 'extension';
  const share = late ? between(r, 1.02, 1.2) : between(r, 0.35, 0.85);
  const long = Math.min(room * share, between(r, 50, 110) * MINUTE);
  const whole = Math.max(long, between(r, 5, 12) * MINUTE) * fast(a);
  const part = (a.now - m.since) / whole;
  if (i.extension) return null;
  const note = between(r, 0.15, 0.6);
  if (part > note && r() < 0.45 && !m.done.has('note')) {
    m.done.add('note');
    return step(m, { step: 'note', note: pick(r, words.scene), ...(i.unit ? { unit: i.unit } : {}) });
  }
  if (part > 0.2 && fate === 'help' && fresh(i, 'ask-help')) return step(m, { step: 'ask-help', note: pick(r, words.help) });
  if (part > 0.5 && fate === 'extension' && i.priority > 2 && i.flow === 'ordinary' && i.clocks.handle && fresh(i, 'ask-extension'))
    return step(m, { step: 'ask-extension', reason: pick(r, words.extension), more: { n: 2, unit: 'work-hour' } });
  if (part > 0.4 && i.flow === 'dispute' && !m.done.has('mediate')) {
    m.done.add('mediate');
    return step(m, { step: 'mediate', note: pick(r, words.mediate) });
  }
  // of the gravest a photo comes as soon as there is a hand free for it
  if (part > (i.priority === 1 ? 0.3 : 0.9) && !m.done.has('photo') && (i.priority === 1 || r() < 0.35)) {
    m.done.add('photo');
    return { do: 'photo', incident: i.id };
  }
  if (part < 1) return null;
  if (i.flow === 'dispute') {
    const outcome = weighted(r, [
      ['agreed', 89],
      ['failed', 6],
      ['referred', 5],
    ] as const);
    return step(m, {
      step: 'agree',
      outcome,
      ...(outcome === 'referred' ? { organ: pick(r, organs) } : {}),
      note: pick(r, words[outcome]),
    });
  }
  return step(m, { step: 'handle', result: pick(r, resultOf(i.category)) });
}

/** 评价: six in ten callers are asked some minutes after it is closed; null = not yet, false = never. */
export function rating(m: Matter, a: Pick<Around, 'now' | 'seed'>): Move | false | null {
  const r = rngFor(a.seed, `${m.incident.id} rating`);
  if (r() > 0.6 || m.incident.verdict) return false;
  if (a.now < m.since + between(r, 4, 40) * MINUTE || a.now < m.deskHeld) return null;
  return step(m, { step: 'rate', ...verdictOf(r) });
}
