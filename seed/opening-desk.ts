import { alarmId } from '../model/alarm.ts';
import type { AlarmActForm } from '../model/alarm-forms.ts';
import { limitOf } from '../model/alarm-rule.ts';
import { categoryOf } from '../model/centre.ts';
import type { IncidentSource } from '../model/incident.ts';
import type { UnitRole } from '../model/ledger.ts';
import type { Turn } from './alarm-times.ts';
import type { AlarmTeller } from './alarms.ts';
import type { Watched } from './causes.ts';
import { demoParsed } from './centre.ts';
import { channelOf, isCall } from './channels.ts';
import type { DemoSensor } from './devices.ts';
import type { Cast } from './life/life.ts';
import { drawCourt, drawPlace, matterOf } from './matters.ts';
import { type DemoUnit, onDutyOf } from './people.ts';
import { between, pick, type Rng, weighted } from './rng.ts';
import { type PastFact, Story } from './story.ts';
import { communities } from './street/plan.ts';
import type { Court } from './street/street.ts';
import { resultOf, words } from './words.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const steps = ['report', 'file', 'dispatch', 'accept', 'arrive', 'handle', 'verify'] as const;
type Reached = (typeof steps)[number];

interface OnDesk {
  readonly community: number;
  readonly category: string;
  /** the last step of its way so far */
  readonly reached: Reached;
  /** minutes since the report */
  readonly age: number;
  readonly source?: IncidentSource;
  /** what is out of the ordinary about it */
  readonly with?: 'gas' | 'mediation' | 'extension' | 'suspension' | 'second-report';
}
/**
 * What lies on the desk when the demonstration opens: 4 to dispatch, 14 in hand (one of them suspended, one with an extension asked
 * for), 5 to verify and close; one overdue, one gas alarm with 18 minutes left, one report of what the desk already has.
 */
export const onDesk: readonly OnDesk[] = [
  { community: 0, category: 'fire-lane', reached: 'arrive', age: 126.2 },
  { community: 2, category: 'gas-over', reached: 'arrive', age: 11.8, source: 'sensor', with: 'gas' },
  { community: 5, category: 'lift-trapped', reached: 'arrive', age: 8.3, source: 'hotline' },
  { community: 1, category: 'noise', reached: 'handle', age: 206 },
  { community: 0, category: 'manhole', reached: 'arrive', age: 192.6 },
  { community: 4, category: 'dispute', reached: 'arrive', age: 47.9, with: 'mediation' },
  { community: 0, category: 'ebike-charging', reached: 'arrive', age: 154 },
  { community: 2, category: 'fire-lane', reached: 'accept', age: 16.4 },
  { community: 0, category: 'rubbish', reached: 'arrive', age: 120, with: 'extension' },
  { community: 2, category: 'order', reached: 'arrive', age: 96 },
  { community: 1, category: 'order', reached: 'arrive', age: 71 },
  { community: 6, category: 'noise', reached: 'arrive', age: 58, source: 'street-line' },
  { community: 3, category: 'leak', reached: 'accept', age: 1570, with: 'suspension' },
  { community: 0, category: 'order', reached: 'accept', age: 27 },
  { community: 2, category: 'fumes', reached: 'dispatch', age: 8, source: 'hotline' },
  { community: 2, category: 'bikes', reached: 'handle', age: 232 },
  { community: 6, category: 'signboard', reached: 'handle', age: 288 },
  { community: 3, category: 'road', reached: 'verify', age: 301 },
  { community: 5, category: 'bikes', reached: 'handle', age: 175 },
  { community: 0, category: 'other', reached: 'file', age: 5.1 },
  { community: 1, category: 'rubbish', reached: 'file', age: 3.6 },
  { community: 4, category: 'lamp', reached: 'report', age: 1.7 },
  { community: 0, category: 'order', reached: 'report', age: 0.8, source: 'resident', with: 'second-report' },
];
/** Whoever finds this one in the ledger knows that the whole history is there: it is the last report of it. */
export const isLastOnDesk = (incident: string) => incident.startsWith('i-desk-') && incident.endsWith(`-${onDesk.length}`);

