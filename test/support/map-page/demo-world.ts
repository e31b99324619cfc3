import { alarmId, calm } from '../../../model/alarm.ts';
import { zArea } from '../../../model/area.ts';
import { type AreaCode, epochMs, type LngLat } from '../../../model/brand.ts';
import { type Priority, zCentre } from '../../../model/centre.ts';
import type { Incident } from '../../../model/incident.ts';
import { unitRoles } from '../../../model/ledger.ts';
import { emptyWorld, type World } from '../../../model/world.ts';
import { placesOf } from '../../../web/map/places.ts';
import type { PlacesData } from '../../../web/map-contract.ts';
import { anIncident } from '../incident.ts';

/** Deterministic numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const titles: Record<Priority, readonly string[]> = {
  1: ['可燃气体超限'],
  2: ['消防通道占用', '电梯困人', '邻里纠纷'],
  3: ['施工噪声', '井盖位移', '电动车飞线充电', '占道经营'],
  4: ['绿化养护', '路灯不亮'],
};

/** A world on the given geometry with open incidents, alarms, sensors, cameras and units, for looking at the map alone. */
export function demoWorld(data: PlacesData, now: number): World {
  const next = random(7);
  const places = placesOf(data.boundaries);
  const leaves = [...places.values()].filter((p) => p.level === 'micro' || p.level === 'dedicated');
  const spot = (): { area: AreaCode; lngLat: LngLat } => {
    const p = leaves[Math.floor(next() * leaves.length)] as (typeof leaves)[number];
    const at = p.inside[Math.floor(next() * p.inside.length)] as LngLat;
    return { area: p.code, lngLat: at };
  };
  const incidents = new Map<string, Incident>();
  const priorities: Priority[] = [1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4];
  priorities.forEach((priority, i) => {
    const limit = [0, 30, 120, 240, 720][priority] as number;
    const used = i === 1 ? 1.05 : 0.05 + next() * 0.85;
    const reportedAt = epochMs(now - limit * 60_000 * used);
    const list = titles[priority];
    incidents.set(
      `i-${i}`,
      anIncident({
        id: `i-${i}`,
        no: i + 1,
        title: list[Math.floor(next() * list.length)] as string,
        priority,
        at: reportedAt,
        reportedAt,
        deadline: epochMs(reportedAt + limit * 60_000),
        ...spot(),
        state: i % 3 ? 'dispatched' : 'reported',
      }),
    );
  });
  const id = (prefix: string, n: number) => `${prefix}-${String(n).padStart(4, '0')}`;
  const sensors = new Map(
    Array.from({ length: 1281 }, (_, ix) => [id('s', ix), { id: id('s', ix), ix, kind: 'gas', name: `可燃气体 ${ix}`, ...spot() }]),
  );
  const alarms = new Map(
    (['unack', 'acked', 'rtn-unack', 'unack'] as const).map((state, i) => {
      const s = sensors.get(id('s', i * 100)) as NonNullable<ReturnType<typeof sensors.get>>;
      return [
        alarmId(s.id, 'high'),
        {
          id: alarmId(s.id, 'high'),
          sensor: s.id,
          rule: 'high' as const,
          priority: (1 + i) as Priority,
          ...calm,
          active: state !== 'rtn-unack',
          acked: state === 'acked',
          ackedBy: null,
          raised: 1,
          notes: 0,
          state,
          value: 12,
          limit: 10,
          first: { value: 23, at: epochMs(now) },
          raisedAt: epochMs(now),
          changedAt: epochMs(now),
          area: s.area,
          lngLat: s.lngLat,
        },
      ];
    }),
  );
  const cameras = new Map(Array.from({ length: 612 }, (_, i) => [id('c', i), { id: id('c', i), name: `视频 ${i}`, ...spot() }]));
  const units = new Map(
    Array.from({ length: 48 }, (_, ix) => {
      const role = ix % 2 ? 'grid' : (unitRoles[1 + ((ix / 2) % 5)] as (typeof unitRoles)[number]);
      return [id('u', ix), { id: id('u', ix), ix, name: `力量 ${ix}`, role, area: null }];
    }),
  );
  const centre = zCentre.parse({
    code: '510107062',
    name: { zh: '肖家河街道', en: 'Xiaojiahe' },
    boundaryNote: '演示边界',
    levels: [
      { key: 'street', name: { zh: '街道', en: 'Subdistrict' }, digits: 9 },
      { key: 'community', name: { zh: '社区', en: 'Community' }, digits: 12 },
    ],
    utcOffsetMinutes: 480,
    categories: [],
    sensorKinds: [
      {
        code: 'gas',
        name: { zh: '可燃气体', en: 'Gas' },
        alarm: { zh: '可燃气体超限', en: 'Gas high' },
        unit: '%LEL',
        high: 10,
        priority: 1,
        intervalS: 60,
      },
    ],
  });
  const areas = new Map(data.boundaries.features.map((f) => zArea.parse(f.properties)).map((a) => [a.code, a]));
  return { ...emptyWorld, at: epochMs(now), centre, areas, incidents, sensors, alarms, cameras, units };
}
