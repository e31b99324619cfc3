import { shortName } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import { shortTitle } from '../../../model/incident-name.ts';
import { treeOf } from '../../../model/world.ts';
import type { MapViewProps } from '../../map-contract.ts';
import { type DeviceMark, deviceMarks } from '../layers/alarms.ts';
import { type IncidentMark, incidentMarks } from '../layers/incidents.ts';
import { chosenIncident } from '../selected.ts';
import type { Geometry } from '../style.ts';
import { duration, words } from '../words.ts';
import type { Rect } from './geometry.ts';
import type { NameWish } from './layout.ts';

/** Community names give way to grid names from this zoom (at 1 u = 1 px). */
const NAMES_UNTIL = 16.6;

/** The incidents to be marked; those chosen or pointed at lie above the others. */
export function incidentWishes({ world, view, language, now }: MapViewProps): IncidentMark[] {
  const raised = new Set([chosenIncident(view.selection), chosenIncident(view.hover)].filter((id): id is string => id !== null));
  return incidentMarks(world.incidents.values(), now(), raised, (i) => shortTitle(i, world.centre, language));
}

/** Second line of an incident's label: what is left of its time. */
export const timeLeft = (language: MapViewProps['language']) => (i: IncidentMark) => {
  const w = words(language);
  return i.left === null ? '' : `${i.overdue ? w.over : i.stopped ? w.stopped : w.left} ${duration(i.left)}`;
};

/** Names of communities, each with how many incidents are open in it. */
export function nameWishes({ world, language }: MapViewProps, geometry: Geometry, zoom: number, u: number): NameWish[] {
  if (zoom > NAMES_UNTIL + Math.log2(u)) return [];
  const tree = treeOf(world);
  const open = new Map<AreaCode, number>();
  for (const i of world.incidents.values()) {
    const code = i.area ? tree.at(i.area, 'community')?.code : undefined;
    if (code) open.set(code, (open.get(code) ?? 0) + 1);
  }
  return [...geometry.places.values()]
    .filter((p) => p.level === 'community')
    .map((p) => ({ code: p.code, name: shortName(p.name), note: words(language).open(open.get(p.code) ?? 0), inside: p.inside }));
}

/** Sensors that are not in order; made anew only when alarms have changed. */
export class AbnormalDevices {
  private of: MapViewProps['world']['alarms'] | null = null;
  private marks: readonly DeviceMark[] = [];

  marksOf(alarms: MapViewProps['world']['alarms']): readonly DeviceMark[] {
    if (this.of !== alarms) {
      this.of = alarms;
      this.marks = deviceMarks(alarms.values());
    }
    return this.marks;
  }
}

/** What lies over the map, in screen px of `root`: our own `scale`, and whatever the page marks with `data-map-keepout`. */
export function keptOut(root: HTMLElement, scale: HTMLElement): Rect[] {
  const own = root.getBoundingClientRect();
  return [scale, ...document.querySelectorAll('[data-map-keepout]')].map((e) => {
    const r = e.getBoundingClientRect();
    return { x: r.left - own.left, y: r.top - own.top, w: r.width, h: r.height };
  });
}