interface DeskParts {
  readonly watched: Watched;
  readonly now: number;
}
const gasLeakOf = (watched: Watched) => watched.sensors.find((s) => s.kind === 'gas' && s.area.startsWith(communities[2].code))!;

/** @param out takes what is told of incidents */
export function openingDesk({ watched, now }: DeskParts, cast: Cast, r: Rng, out: PastFact[]) {
  const gasAlarm = gasLeakOf(watched);
  const desk = new DeskTeller(cast, r, now, gasAlarm);
  onDesk.forEach((d, n) => {
    out.push(...desk.tell(d, n + 1));
  });
}

class DeskTeller {
  private readonly cast: Cast;
  private readonly r: Rng;
  private readonly now: number;
  private readonly gas: DemoSensor;
  private readonly free: DemoUnit[];
  /** titles and places by row, for the report that comes twice */
  private readonly told = new Map<string, { title: string; court: Court; lngLat: readonly [number, number] }>();

  constructor(cast: Cast, r: Rng, now: number, gas: DemoSensor) {
    this.cast = cast;
    this.r = r;
    this.now = now;
    this.gas = gas;
    this.free = onDutyOf(cast.units);
  }

  /** Someone on duty of one of these trades, near where there is one, whom nothing else on the desk keeps busy. */
  private unit(roles: readonly UnitRole[], area: string): string {
    const trade = this.free.filter((u) => roles.includes(u.role));
    const list = trade.length ? trade : this.free;
    const near = [15, 12, 0].map((n) => list.filter((u) => u.area.startsWith(area.slice(0, n)))).find((l) => l.length)!;
    const one = pick(this.r, near);
    this.free.splice(this.free.indexOf(one), 1);
    return one.id;
  }

  tell(d: OnDesk, row: number): PastFact[] {
    const { r, now, cast } = this;
    const at = Math.round(now - d.age * MINUTE);
    // what is older than a shift has the number of its day
    const day = new Date(at + 8 * HOUR).toISOString().slice(0, 10).replaceAll('-', '');
    const n = String(row).padStart(2, '0');
    const id = d.age > 600 ? `i-${day}-9${n}` : `i-desk-${Math.round(now / 1000)}-${n}`;
    const story = new Story(cast.ground);
    const { area, title, lngLat } = this.place(d);
    const source = d.source ?? weighted(r, matterOf(d.category).sources);
    const caller = isCall(source) ? { reporter: pick(r, cast.callers) } : {};
    const alarm = d.with === 'gas' ? { alarm: alarmId(this.gas.id, 'high-high') } : {};
    const report = { title, category: d.category, source, at: (at - 4000) as never, lngLat: lngLat as never };
    story.report(at, id, { ...report, ...channelOf(source, area.slice(0, 12), at, r), ...caller, ...alarm }, area);
    if (d.with === 'gas') this.gasLeak(story, id, at, area);
    else this.walk(story, id, d, at, area);
    story.until(now);
    return story.facts;
  }

  private place(d: OnDesk) {
    const { r, cast, gas } = this;
    if (d.with === 'gas') return { area: gas.area, title: `${gas.name}可燃气体超限`, lngLat: gas.lngLat };
    const first = d.with === 'second-report' ? this.told.get(`${d.community} ${d.category}`) : undefined;
    if (first) {
      const [lng, lat] = first.lngLat;
      return { area: first.court.code, title: first.title, lngLat: [lng + 9e-5, lat - 6e-5] as const };
    }
    const court = drawCourt(cast.street, communities[d.community]!.code, r);
    const place = { title: `${court.name}${pick(r, matterOf(d.category).titles)}`, court, lngLat: drawPlace(court, r) };
    this.told.set(`${d.community} ${d.category}`, place);
    return { area: court.code, ...place };
  }

