import fc from 'fast-check';
import { type AlarmActForm, alarmActs } from '../../model/alarm-forms.ts';
import { zAlarmRule } from '../../model/alarm-rule.ts';
import { type AlarmDecision, clearedFacts, decideAlarm, raisedFacts } from '../../model/alarm-step.ts';
import { chengduLevels, zArea } from '../../model/area.ts';
import { type EpochMs, epochMs, seq } from '../../model/brand.ts';
import { type Centre, dayKey, zCentre } from '../../model/centre.ts';
import { clockNames } from '../../model/clock.ts';
import { zFacility } from '../../model/facility.ts';
import { fold } from '../../model/fold/fold.ts';
import { type IncidentStep, possibleSteps } from '../../model/incident.ts';
import { type StepForm, type WhistleAct, type WhistleActForm, whistleActs } from '../../model/incident-forms.ts';
import { type Decision, decideStep } from '../../model/incident-step.ts';
import { type Entry, entryHash, type Fact, GENESIS } from '../../model/ledger.ts';
import { zCare, zRound } from '../../model/patrol-plan.ts';
import { closingFact } from '../../model/rounds.ts';
import { decideWhistle, decideWhistleAct } from '../../model/whistle-step.ts';
import { emptyWorld, incidentOf, type World } from '../../model/world.ts';

/** A small street to make ledgers of: 1 street, 2 communities, 2 grids, 4 micro-grids, 1 dedicated grid. */
export const centre: Centre = zCentre.parse({
  code: '510107062',
  name: { zh: '肖家河街道', en: 'Xiaojiahe' },
  levels: chengduLevels,
  utcOffsetMinutes: 480,
  categories: [
    { code: 'parking', name: { zh: '占道停车', en: 'Parking' }, priority: 3, limitMinutes: 120 },
    {
      code: 'quarrel',
      name: { zh: '邻里纠纷', en: 'Quarrel' },
      priority: 3,
      flow: 'dispute',
      department: 'justice',
      limits: {
        file: { n: 1, unit: 'urgent-hour' },
        dispatch: { n: 2, unit: 'work-hour' },
        handle: { n: 3, unit: 'work-day' },
        handleFrom: 'dispatch',
      },
    },
  ],
  sensorKinds: [],
  departments: [
    { code: 'justice', name: { zh: '司法所', en: 'Justice office' } },
    { code: 'urban', name: { zh: '城管', en: 'Urban management' } },
  ],
});
const area = (code: string, level: string, parent: string | null) =>
  zArea.parse({ code, name: `地${code}`, level, parent, households: 50 });
export const areas = [
  area('510107062', 'street', null),
  area('510107062007', 'community', '510107062'),
  area('510107062008', 'community', '510107062'),
  area('510107062007001', 'grid', '510107062007'),
  area('510107062008001', 'grid', '510107062008'),
  area('510107062007001001', 'micro', '510107062007001'),
  area('510107062007001002', 'micro', '510107062007001'),
  area('510107062008001001', 'micro', '510107062008001'),
  area('510107062008001002', 'micro', '510107062008001'),
  area('510107062007901', 'dedicated', '510107062007'),
];
export const leaves = areas.filter((a) => a.level === 'micro' || a.level === 'dedicated').map((a) => a.code);

export const setUp: readonly Fact[] = [
  { kind: 'centre.configured', body: centre },
  { kind: 'boundaries.published', body: { version: 1, hash: 'a'.repeat(64), validFrom: epochMs(0), areas } },
  {
    kind: 'units.registered',
    body: {
      units: [
        { id: 'u-1', name: '一', role: 'grid', area: null },
        { id: 'u-2', name: '二', role: 'police', area: null },
      ],
    },
  },
];

/** A draw of numbers that `lawful` turns into a fact possible in a given world. */
export const arbDraw = fc.record({ pick: fc.nat(9), a: fc.nat(99), b: fc.nat(99), gapMs: fc.nat(40_000_000) });
export type Draw = { pick: number; a: number; b: number; gapMs: number };

const at = <T>(list: readonly T[], n: number): T | undefined => (list.length ? list[n % list.length] : undefined);

