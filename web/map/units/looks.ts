import { STATUS_SOS } from '../../../model/frame.ts';
import { type UnitState, unitStatus } from '../../../model/patrol.ts';
import type { World } from '../../../model/world.ts';
import type { LatestStore } from '../../store/latest.ts';
import { seenOf } from '../../store/units.ts';
import type { Distress } from '../marks/sos-view.ts';

/** Bits beside those of the telemetry's status (model/frame) in the byte the shader reads. */
const SILENT = 8;
const OFF_DUTY = 16;
const OUTSIDE = 32;
const looks: Readonly<Record<UnitState, number>> = {
  sos: STATUS_SOS,
  silent: SILENT,
  doubted: SILENT,
  outside: OUTSIDE,
  unseen: SILENT,
  standing: 0,
  moving: 0,
  'off-duty': OFF_DUTY,
};

/** How each unit is drawn, by ix. `now` epoch ms of the moment shown. */
export function unitLooks(
  world: Pick<World, 'areas' | 'centre' | 'patrols' | 'alarms' | 'units'>,
  latest: LatestStore,
  now: number,
): Uint8Array {
  const out = new Uint8Array(world.units.size);
  for (const unit of world.units.values()) out[unit.ix] = looks[unitStatus(world, unit, seenOf(latest, unit), now).state];
  return out;
}

/** Whose help is asked for, by name. */
export const inDistress = (units: World['units'], of: Uint8Array): Distress[] =>
  of.some((look) => look & STATUS_SOS)
    ? [...units.values()].flatMap((u) => ((of[u.ix] ?? 0) & STATUS_SOS ? [{ unit: u.id, name: u.name }] : []))
    : [];