  /** The ordinary way, as far as it has got. */
  private walk(story: Story, id: string, d: OnDesk, at: number, area: string) {
    const { r, now } = this;
    const last = steps.indexOf(d.reached);
    const span = Math.min(now - at, 8 * HOUR);
    const { priority } = categoryOf(demoParsed, d.category);
    const filed = at + Math.min(40_000, span * 0.1);
    const sent = at + Math.min((priority <= 2 ? 3.6 : 6.4) * MINUTE, span * 0.4);
    const accepted = sent + Math.min(50_000, span * 0.1);
    const there = Math.min(accepted + between(r, 4, 9) * MINUTE, at + span * 0.8);
    if (last >= 1) story.take(filed, id, { step: 'file', note: pick(r, words.file) });
    if (last >= 2) story.take(sent, id, { step: 'dispatch', unit: this.unit(matterOf(d.category).roles, area) });
    if (last >= 3) story.take(accepted, id, { step: 'accept' });
    if (d.with === 'suspension') return this.suspend(story, id, accepted);
    if (last >= 4) story.take(there, id, { step: 'arrive', note: pick(r, words.arrive) });
    if (d.with === 'mediation') story.take(at + span * 0.7, id, { step: 'mediate', note: words.mediate[0] });
    if (d.with === 'extension')
      story.take(at + span * 0.86, id, {
        step: 'ask-extension',
        reason: '建筑垃圾量大，需专业车辆清运',
        more: { n: 4, unit: 'work-hour' },
      });
    if (last >= 5) story.take(at + span * 0.86, id, { step: 'handle', result: pick(r, resultOf(d.category)) });
    if (last >= 6) story.take(at + span * 0.95, id, { step: 'verify', note: pick(r, words.verify) });
  }

  /** 挂账: waits for the owner of the pipe, to be looked at again tomorrow. */
  private suspend(story: Story, id: string, from: number) {
    story.take(from + 22 * MINUTE, id, { step: 'arrive' });
    story.take(from + 31 * MINUTE, id, { step: 'note', note: '漏点在产权分界处，待供水单位开挖' });
    const reviewAt = Math.round(this.now + 20 * HOUR) as never;
    story.take(from + 48 * MINUTE, id, { step: 'suspend', reason: '等待产权单位确认开挖方案', reviewAt });
  }

  /** The gas alarm of the mock-up: the leak found, the valve closed, two of four departments there, others on their way. */
  private gasLeak(story: Story, id: string, at: number, area: string) {
    const t = (minutes: number) => at + minutes * MINUTE;
    const grid = this.unit(['grid'], area);
    const fire = this.unit(['fire'], area);
    const act = (minutes: number, act: 'answer' | 'arrive' | 'urge', department: string, note?: string) =>
      story.act(t(minutes), id, { act, whistle: 1, department, ...(note ? { note } : {}) });
    story.take(t(0.53), id, { step: 'file', note: '两次读数均超限，立案' });
    story.take(t(1.75), id, { step: 'dispatch', unit: grid });
    story.take(t(2.1), id, { step: 'accept' });
    story.take(t(2.4), id, { step: 'reinforce', unit: fire });
    story.whistle(t(4.17), id, {
      kind: 'urgent',
      grounds: 'emergency',
      text: '泄漏源未明，请求支援',
      departments: ['fire-rescue', 'emergency', 'gas', 'market'],
    });
    act(4.6, 'answer', 'emergency', '收到，即到');
    act(5, 'answer', 'fire-rescue');
    act(5.75, 'arrive', 'emergency');
    act(6.3, 'answer', 'gas', '抢修车已出发');
    story.take(t(7.33), id, { step: 'arrive', note: '到场，疏散 12 人，拉设警戒' });
    story.take(t(8.2), id, { step: 'ask-help', note: '需外围警戒与医护待命' });
    for (const role of ['police', 'urban', 'medical'] as const)
      story.take(t(8.6), id, { step: 'reinforce', unit: this.unit([role], area) });
    act(9.2, 'urge', 'market', '请尽快应答');
    story.take(t(9.86), id, { step: 'join', unit: fire, note: '5 人 1 车到场' });
    act(9.9, 'arrive', 'fire-rescue', '5 人 1 车到场');
    story.take(t(10.83), id, { step: 'note', note: '后厨总阀已关，正在强制通风', unit: fire });
  }
}