type Forms = { [S in IncidentStep]: Omit<StepForm<S>, 'step'> };
/** What each step brings, drawn. `into`: another incident; `''` = there is none, and the merger is refused. */
export function drawnForm(step: IncidentStep, d: Draw, now: number, into = ''): StepForm {
  const reason = `理由 ${d.b}`;
  const note = `备注 ${d.a}`;
  const unit = d.b % 2 ? 'u-1' : 'u-2';
  const maybe = d.a % 2 ? { note } : {};
  const forms: Forms = {
    file: maybe,
    decline: { reason },
    dispatch: d.a % 3 ? { unit, suggested: 'u-1', reason } : { department: 'urban', ...maybe },
    accept: maybe,
    reject: { reason },
    arrive: maybe,
    note: { note },
    'ask-help': { note },
    reinforce: { unit, ...maybe },
    join: { unit },
    handle: { ...maybe, result: '已清理' },
    mediate: { note },
    agree: d.b % 3 ? { outcome: 'agreed' } : { outcome: 'referred', organ: 'court' },
    verify: maybe,
    rework: { reason },
    revisit: { kept: d.b % 2 === 0 },
    close: { ...maybe, ...(d.b % 2 ? { answer: '已办结' } : {}) },
    rate: { solved: d.b % 2 === 0, satisfaction: 'fair' },
    return: { reason },
    'ask-extension': { reason, more: d.b % 2 ? { n: 2, unit: 'work-day' } : { n: 90, unit: 'urgent-hour' } },
    'grant-extension': maybe,
    'deny-extension': { reason },
    suspend: { reason, reviewAt: epochMs(now + 86_400_000) },
    resume: maybe,
    void: { reason },
    merge: { into },
    reopen: { reason },
    escalate: { reason },
  };
  return { step, ...forms[step] } as StepForm;
}

const only = (decision: Decision | AlarmDecision): Fact | null => (decision.ok ? decision.facts[0]! : null);

/** Something that may happen next to an incident of the world, by hand or by a rule of the house; null where nothing may. */
function lawfulAct(world: World, d: Draw, now: EpochMs, n: number): Fact | null {
  if (d.b === 0 && d.a % 4 === 0) return recalled(world, n);
  const open = [...world.incidents.values()];
  const i = at(d.b % 6 === 0 ? [...world.ended.values()] : open, d.a);
  if (!i) return null;
  const into = at(
    open.filter((other) => other.id !== i.id && other.area === i.area),
    d.b,
  );
  const whistle = at(i.whistles, d.b);
  const department = d.b % 2 ? 'justice' : 'urban';
  const whistled = whistle
    ? whistleActs.map((act) => () => only(decideWhistleAct(world, i.id, drawnAct(act, whistle.no, department), null)))
    : [];
  const acts: (() => Fact | null)[] = [
    ...possibleSteps(i).map((step) => () => only(decideStep(world, i.id, drawnForm(step, d, now, into?.id), null, now))),
    () =>
      only(decideWhistle(world, i.id, { kind: 'urgent', grounds: 'joint', text: '请到场', departments: ['justice', 'urban'] }, null, now)),
    ...whistled,
    () => ({ kind: 'incident.attached', body: { incident: i.id, ...photo(n) } }),
    () => ({ kind: 'incident.warned', body: { incident: i.id, clock: at(clockNames, d.a)!, share: d.b % 2 ? 'warn' : 'due' } }),
    () => ({ kind: 'incident.answered', body: { incident: i.id, text: '已答复' } }),
  ];
  return at(acts, d.a + 7 * d.b + 13 * d.pick)!();
}

export const drawnAct = (act: WhistleAct, whistle: number, department: string): WhistleActForm =>
  ({ act, whistle, ...(act === 'release' ? {} : { department }), ...(act === 'rate' ? { rating: 4 } : {}) }) as WhistleActForm;

const photo = (n: number) => {
  const hash = n.toString(16).padStart(64, '0');
  return { hash, kind: 'photo' as const, type: 'image/jpeg', bytes: 1000 + n, name: '现场.jpg', shown: hash, thumb: null };
};

/** One that ended long ago, brought back. */
function recalled(world: World, n: number): Fact {
  const id = `i-past-${n}`;
  const reported = lawful(emptyWorld, { pick: 0, a: 1, b: 1, gapMs: 0 }, epochMs(1_000), n) as Fact<'incident.reported'>;
  const steps: Fact[] = [
    { ...reported, body: { ...reported.body, incident: id } },
    { kind: 'incident.declined', body: { incident: id, reason: '不属受理范围' } },
  ];
  const past = fold(emptyWorld, chain(steps.map((fact, k) => ({ fact, at: 1_000 + k }))));
  return { kind: 'incident.recalled', body: { incident: id, seq: Math.max(1, world.seq), as: incidentOf(past, id)! } };
}

