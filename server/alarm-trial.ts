import type { Actor } from '../model/access.ts';
import { judgeOf, type RuleJudge } from '../model/alarm-judge.ts';
import type { AlarmRule } from '../model/alarm-rule.ts';
import { ruleMistake } from '../model/alarm-rule-check.ts';
import { ruleForSensor } from '../model/alarm-rules.ts';
import { SensorTrial } from '../model/alarm-trial.ts';
import type { AreaCode } from '../model/brand.ts';
import { sensorKindOf } from '../model/centre.ts';
import { within } from '../model/columns.ts';
import { CHUNK_MS, chunkStart, noSeries, type Series } from '../model/reading-chunk.ts';
import type { Sensor, World } from '../model/world.ts';
import { askedSpan } from './asked-span.ts';
import { mustBeAllowed } from './commands.ts';
import type { Ledger } from './ledger/ledger.ts';
import { Refused } from './refused.ts';
import type { ColdReadings } from './telemetry/cold-readings.ts';
import { slices } from './telemetry/slices.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world'>;
  readonly readings: Pick<ColdReadings, 'spans' | 'weigh'>;
  /** where a sensor stands */
  readonly placeOf: (sensor: Sensor) => AreaCode | null;
  readonly now: () => number;
}
/** What a rule would have done, as model/alarm-trial says of each sensor. Moments are epoch ms. */
export interface Trial {
  readonly from: number;
  /** exclusive */
  readonly to: number;
  /** the history begins there, `from` where it reaches back farther; null = there is none */
  readonly coveredFrom: number | null;
  /** that were judged, and the readings of them */
  readonly sensors: number;
  readonly readings: number;
  readonly raised: number;
  /** the first 500 */
  readonly rows: readonly TrialRow[];
  /** most first */
  readonly bySensor: readonly { readonly sensor: string; readonly raised: number }[];
}
interface TrialRow {
  readonly sensor: string;
  readonly raisedAt: number;
  readonly clearedAt: number | null;
  readonly peak: number;
}

const DAY_MS = 86_400_000;
const USUAL_DAYS = 7;
const MAX_DAYS = 35;
/** bytes of chunks: about 25 million readings, some seconds of one core */
const MAX_BYTES = 64_000_000;
/** spans of sensors to look up, whether there is anything in them or not */
const MAX_LOOKUPS = 400_000;
const LOOKUPS_AT_ONCE = 400;
const ROWS = 500;
const MAX_WAITING = 4;
/** readings that show a rhythm: eight intervals, as model/staleness learns it */
const FIRST = 9;

/** Rules tried over the readings at rest: one trial at a time, a few milliseconds of the server at a time. */
export function openAlarmTrials({ ledger, readings, placeOf, now }: Parts) {
  let before: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  /** @throws Refused when it may not be asked, the rule makes no sense, or too much would have to be read */
  async function run(actor: Actor, rule: AlarmRule, asked: { readonly from?: number | undefined; readonly to?: number | undefined }) {
    const { world } = ledger;
    mustBeAllowed(actor, 'watch', null, world);
    const wrong = ruleMistake(world, rule);
    if (wrong) throw new Refused(400, `rule.${wrong.field}`, wrong.rule);
    const { from, to } = askedSpan(asked, { now: now(), usualMs: USUAL_DAYS * DAY_MS, maxDays: MAX_DAYS });

    const begin = chunkStart(from - warmUpMs(rule));
    const subjects = subjectsOf(world, rule, placeOf);
    const spans = Math.ceil((to - begin) / CHUNK_MS);
    const all = [...new Set(subjects.flatMap((s) => [s.sensor.ix, ...s.neighbours.map((n) => n.ix)]))];
    if (all.length * spans > MAX_LOOKUPS) throw tooMuch(`${all.length} sensors over ${Math.ceil((to - from) / DAY_MS)} days`);
    const bytes = await readings.weigh(all, begin, to);
    if (bytes > MAX_BYTES) throw tooMuch(`${Math.round(bytes / 1e6)} MB of readings, at most ${MAX_BYTES / 1e6} MB`);
    return judgeAll(world, subjects, { begin, from, to });
  }

  async function judgeAll(world: World, subjects: readonly Subject[], { begin, from, to }: { begin: number; from: number; to: number }) {
    const usualMs = 1000 * (sensorKindOf(world.centre, subjects[0]?.sensor.kind)?.intervalS ?? 60);
    const slice = slices();
    let coveredFrom: number | null = null;
    let count = 0;
    let raised = 0;
    let rows: TrialRow[] = [];
    const bySensor: { sensor: string; raised: number }[] = [];
    const firstRows = () => {
      rows = rows.sort((a, b) => a.raisedAt - b.raisedAt || (a.sensor < b.sensor ? -1 : 1)).slice(0, ROWS);
    };
    const batch = Math.max(1, Math.floor(LOOKUPS_AT_ONCE / Math.ceil((to - begin) / CHUNK_MS)));
    for (let i = 0; i < subjects.length; i += batch) {
      const some = subjects.slice(i, i + batch);
      const held = await readings.spans([...new Set(some.flatMap((s) => [s.sensor.ix, ...s.neighbours.map((n) => n.ix)]))], begin, to - 1);
      for (const { sensor, judge, neighbours } of some) {
        const own = held.get(sensor.ix)!;
        const trial = new SensorTrial(judge, Math.max(usualMs, rhythmAtFirst(own.values())), begin);
        for (let start = begin; start < to; start += CHUNK_MS) {
          const series = own.get(start) ?? noSeries;
          const others = neighbours.map((n) => ({ kind: n.kind, series: held.get(n.ix)!.get(start) ?? noSeries }));
          trial.take(series, others);
          count += within(series, from, to - 1).at.length;
          const first = series.at[0];
          if (first !== undefined) coveredFrom = Math.min(coveredFrom ?? first, first);
          await slice();
        }
        trial.end(to);
        const spells = trial.spells.filter((s) => s.raisedAt >= from);
        if (spells.length === 0) continue;
        raised += spells.length;
        bySensor.push({ sensor: sensor.id, raised: spells.length });
        for (const s of spells.slice(0, ROWS)) rows.push({ sensor: sensor.id, ...s });
        if (rows.length > 20 * ROWS) firstRows();
      }
    }
    firstRows();
    bySensor.sort((a, b) => b.raised - a.raised || (a.sensor < b.sensor ? -1 : 1));
    const covered = coveredFrom === null ? null : Math.max(from, coveredFrom);
    const trial: Trial = { from, to, coveredFrom: covered, sensors: subjects.length, readings: count, raised, rows, bySensor };
    return trial;
  }

  return {
    async run(...asked: Parameters<typeof run>): Promise<Trial> {
      if (waiting >= MAX_WAITING) throw new Refused(429, 'rule', `${waiting} trials are under way: ask again in a moment`);
      waiting += 1;
      const mine = before.then(() => run(...asked)).finally(() => (waiting -= 1));
      before = mine.catch(() => {});
      return mine;
    },
  };
}
export type AlarmTrials = ReturnType<typeof openAlarmTrials>;

