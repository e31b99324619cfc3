import { type Alarm, alarmId } from '../model/alarm.ts';
import { alarmStep } from '../model/alarm-fold.ts';
import type { AlarmActForm } from '../model/alarm-forms.ts';
import { limitOf, priorityOfRule } from '../model/alarm-rule.ts';
import { clearedFacts, decideAlarm, raisedFacts } from '../model/alarm-step.ts';
import type { AreaCode, EpochMs } from '../model/brand.ts';
import type { Fact } from '../model/ledger.ts';
import type { World } from '../model/world.ts';
import { type Turn, turnsOf } from './alarm-times.ts';
import { type Excursion, FLUTTER_MS, type Watched } from './causes.ts';
import type { DemoSensor } from './devices.ts';
import type { Quiet } from './quiet.ts';
import { between, pick, type Rng } from './rng.ts';
import type { PastFact } from './story.ts';
import { alarmWords } from './words.ts';

const MINUTE = 60_000;

/** What somebody does to an alarm, should it be possible when the moment comes. */
interface Act {
  readonly at: number;
  readonly alarm: string;
  readonly form: AlarmActForm;
}
type Intent = ({ readonly do: 'turn' } & Turn) | ({ readonly do: 'act' } & Act);

/** Minutes until somebody takes an alarm, by priority. */
const patience: Readonly<Record<number, readonly [number, number]>> = { 1: [0.3, 1.4], 2: [0.5, 4], 3: [1, 9], 4: [3, 24] };

/** What the rules and the desk make of excursions, in order of time, decided by the product's own rules. */
export class AlarmTeller {
  private readonly watched: Watched;
  private readonly quiet: (s: DemoSensor) => Quiet;
  private readonly intents: Intent[] = [];
  /** when a sensor is free of the last excursion */
  private readonly taken = new Map<string, number>();

  constructor(watched: Watched, quiet: (s: DemoSensor) => Quiet) {
    this.watched = watched;
    this.quiet = quiet;
  }

  /**
   * An excursion of the past and what the desk did about it; not told where the sensor has not settled since the last one, or where
   * it would not have ended by `until`. @returns what the rules made of it
   */
  excursion(e: Excursion, r: Rng, until: number): readonly Turn[] {
    const turns = turnsOf(this.watched, this.quiet, e);
    const last = Math.max(e.until, ...turns.map((t) => t.at));
    const sensors = [e.sensor, ...(e.there ? [e.there.sensor] : [])];
    const acts = turns.some((t) => t.active) ? this.desk(e, turns, r, last) : [];
    const over = Math.max(last, ...acts.map((a) => a.at)) + 2 * MINUTE;
    if (over > until || sensors.some((s) => (this.taken.get(s.id) ?? 0) > e.from)) return [];
    for (const s of sensors) this.taken.set(s.id, over);
    this.intents.push(...turns.map((t) => ({ do: 'turn' as const, ...t })), ...acts.map((a) => ({ do: 'act' as const, ...a })));
    return turns;
  }

  /** What stands when the demonstration opens: told as given. Its sensors have been well until then, whatever is drawn for them. */
  standing(turns: readonly Turn[], acts: readonly Act[]) {
    for (const t of turns) this.taken.set(t.sensor.id, Number.POSITIVE_INFINITY);
    this.intents.push(...turns.map((t) => ({ do: 'turn' as const, ...t })), ...acts.map((a) => ({ do: 'act' as const, ...a })));
  }

