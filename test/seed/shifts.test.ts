import { expect, it } from 'vitest';
import { onDutyOf } from '../../seed/people.ts';
import { walksOf } from '../../seed/play/past-walks.ts';
import { isAtWork, Shifts } from '../../seed/play/shifts.ts';
import { Walkers } from '../../seed/play/walkers.ts';
import { dist, toMetres } from '../../seed/street/plane.ts';
import { walkGraph } from '../../seed/street/walk.ts';
import { crew, street } from './world.ts';

const graph = walkGraph(street);
const units = onDutyOf(crew.units);
const at = (hhmm: string) => Date.parse(`2026-11-18T${hhmm}:00+08:00`);
const of = (shift: string | undefined) => units.flatMap((u, i) => (u.shift === shift ? [i] : []));
const MINUTE = 60_000;

/** Lets the day run between two moments. @returns when each device was switched on or off */
function run(walkers: Walkers, shifts: Shifts, from: number, to: number) {
  const turned: { i: number; on: boolean; at: number }[] = [];
  for (let t = from; t <= to; t += 5000) {
    walkers.advance(5000);
    for (const i of shifts.advance(t)) turned.push({ i, on: shifts.speaks(i), at: t });
  }
  return turned;
}

it('whose shift ends goes home and then falls silent; as one begins the device is on; who has none speaks on', () => {
  const [day, night, always] = [of('day'), of('night'), of(undefined)];
  expect([day.length > 0, night.length > 0]).toEqual([true, true]);
  const walkers = new Walkers(street, graph, units, 1);
  const shifts = new Shifts(units, walkers, at('18:30'));
  expect(units.map((_, i) => shifts.speaks(i))).toEqual(units.map((u) => u.shift !== 'night'));
  const turned = run(walkers, shifts, at('18:30'), at('19:40'));
  expect(new Set(turned.map((t) => t.i))).toEqual(new Set([...day, ...night]));
  for (const t of turned) {
    expect(t.on).toBe(night.includes(t.i));
    expect(t.at).toBeGreaterThanOrEqual(at('19:00'));
    if (t.on) expect(t.at).toBeLessThan(at('19:01'));
  }
  expect(always.every((i) => shifts.speaks(i))).toBe(true);
  const later = run(walkers, shifts, at('23:00'), at('23:10'));
  expect(later).toEqual([]);
});

it('who is out on a matter when the shift ends stays until released, then goes home', () => {
  const walkers = new Walkers(street, graph, units, 1);
  const shifts = new Shifts(units, walkers, at('18:50'));
  const i = of('day')[0]!;
  const { id, area } = units[i]!;
  const court = street.courts.find((c) => c.code.startsWith(area))!;
  walkers.send(id, court.code);
  expect(run(walkers, shifts, at('18:50'), at('20:00')).filter((t) => t.i === i)).toEqual([]);
  expect(walkers.isThere(id, court.code)).toBe(true);
  walkers.release(id);
  expect(run(walkers, shifts, at('20:00'), at('20:40')).filter((t) => t.i === i)).toMatchObject([{ on: false }]);
  const home = toMetres(walkers.fix(i).lngLat);
  walkers.advance(10 * MINUTE);
  expect(dist(home, toMetres(walkers.fix(i).lngLat))).toBeLessThan(20);
});

it('nobody of another shift walks the days before', () => {
  const seen = new Set<string>();
  let n = 0;
  for (const fix of walksOf(street, graph, units.slice(0, 40), 1, at('12:00'))) {
    seen.add(fix.unit);
    if (++n > 4000) break;
  }
  expect([...seen].filter((id) => !isAtWork(units.find((u) => u.id === id)!, at('09:00')))).toEqual([]);
  expect(seen.size).toBe(units.slice(0, 40).filter((u) => u.shift !== 'night').length);
});
