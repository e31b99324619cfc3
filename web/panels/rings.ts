import type { Incident } from '../../model/incident.ts';
import { isOpen } from '../../model/incident.ts';
import type { MapRing } from '../map-contract.ts';

/** 警戒 and 疏散 about a dangerous place, metres (design guide §5). */
export const CORDON_M = 50;
export const EVACUATION_M = 100;

/** Dangerous: an emergency, or an urgent matter that a device gave the alarm for, until it is handled. Not a dispute. */
export const isDangerous = (i: Pick<Incident, 'state' | 'flow' | 'priority' | 'alarm'>) =>
  isOpen(i) &&
  i.state !== 'handled' &&
  i.state !== 'verified' &&
  i.flow === 'ordinary' &&
  (i.priority === 1 || (i.priority === 2 && i.alarm !== null));

/** Circles drawn about the chosen incident; `label` words one of them. */
export function ringsOf(i: Incident, label: (key: 'cordon' | 'evacuation', metres: number) => string): MapRing[] {
  if (!isDangerous(i)) return [];
  return (
    [
      ['evacuation', EVACUATION_M],
      ['cordon', CORDON_M],
    ] as const
  ).map(([key, metres]) => ({ id: key, at: i.lngLat, metres, label: label(key, metres) }));
}
