import { useMemo } from 'react';
import { useApp, useServer } from '../../app-context.ts';
import { useNowEvery } from '../../store/clock.ts';
import { locatorOf } from '../../store/locator.ts';
import { tasksByUnit, type UnitRow, unitRows } from './unit-rows.ts';

/** Rows of so many units are made every second, of more every five. */
const MANY = 2000;

/** Every unit as of the moment shown, the most urgent first. */
export function useUnitRows(): { readonly rows: readonly UnitRow[]; readonly now: number } {
  const { latest } = useApp();
  const world = useServer((s) => s.world);
  const places = useServer((s) => s.places);
  const now = useNowEvery(world.units.size > MANY ? 5000 : 1000);
  const tasks = useMemo(() => tasksByUnit(world.incidents), [world.incidents]);
  const locator = places ? locatorOf(places) : null;
  const { areas, centre, patrols, alarms, units } = world;
  const rows = useMemo(
    () => unitRows({ areas, centre, patrols, alarms, units }, latest, locator ? (at) => locator.locate(at) : null, tasks, now),
    [areas, centre, patrols, alarms, units, latest, locator, tasks, now],
  );
  return { rows, now };
}