/** The fact a draw stands for, given the world so far; always one the rules allow. `n` makes ids unique. */
export function lawful(world: World, d: Draw, now: EpochMs, n: number): Fact {
  const place = at(leaves, d.a) ?? null;
  const lngLat = [104 + d.a / 1000, 30 + d.b / 1000] as const;
  const visited: Fact = { kind: 'area.visited', body: { area: place!, unit: d.b % 2 ? 'u-1' : 'u-2', at: now } };
  const reported: Fact = {
    kind: 'incident.reported',
    body: {
      incident: `i-${n}`,
      title: `事件 ${n}`,
      category: d.b % 3 ? 'other' : 'parking',
      ...(d.b % 5 ? {} : { category: 'quarrel', flow: 'dispute', department: 'justice' }),
      priority: ((d.b % 4) + 1) as 1,
      source: 'hotline',
      at: now,
      lngLat,
      area: d.a % 7 ? place : null,
      deadline: epochMs(now + d.b * 600_000),
    },
  };
  if (d.pick <= 2) return reported;
  if (d.pick === 6 && d.b % 3 === 0) return patrolFact(world, d, now, n) ?? visited;
  if (d.pick <= 6) return lawfulAct(world, d, now, n) ?? visited;
  if (d.pick === 7) return alarmByRule(world, d, now) ?? visited;
  if (d.pick === 8) return alarmByHand(world, d, now) ?? visited;
  return setUpFact(d, n) ?? patrolFact(world, d, now, n) ?? visited;
}

/** What patrols, rounds, devices and visits to people bring, of what the world knows by then. */
function patrolFact(world: World, d: Draw, now: EpochMs, n: number): Fact | null {
  const unit = at([...world.units.values()], d.a);
  if (!unit) return null;
  const leaf = at(leaves, d.b)!;
  const place = { unit: unit.id, area: unit.area, at: now };
  const unusual = world.patrols.get(unit.id);
  const round = at([...world.rounds.values()], d.a);
  const care = at([...world.cares.values()], d.a);
  const facts: (() => Fact | null)[] = [
    () => ({ kind: 'area.left', body: { area: leaf, unit: unit.id, at: now, since: epochMs(now - 60_000 * d.a), fixes: 1 + d.a } }),
    // handed in late
    () => ({ kind: 'area.visited', body: { area: leaf, unit: unit.id, at: epochMs(now - 3_600_000 * (d.a % 30)), since: now, fixes: 3 } }),
    () =>
      unusual?.strayedAt == null ? { kind: 'unit.strayed', body: { ...place, lngLat: [104, 30] } } : { kind: 'unit.returned', body: place },
    () => (unusual?.silentSince == null ? { kind: 'unit.silent', body: { ...place, usualMs: 6000 } } : { kind: 'unit.heard', body: place }),
    () => (unusual?.doubted == null ? { kind: 'unit.doubted', body: { ...place, reason: 'jump' } } : { kind: 'unit.heard', body: place }),
    () => ({
      kind: 'units.registered',
      body: { units: [{ id: 'u-3', name: `三 ${n}`, role: 'volunteer', area: at(areas, d.a)!.code, team: '一组', shift: 'day' }] },
    }),
    () => ({ kind: 'rounds.registered', body: { rounds: [roundOf(d)] } }),
    () => {
      if (!round) return null;
      const day = dayKey(now, centre.utcOffsetMinutes);
      return round.last && day <= round.last.day ? null : closingFact(world, round, day);
    },
    () => ({
      kind: 'cares.registered',
      body: { cares: [zCare.parse({ id: `care-${d.a % 4}`, person: 'r-1', kind: 'elder', area: leaf, since: now })] },
    }),
    () => care && { kind: 'care.visited', body: { care: care.id, area: care.area, at: now, result: 'well', unit: unit.id } },
    () => care && (care.overdue ? null : { kind: 'care.overdue', body: { care: care.id, area: care.area, due: now } }),
    () => ({ kind: 'unit.messaged', body: { unit: unit.id, area: unit.area, message: `m-${n}`, text: '请回复', door: 'jt808' } }),
    () => ({ kind: 'device.bound', body: { device: `d-${n}`, door: 'jt808', unit: unit.id } }),
    () => ({ kind: 'history.exported', body: { what: 'tracks', format: 'gpx', area: leaf, from: epochMs(0), to: now } }),
  ].map((make) => () => make() as Fact | null);
  return at(facts, d.a + 3 * d.b + n)!();
}
const roundOf = (d: Draw) =>
  zRound.parse({
    id: `round-${d.a % 3}`,
    name: `巡查 ${d.b}`,
    area: at(areas, 3 + (d.a % 2))!.code,
    from: `${String(d.b % 12).padStart(2, '0')}:00`,
    to: '18:00',
    stops: d.a % 2 ? leaves.slice(0, 2) : leaves.slice(2, 4),
  });

