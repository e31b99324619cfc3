import { areaLabel } from '../../model/area.ts';
import { sensorKindOf } from '../../model/centre.ts';
import { hasStopped, remaining } from '../../model/incident.ts';
import { headline } from '../../model/incident-name.ts';
import { incidentOf, treeOf } from '../../model/world.ts';
import type { MapViewProps, Selection } from '../map-contract.ts';
import { densityOf } from './density.ts';
import { duration, reading, words } from './words.ts';

/** First line and details of the tooltip; null when the thing is no longer known. `many`: incidents or alarms in the cluster. */
export function tipOf(s: Selection, props: MapViewProps, many: number): readonly [string, string] | null {
  const { world, units, now, language } = props;
  const w = words(language);
  const tree = treeOf(world);
  const join = (...parts: (string | null | undefined | false)[]) => parts.filter(Boolean).join(' · ');
  const text = (t: { zh: string; en: string } | undefined) => (t ? t[language] : '');
  if (s.kind === 'incident') {
    const i = incidentOf(world, s.id);
    if (!i) return null;
    const left = remaining(i, now());
    const { what, where } = headline(i, world.centre, language);
    return [
      what,
      join(
        many > 1 && w.many(many),
        `P${i.priority}`,
        left !== null && `${left < 0 ? w.over : hasStopped(i) ? w.stopped : w.left} ${duration(left)}`,
        i.area && areaLabel(tree, i.area),
        where,
      ),
    ];
  }
  if (s.kind === 'alarm') {
    const told = props.tellAlarm?.(s.id);
    return told ? [told[0], join(many > 1 && w.alarms(many), told[1])] : null;
  }
  if (s.kind === 'unit') {
    const u = world.units.get(s.id);
    if (!u) return null;
    const at = units.at[u.ix] ?? 0;
    return [u.name, join(w.roles[u.role], at > 0 && w.ago(Math.max(0, now() - at) / 1000))];
  }
  if (s.kind === 'sensor') {
    const sensor = world.sensors.get(s.id);
    if (!sensor) return null;
    const kind = sensorKindOf(world.centre, sensor.kind);
    const at = units.valueAt[sensor.ix] ?? 0;
    const value = at > 0 ? reading(kind, units.value[sensor.ix] as number) : w.none;
    return [sensor.name, join(text(kind?.name), value, at > 0 && w.ago(Math.max(0, now() - at) / 1000))];
  }
  if (s.kind === 'camera') {
    const c = world.cameras.get(s.id);
    return c ? [c.name, join(w.camera, c.area && areaLabel(tree, c.area))] : null;
  }
  if (s.kind === 'area') {
    const a = world.areas.get(s.id);
    if (!a) return null;
    const open = [...world.incidents.values()].filter((i) => i.area && tree.isWithin(i.area, a.code)).length;
    const density = a.level === 'grid' ? densityOf(world).value.get(a.code) : undefined;
    return [
      areaLabel(tree, a.code),
      join(
        props.shade?.values.has(a.code) && props.shade.tell(a.code),
        w.open(open),
        a.households > 0 && w.households(a.households),
        density !== undefined && w.density(density.toFixed(1)),
      ),
    ];
  }
  return null;
}
