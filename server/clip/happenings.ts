import { type Alarm, partsOfAlarm } from '../../model/alarm.ts';
import { alarmName } from '../../model/alarm-rules.ts';
import { areaLabel, shortName } from '../../model/area.ts';
import type { AreaCode, LngLat } from '../../model/brand.ts';
import { categoryOf } from '../../model/centre.ts';
import { type Change, type ClipAlarm, type ClipEvent, type ClipIncident, clipKinds } from '../../model/clip.ts';
import { isAboutPeople, titleKept } from '../../model/clip-title.ts';
import type { Incident } from '../../model/incident.ts';
import type { Entry } from '../../model/ledger.ts';
import { incidentOf, treeOf, type World } from '../../model/world.ts';

type Growing<T extends { readonly changes: readonly unknown[] }> = Omit<T, 'changes'> & { changes: T['changes'][number][] };
const told: ReadonlySet<string> = new Set(clipKinds);
const rounded = ([lng, lat]: LngLat): readonly [number, number] => [Math.round(lng * 1e6) / 1e6, Math.round(lat * 1e6) / 1e6];

interface Given {
  readonly area: AreaCode;
  readonly mask: (text: string) => string;
  /** a point well inside an area, by the boundaries of the clip's beginning */
  readonly middle: (code: AreaCode) => LngLat | undefined;
  /** incidents that are about somebody's home */
  readonly athome: ReadonlySet<string>;
}

/** Incidents and alarms of a place as they changed, gathered while the ledger is folded. */
export function happenings({ area, mask, middle, athome }: Given) {
  const incidents: Growing<ClipIncident>[] = [];
  const alarms: Growing<ClipAlarm>[] = [];
  const events: ClipEvent[] = [];
  const nth = new Map<string, number>();

  let named: { readonly areas: World['areas']; readonly names: readonly string[] } | null = null;
  /** Names of areas, whole and without their level, the longest first. */
  const placeNames = (areas: World['areas']) => {
    if (named?.areas !== areas) {
      const names = new Set([...areas.values()].flatMap((a) => [a.name, shortName(a.name)]));
      named = { areas, names: [...names].filter((n) => n.length > 1).sort((a, b) => b.length - a.length) };
    }
    return named.names;
  };
  const isIn = (world: World, code: AreaCode | null): code is AreaCode => code !== null && treeOf(world).isWithin(code, area);
  const place = (world: World, code: AreaCode, at: LngLat, home: boolean) => ({
    place: areaLabel(treeOf(world), code),
    at: rounded(home ? (middle(code) ?? at) : at),
    ...(home ? { coarse: true as const } : {}),
  });
  function note<S extends string>(changes: Change<S>[], change: Change<S>) {
    const last = changes.at(-1);
    if (!last || last[1] !== change[1] || last[2] !== change[2]) changes.push(change);
  }

  function incident(world: World, i: Incident, at: number): number | undefined {
    if (!isIn(world, i.area)) return undefined;
    const key = `i ${i.id}`;
    let n = nth.get(key);
    if (n === undefined) {
      n = incidents.length;
      nth.set(key, n);
      const category = categoryOf(world.centre, i.category);
      const home =
        athome.has(i.id) ||
        isAboutPeople(world.centre, category) ||
        sensorAtHome(world, i.reading?.sensor) ||
        sensorAtHome(world, i.alarm && partsOfAlarm(i.alarm).sensor);
      const title = home ? null : titleKept(i, world.centre, mask, placeNames(world.areas));
      incidents.push({ title: title ?? category.name.zh, category: category.name, ...place(world, i.area, i.lngLat, home), changes: [] });
    }
    note(incidents[n]!.changes, [at, i.state, i.priority]);
    return n;
  }
  function alarm(world: World, a: Alarm, at: number): number | undefined {
    if (!isIn(world, a.area)) return undefined;
    const key = `a ${a.id}`;
    let n = nth.get(key);
    if (n === undefined) {
      n = alarms.length;
      nth.set(key, n);
      const { zh, en } = alarmName(world, a);
      alarms.push({ name: { zh: mask(zh), en: mask(en) }, ...place(world, a.area, a.lngLat, sensorAtHome(world, a.sensor)), changes: [] });
    }
    note(alarms[n]!.changes, [at, a.state, a.priority]);
    return n;
  }

  return {
    incidents,
    alarms,
    events,
    begin(world: World, from: number) {
      for (const i of world.incidents.values()) incident(world, i, from);
      for (const a of world.alarms.values()) alarm(world, a, from);
    },
    /** @param world with the entry folded in */
    entry(entry: Entry, world: World) {
      const { incident: ofIncident, alarm: ofAlarm } = entry.body as { incident?: string; alarm?: string };
      const event = { at: entry.at, kind: entry.kind };
      if (entry.kind.startsWith('incident.') && ofIncident !== undefined) {
        const i = incidentOf(world, ofIncident);
        const n = i && incident(world, i, entry.at);
        if (n !== undefined && told.has(entry.kind)) events.push({ ...event, incident: n });
      } else if (entry.kind.startsWith('alarm.') && ofAlarm !== undefined) {
        const a = world.alarms.get(ofAlarm);
        const n = a ? alarm(world, a, entry.at) : nth.get(`a ${ofAlarm}`);
        if (n === undefined) return;
        if (!a) note(alarms[n]!.changes, [entry.at, 'normal', alarms[n]!.changes.at(-1)![2]]);
        if (told.has(entry.kind)) events.push({ ...event, alarm: n });
      }
    },
  };
}

/** A sensor that looks after a person stands in their home. */
const sensorAtHome = (world: World, id: string | null | undefined) => id != null && world.sensors.get(id)?.person !== undefined;