/** The opening gas alarm: the street's gravest standing alarm, twelve minutes old, the lower level behind it suppressed. */
const GAS_AGE = 12.1;
/** Alarms on the desk: kind and rule, minutes since they were raised, and what has been done since. */
const onWall: readonly (readonly [key: string, age: number, done?: 'acked' | 'returned' | 'latched' | 'shelved' | 'removed'])[] = [
  ['smoke/high', 0.6],
  ['water-level/high', 2.05],
  ['charge-load/high', 3.4],
  ['noise/high', 6.2],
  ['manhole/high', 9.5],
  ['smoke/no-data', 52, 'acked'],
  ['lamp/low', 27.6 * 60, 'acked'],
  ['bin/high', 64, 'acked'],
  ['lift/stopped', 38, 'acked'],
  ['activity/still', 21, 'acked'],
  ['noise/high', 24, 'returned'],
  ['gas/high', 33, 'returned'],
  ['smoke/high', 29, 'latched'],
  ['air/high', 85, 'shelved'],
  ['lift/stopped', 310, 'removed'],
];

/**
 * Fourteen alarms before the operator: five nobody has taken yet, six in hand with the gas leak, two gone but unseen, one waiting for
 * its reset; beside them one shelved, one out of service, one suppressed by design.
 */
export function openingAlarms({ watched, now }: DeskParts, r: Rng, teller: AlarmTeller) {
  const gas = gasLeakOf(watched);
  const used = new Set([gas.id]);
  const minutes = (m: number) => Math.round(now - m * MINUTE);
  const raise = (sensor: DemoSensor, code: string, age: number): Turn => {
    const rule = watched.rule(sensor, code);
    const value = rule.test.is === 'no-data' ? limitOf(rule.test) : watched.excursion(sensor, code, r, now).peak;
    return { sensor, rule, at: minutes(age), active: true, value: sensor.kind === 'activity' ? limitOf(rule.test) : value };
  };
  const low = { ...raise(gas, 'high', GAS_AGE + 0.5), value: 14.2 };
  teller.standing(
    [low, raise(gas, 'high-high', GAS_AGE)],
    [{ at: minutes(GAS_AGE - 0.6), alarm: alarmId(gas.id, 'high-high'), form: { act: 'acknowledge' } }],
  );
  for (const [key, age, done] of onWall) {
    const [kind, code] = key.split('/') as [string, string];
    const sensor = pick(
      r,
      watched.of(kind).filter((s) => !used.has(s.id)),
    );
    used.add(sensor.id);
    const up = raise(sensor, code, age);
    const alarm = alarmId(sensor.id, code);
    const gone = done === 'returned' || done === 'latched';
    const { limit = 0 } = up.rule.test as { limit?: number };
    const down = { ...up, at: minutes(age * 0.45), active: false, value: Number((limit * 0.6).toPrecision(3)) };
    const acts = {
      acked: [{ act: 'acknowledge' }],
      returned: [],
      latched: [{ act: 'acknowledge' }],
      shelved: [{ act: 'acknowledge' }, { act: 'shelve', kind: 'timed', minutes: 240, reason: '邻近工地施工，已报备' }],
      removed: [{ act: 'acknowledge' }, { act: 'remove', reason: '更换曳引机，预计三日' }],
    } satisfies Record<NonNullable<typeof done>, AlarmActForm[]>;
    teller.standing(
      gone ? [up, down] : [up],
      (done ? acts[done] : []).map((form, i) => ({ at: minutes(age - Math.min(age * 0.3, 2 + 3 * i)), alarm, form })),
    );
  }
}
