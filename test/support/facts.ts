import fc from 'fast-check';
import { alarmId } from '../../model/alarm.ts';
import { chengduLevels, zArea } from '../../model/area.ts';
import { type EpochMs, epochMs, seq } from '../../model/brand.ts';
import { type Centre, zCentre } from '../../model/centre.ts';
import { nextStep } from '../../model/incident.ts';
import { type Entry, entryHash, type Fact, GENESIS } from '../../model/ledger.ts';
import type { World } from '../../model/world.ts';

/** A small street to make ledgers of: 1 street, 2 communities, 2 grids, 4 micro-grids, 1 dedicated grid. */
export const centre: Centre = zCentre.parse({
  code: '510107062',
  name: { zh: '肖家河街道', en: 'Xiaojiahe' },
  levels: chengduLevels,
  utcOffsetMinutes: 480,
  categories: [{ code: 'parking', name: { zh: '占道停车', en: 'Parking' }, priority: 3, limitMinutes: 120 }],
  sensorKinds: [],
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
      priority: ((d.b % 4) + 1) as 1,
      source: 'hotline',
      at: now,
      lngLat,
      area: d.a % 7 ? place : null,
      deadline: epochMs(now + d.b * 600_000),
    },
  };
  const incident = at(
    [...world.incidents.values()].filter((i) => i.state !== 'closed'),
    d.a,
  );
  const alarm = at([...world.alarms.values()], d.a);
  if (d.pick <= 2) return reported;
  if (d.pick <= 6 && incident) {
    const body = { incident: incident.id, ...(d.b % 2 ? { note: `备注 ${d.b}` } : {}) };
    const step = nextStep(incident.state)!;
    if (step === 'dispatch') return { kind: 'incident.dispatched', body: { ...body, unit: 'u-1' } };
    const kinds = { file: 'incident.filed', handle: 'incident.handled', verify: 'incident.verified', close: 'incident.closed' } as const;
    return { kind: kinds[step], body };
  }
  if (d.pick === 7)
    return {
      kind: 'alarm.raised',
      body: {
        alarm: alarmId(`s-${d.a % 5}`, 'high'),
        sensor: `s-${d.a % 5}`,
        rule: 'high',
        priority: 2,
        value: d.b / 7,
        limit: 5,
        at: now,
        lngLat,
        area: place,
      },
    };
  if (d.pick === 8 && alarm)
    return d.b % 2
      ? { kind: 'alarm.acknowledged', body: { alarm: alarm.id } }
      : { kind: 'alarm.cleared', body: { alarm: alarm.id, value: 1, at: now } };
  return visited;
}

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
