import { type Actor, may } from '../model/access.ts';
import { areaLabel } from '../model/area.ts';
import type { AreaCode } from '../model/brand.ts';
import { everyIncident, treeOf, type World } from '../model/world.ts';
import type { SensorLatest, UnitLatest } from './telemetry/telemetry.ts';

/** What moves, as of some moment, beside the world of that moment. */
export interface Motion {
  readonly units: ReadonlyMap<string, Pick<UnitLatest, 'lngLat' | 'heading' | 'speed' | 'at' | 'area' | 'online'>>;
  readonly sensors: ReadonlyMap<string, Pick<SensorLatest, 'value' | 'at' | 'online'>>;
}

const iso = (ms: number) => new Date(ms).toISOString();

/** The world as flat, readable JSON: what this actor may see, with the place and the age (ms) of everything, as of `now`. */
export function worldView(world: World, motion: Motion, actor: Actor, now: number) {
  const tree = treeOf(world);
  const sees = (area: AreaCode | null) => may(actor, 'watch', area, tree).ok;
  const place = (area: AreaCode | null) => ({ area, place: area === null ? null : areaLabel(tree, area) });
  const age = (at: number) => Math.max(0, now - at);

  const units = [...world.units.values()].flatMap((u) => {
    const seen = motion.units.get(u.id);
    const area = seen ? seen.area : u.area;
    if (!sees(area)) return [];
    const { lngLat = null, heading = null, speed = null, online = false } = seen ?? {};
    return [
      {
        id: u.id,
        name: u.name,
        role: u.role,
        home: u.area,
        ...place(area),
        lngLat,
        heading,
        speed,
        online,
        at: seen ? iso(seen.at) : null,
        ageMs: seen ? age(seen.at) : null,
      },
    ];
  });
  const sensors = [...world.sensors.values()].flatMap((s) => {
    if (!sees(s.area)) return [];
    const seen = motion.sensors.get(s.id);
    const { value = null, online = false } = seen ?? {};
    const { id, name, kind, lngLat } = s;
    return [{ id, name, kind, ...place(s.area), lngLat, value, online, at: seen ? iso(seen.at) : null, ageMs: seen ? age(seen.at) : null }];
  });
  const incidents = everyIncident(world).flatMap((i) => {
    if (!sees(i.area)) return [];
    const { id, no, title, category, priority, source, state, lngLat, unit, alarm } = i;
    return [
      {
        id,
        no,
        title,
        category,
        priority,
        source,
        state,
        ...place(i.area),
        lngLat,
        unit,
        alarm,
        at: iso(i.at),
        reportedAt: iso(i.reportedAt),
        deadline: i.deadline === null ? null : iso(i.deadline),
        closedAt: i.closedAt === null ? null : iso(i.closedAt),
        ageMs: age(i.reportedAt),
      },
    ];
  });
  const alarms = [...world.alarms.values()].flatMap((a) => {
    if (!sees(a.area)) return [];
    const { id, sensor, rule, priority, state, active, acked, latched, suppressedBy, outOfService, raised, notes, value, limit, lngLat } =
      a;
    return [
      {
        id,
        sensor,
        rule,
        priority,
        state,
        active,
        acked,
        latched,
        shelf: a.shelf && { ...a.shelf, until: iso(a.shelf.until) },
        suppressedBy,
        outOfService,
        raised,
        notes,
        value,
        limit,
        ...place(a.area),
        lngLat,
        raisedAt: iso(a.raisedAt),
        changedAt: iso(a.changedAt),
        acknowledgedAt: a.ackedBy && iso(a.ackedBy.at),
        acknowledgedBy: a.ackedBy?.actor ?? null,
        ageMs: age(a.raisedAt),
      },
    ];
  });
  return { seq: world.seq, at: iso(now), incidents, alarms, units, sensors };
}