  private desk(e: Excursion, turns: readonly Turn[], r: Rng, last: number): Act[] {
    const out: Act[] = [];
    const by = new Map<string, Turn[]>();
    for (const t of turns) {
      const id = alarmId(t.sensor.id, t.rule.code);
      by.set(id, [...(by.get(id) ?? []), t]);
    }
    for (const [alarm, list] of by) {
      const [lo, hi] = patience[priorityOfRule(list[0]!.rule)]!;
      const act = (at: number, form: AlarmActForm) => out.push({ at: Math.round(at), alarm, form });
      const first = list[0]!.at;
      const gone = list.at(-1)!.at;
      const seen = first + between(r, lo, hi) * MINUTE;
      act(seen, r() < 0.06 ? { act: 'acknowledge', note: pick(r, alarmWords.note) } : { act: 'acknowledge' });
      // whatever came back unseen is seen when the next round is made
      act(Math.max(gone, seen) + between(r, 1, 12) * MINUTE, { act: 'acknowledge' });
      if (list[0]!.rule.latch) act(gone + between(r, 2, 15) * MINUTE, { act: 'reset', note: pick(r, alarmWords.reset) });
      if (r() < 0.05) act(between(r, seen, Math.max(seen, gone)), { act: 'note', text: pick(r, alarmWords.note) });
      const long = gone - seen > 25 * MINUTE && list[0]!.rule.code !== 'no-data';
      if (e.flutters > 6 && r() < 0.6) this.outOfService(act, first + 5 * FLUTTER_MS, last, r);
      else if (long && priorityOfRule(list[0]!.rule) >= 3 && r() < 0.06) {
        const minutes = Math.min(list[0]!.rule.shelveMaxMinutes, 30 * Math.round(between(r, 1, 8)));
        const shelved = seen + between(r, 1, 6) * MINUTE;
        const reason = pick(r, alarmWords.shelve);
        if (r() < 0.35) act(shelved, { act: 'shelve', kind: 'one-shot', reason });
        else {
          act(shelved, { act: 'shelve', kind: 'timed', minutes, reason });
          act(shelved + (r() < 0.25 ? minutes * between(r, 0.3, 0.9) : minutes) * MINUTE, { act: 'unshelve' });
        }
      }
    }
    return out;
  }

  private outOfService(act: (at: number, form: AlarmActForm) => void, at: number, last: number, r: Rng) {
    act(at, { act: 'remove', reason: pick(r, alarmWords.remove) });
    act(last + between(r, 1, 30) * 60 * MINUTE, { act: 'return' });
  }

  /** Everything up to now, ascending; what cannot be done when its moment comes is not done. */
  facts(): PastFact[] {
    const out: PastFact[] = [];
    const alarms = new Map<string, Alarm>();
    const world: World = { ...this.watched.world, alarms };
    let seq = 0;
    const tell = (at: number, facts: readonly Fact[]) => {
      for (const fact of facts) {
        const entry = { ...fact, seq: ++seq, at, actor: 'import', prev: '', hash: '' };
        const change = alarmStep(alarms.get((fact.body as { alarm: string }).alarm), entry as never);
        if (!change) continue;
        const { alarm } = fact.body as { alarm: string };
        if (change.alarm) alarms.set(alarm, change.alarm);
        else alarms.delete(alarm);
        out.push({ at, kind: fact.kind, body: fact.body as PastFact['body'] });
      }
    };
    for (const i of this.intents.sort((a, b) => a.at - b.at)) {
      if (i.do === 'act') {
        const decided = decideAlarm(world, i.alarm, i.form, null, i.at);
        if (decided.ok) tell(i.at, decided.facts);
        continue;
      }
      const { sensor, rule, at, value } = i;
      const judged = { sensor, area: sensor.area as AreaCode, value, at: Math.round(at - 700) as EpochMs };
      tell(at, i.active ? raisedFacts(world, rule, judged) : clearedFacts(world, rule, judged));
      tell(at, this.suppression(world, sensor));
    }
    return out;
  }

  /** 设计抑制: of the rules of this sensor, those that the state of another hides from now on, or shows again. */
  private suppression(world: World, sensor: DemoSensor): Fact[] {
    return this.watched.rulesOf(sensor).flatMap((rule): Fact[] => {
      if (rule.suppressedWhile === null) return [];
      const id = alarmId(sensor.id, rule.code);
      const by = world.alarms.get(id)?.suppressedBy ?? null;
      const other = world.alarms.get(alarmId(sensor.id, rule.suppressedWhile));
      if (!other?.active) return by === null ? [] : [{ kind: 'alarm.unsuppressed', body: { alarm: id } }];
      if (by !== null) return [];
      const source = {
        alarm: id,
        sensor: sensor.id,
        rule: rule.code,
        priority: priorityOfRule(rule),
        area: other.area,
        lngLat: other.lngLat,
      };
      return [{ kind: 'alarm.suppressed', body: { ...source, value: other.value, limit: limitOf(rule.test), by: rule.suppressedWhile } }];
    });
  }
}