const gasRule = (code: string, more: object) =>
  zAlarmRule.parse({
    kind: 'gas',
    code,
    name: { zh: '燃气超限', en: 'Gas' },
    test: { is: 'high', limit: 5 },
    consequence: 'major',
    respondMinutes: 20,
    ...more,
  });
const gasRules = [
  gasRule('high', { suppressedWhile: 'high-high' }),
  gasRule('high-high', { latch: true, test: { is: 'high', limit: 9 }, consequence: 'severe', respondMinutes: 5 }),
];

/** What a reading, a clock or a design suppression makes of the alarms of five sensors, one in each leaf. */
function alarmByRule(world: World, d: Draw, now: EpochMs): Fact | null {
  const ix = d.a % leaves.length;
  const rule = at(gasRules, d.b)!;
  const lngLat = [104 + ix / 1000, 30 + ix / 1000] as const;
  const judged = { sensor: { id: `s-${ix}`, lngLat }, area: leaves[ix]!, value: d.b / 7, at: now };
  const [raised] = raisedFacts(world, rule, judged, d.b % 5 === 0);
  if (raised) return raised;
  const alarm = at([...world.alarms.values()], d.a);
  if (alarm && d.b % 3 === 0) {
    const { id, sensor, rule: code, priority, area, lngLat: where, value, limit } = alarm;
    return alarm.suppressedBy === null
      ? { kind: 'alarm.suppressed', body: { alarm: id, sensor, rule: code, priority, area, lngLat: where, value, limit, by: 'high-high' } }
      : { kind: 'alarm.unsuppressed', body: { alarm: id } };
  }
  return clearedFacts(world, rule, judged)[0] ?? null;
}

/** What an operator may do to one of the alarms of the world now. */
function alarmByHand(world: World, d: Draw, now: EpochMs): Fact | null {
  const alarm = at([...world.alarms.values()], d.a);
  if (!alarm) return null;
  const reason = `检修 ${d.b}`;
  const forms: Record<(typeof alarmActs)[number], AlarmActForm> = {
    acknowledge: { act: 'acknowledge', ...(d.a % 2 ? { note: '已知' } : {}) },
    reset: { act: 'reset' },
    shelve: { act: 'shelve', kind: d.b % 2 ? 'timed' : 'one-shot', minutes: 1 + d.a, reason },
    unshelve: { act: 'unshelve' },
    remove: { act: 'remove', reason },
    return: { act: 'return' },
    note: { act: 'note', text: `备注 ${d.a}` },
  };
  const possible = alarmActs.flatMap((act) => only(decideAlarm(world, alarm.id, forms[act], null, now)) ?? []);
  return at(possible, d.b) ?? null;
}

function setUpFact(d: Draw, n: number): Fact | null {
  switch (d.b % 10) {
    case 0:
      return { kind: 'rule.set', body: { rule: { ...at(gasRules, d.a)!, onDelayS: d.a, enabled: d.a % 3 > 0 } } };
    case 1:
      return d.a % 4 ? null : { kind: 'facilities.registered', body: { facilities: [zFacility.parse(facilityOf(n))] } };
    case 2:
      return { kind: 'camera.viewed', body: { camera: 'c-1', area: at(leaves, d.a)! } };
    default:
      return null;
  }
}
const facilityOf = (n: number) => ({ id: `f-${n % 3}`, kind: 'other', name: `食堂 ${n}`, lngLat: [104.001, 30.001], area: leaves[n % 5] });

/** Entries of a ledger that holds these facts, chained and hashed as the model says. */
export function chain(facts: readonly { fact: Fact; at: number; actor?: string }[]): Entry[] {
  let prev = GENESIS;
  return facts.map(({ fact, at: ms, actor }, i) => {
    const open = { ...fact, seq: seq(i + 1), at: epochMs(ms), actor: actor ?? 'op', prev, hash: '' } as Entry;
    const entry = { ...open, hash: entryHash(open) } as Entry;
    prev = entry.hash;
    return entry;
  });
}
