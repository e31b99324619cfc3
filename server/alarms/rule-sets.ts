import { judgeOf, type RuleJudge } from '../../model/alarm-judge.ts';
import type { AlarmRule } from '../../model/alarm-rule.ts';
import { ruleForSensor, rulesByKind } from '../../model/alarm-rules.ts';
import type { AreaCode } from '../../model/brand.ts';
import { sensorKindOf } from '../../model/centre.ts';
import { hoursChangeAfter } from '../../model/hours.ts';
import { SILENT_INTERVALS } from '../../model/staleness.ts';
import { type Sensor, treeOf, type World } from '../../model/world.ts';

/** The rules of one sensor as they hold for it: those in force only, a suppressing one before those it suppresses. */
export interface RuleSet {
  readonly judges: readonly RuleJudge[];
  /** silent intervals at which something happens, ascending: the device counts as offline, a no-data rule comes true */
  readonly silences: readonly number[];
  readonly hasNoData: boolean;
  /** some rule looks at other sensors of the device */
  readonly looksAround: boolean;
  /** some rule of another kind looks at sensors of this one */
  readonly isLookedAt: boolean;
  /** seconds expected between two readings */
  readonly intervalS: number;
}

/** What the rules of a kind depend on, beside the kind. */
interface Kind {
  readonly rules: readonly AlarmRule[];
  /** with an override */
  readonly areas: ReadonlySet<AreaCode>;
  /** sensors with an override of their own */
  readonly named: ReadonlySet<string>;
  readonly intervalS: number;
}
/** Of a kind that the centre no longer knows. */
const USUAL_INTERVAL_S = 60;

type Setting = Pick<World, 'centre' | 'rules' | 'areas'>;

/**
 * Effective rules, compiled once per form and shared by all sensors that have them so. Good for one set of rules, centre and areas:
 * with others it is thrown away.
 */
export class RuleSets {
  readonly world: Setting;
  /** kind -> kinds whose rules look at sensors of it */
  readonly lookers: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly kinds = new Map<string, Kind>();
  private readonly byForm = new Map<string, number>();
  private readonly sets: RuleSet[] = [none];
  /** ix -> number of its set; 0 = not looked up yet */
  private ofIx = new Uint32Array(0);

  /** @param placeOf where a sensor stands */
  constructor(
    world: Setting,
    private readonly placeOf: (sensor: Sensor) => AreaCode | null,
  ) {
    this.world = world;
    const lookers = new Map<string, Set<string>>();
    for (const rules of rulesByKind(world).values())
      for (const { enabled, test, kind } of rules)
        if (enabled && test.is === 'both') lookers.set(test.kind, (lookers.get(test.kind) ?? new Set()).add(kind));
    this.lookers = lookers;
  }

  /** Whether these sets still say what the world says. */
  fits = (world: Setting) => world.centre === this.world.centre && world.rules === this.world.rules && world.areas === this.world.areas;

  of(sensor: Sensor): RuleSet {
    const { ix } = sensor;
    if (ix >= this.ofIx.length) {
      const wider = new Uint32Array(Math.max(64, ix + 1, Math.ceil(this.ofIx.length * 1.25)));
      wider.set(this.ofIx);
      this.ofIx = wider;
    }
    this.ofIx[ix] ||= this.numberOf(sensor);
    return this.sets[this.ofIx[ix]!]!;
  }
  forget(ix: number) {
    if (ix < this.ofIx.length) this.ofIx[ix] = 0;
  }

  private numberOf(sensor: Sensor): number {
    const known = this.kinds.get(sensor.kind) ?? this.takeKind(sensor.kind);
    const place = known.areas.size > 0 ? this.placeOf(sensor) : null;
    const form = `${sensor.kind}\0${this.marked(known, place)}\0${known.named.has(sensor.id) ? sensor.id : ''}`;
    let number = this.byForm.get(form);
    if (number === undefined) {
      number = this.sets.push(this.compile(sensor, place, known)) - 1;
      this.byForm.set(form, number);
    }
    return number;
  }

  /** The areas around a place that have an override: places with the same ones have the same rules. */
  private marked({ areas }: Kind, place: AreaCode | null): string {
    if (place === null) return '';
    const around = treeOf(this.world).path(place);
    return around.flatMap((a) => (areas.has(a.code) ? [a.code] : [])).join(' ');
  }

  private takeKind(code: string): Kind {
    const rules = rulesByKind(this.world).get(code) ?? [];
    const overrides = rules.flatMap((r) => r.overrides);
    const kind = {
      rules,
      areas: new Set(overrides.flatMap((o) => (o.area === undefined ? [] : [o.area]))),
      named: new Set(overrides.flatMap((o) => (o.sensor === undefined ? [] : [o.sensor]))),
      intervalS: sensorKindOf(this.world.centre, code)?.intervalS ?? USUAL_INTERVAL_S,
    };
    this.kinds.set(code, kind);
    return kind;
  }

  private compile(sensor: Sensor, area: AreaCode | null, { rules, intervalS }: Kind): RuleSet {
    const offset = this.world.centre?.utcOffsetMinutes ?? 0;
    const held = rules.map((r) => ruleForSensor(this.world, r, { id: sensor.id, area })).filter((r) => r.enabled);
    const judges = causesFirst(held).map((r) => judgeOf(r, offset));
    const noData = held.flatMap((r) => (r.test.is === 'no-data' ? [r.test.intervals] : []));
    return {
      judges,
      silences: [...new Set([SILENT_INTERVALS, ...noData])].sort((a, b) => a - b),
      hasNoData: noData.length > 0,
      looksAround: held.some((r) => r.test.is === 'both'),
      isLookedAt: this.lookers.has(sensor.kind),
      intervalS,
    };
  }

  /** Kinds of which a rule, or an override of one, has hours that begin or end next, and when; null = none has any. */
  hoursChangeAfter(now: number): { at: number; kinds: ReadonlySet<string> } | null {
    const offset = this.world.centre?.utcOffsetMinutes ?? 0;
    let at = Number.POSITIVE_INFINITY;
    let kinds = new Set<string>();
    for (const [kind, rules] of rulesByKind(this.world))
      for (const r of rules.filter((x) => x.enabled))
        for (const { hours } of [r, ...r.overrides]) {
          const change = hours ? hoursChangeAfter(hours, now, offset) : null;
          if (change === null || change > at) continue;
          if (change < at) kinds = new Set();
          at = change;
          kinds.add(kind);
        }
    return kinds.size ? { at, kinds } : null;
  }
}

const none: RuleSet = {
  judges: [],
  silences: [SILENT_INTERVALS],
  hasNoData: false,
  looksAround: false,
  isLookedAt: false,
  intervalS: USUAL_INTERVAL_S,
};

/** A rule after the one that suppresses it; a ring of rules that suppress each other ends where it began. */
function causesFirst(rules: readonly AlarmRule[]): AlarmRule[] {
  const byCode = new Map(rules.map((r) => [r.code, r]));
  const depth = (r: AlarmRule) => {
    let n = 0;
    for (let at: AlarmRule | undefined = r; at?.suppressedWhile && n < rules.length; at = byCode.get(at.suppressedWhile)) n += 1;
    return n;
  };
  return [...rules].sort((a, b) => depth(a) - depth(b));
}