const tooMuch = (what: string) => new Refused(400, 'from', `too much to try at once (${what}): ask for a shorter time`);

/** What must have been told before `from` for the state at `from` to be right: a window, a delay, the rhythm of a sensor. */
const warmUpMs = ({ test, onDelayS }: AlarmRule) => Math.max(CHUNK_MS, 1000 * (onDelayS + (test.is === 'rate' ? test.windowS : 0)));

/**
 * Milliseconds between the first readings there are (their median), 0 for fewer than two. Where the past begins nothing is known of a
 * sensor's rhythm; one that keeps a slower one than its kind must not count as silent until three intervals are learnt.
 */
function rhythmAtFirst(spans: Iterable<Series>): number {
  const at: number[] = [];
  for (const s of spans) {
    at.push(...s.at.slice(0, FIRST - at.length));
    if (at.length >= FIRST) break;
  }
  const gaps = at.slice(1).map((t, i) => t - at[i]!);
  return gaps.sort((a, b) => a - b)[gaps.length >> 1] ?? 0;
}

interface Subject {
  readonly sensor: Sensor;
  readonly judge: RuleJudge;
  /** on the same device, of the kind that the rule looks at */
  readonly neighbours: readonly Sensor[];
}
/** Every sensor of the kind with the rule as it holds for it; those it is switched off for are none. A rule is tried as if switched on. */
function subjectsOf(world: World, rule: AlarmRule, placeOf: Parts['placeOf']): Subject[] {
  const general = { ...rule, enabled: true };
  const other = rule.test.is === 'both' ? rule.test.kind : null;
  const onDevice = new Map<string, Sensor[]>();
  if (other !== null)
    for (const s of world.sensors.values())
      if (s.kind === other && s.device !== undefined) onDevice.set(s.device, [...(onDevice.get(s.device) ?? []), s]);
  const judges = new Map<AlarmRule, RuleJudge>();
  const judgeFor = (held: AlarmRule) => {
    const judge = judges.get(held) ?? judgeOf(held, world.centre?.utcOffsetMinutes ?? 0);
    judges.set(held, judge);
    return judge;
  };
  return [...world.sensors.values()].flatMap((sensor): Subject[] => {
    if (sensor.kind !== rule.kind) return [];
    const held = ruleForSensor(world, general, { id: sensor.id, area: placeOf(sensor) });
    if (!held.enabled) return [];
    const neighbours = sensor.device === undefined ? [] : (onDevice.get(sensor.device) ?? []).filter((n) => n.ix !== sensor.ix);
    return [{ sensor, judge: judgeFor(held), neighbours }];
  });
}
