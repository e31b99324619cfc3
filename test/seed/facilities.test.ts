import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { isOpenAt, zFacility, zTour } from '../../model/facility.ts';
import { metresBetween } from '../../model/metres.ts';
import { cameras } from '../../seed/devices.ts';
import { HUAPAI_SHED, shedOpened, tours } from '../../seed/facilities.ts';
import { contains, dist, toMetres } from '../../seed/street/plane.ts';
import { walkGraph } from '../../seed/street/walk.ts';
import { gauges, sites, street } from './world.ts';

type Facility = z.output<typeof zFacility>;
const parsed: Facility[] = sites.map((f) => zFacility.parse(f));
const of = (id: string) => parsed.find((f) => f.id === id)!;
const at = (text: string) => Date.parse(`${text}+08:00`);
const isOpen = (hours: Facility['hours'], text: string) => isOpenAt(hours, at(text), 480);

describe('facilities of the street', () => {
  it('are of the form the registry takes, each in the area it names, no two of the same id', () => {
    expect(new Set(parsed.map((f) => f.id)).size).toBe(sites.length);
    const rings = new Map(street.courts.map((c) => [c.code, street.mesh.points(c.face)]));
    expect(parsed.filter((f) => !contains(rings.get(f.area!)!, toMetres(f.lngLat))).map((f) => f.name)).toEqual([]);
  });

  it('name the sensors and cameras that are theirs: a shed has sockets, load and temperature on one device', () => {
    const known = new Set(sites.map((f) => f.id));
    const theirs = [...gauges, ...cameras(street)].flatMap((d) => (d.facility ? [d.facility] : []));
    expect(theirs.filter((f) => !known.has(f))).toEqual([]);
    for (const shed of parsed.filter((f) => f.kind === 'charging-shed')) {
      const own = gauges.filter((s) => s.facility === shed.id);
      expect(own.map((s) => s.kind).sort()).toEqual(['charge-load', 'charge-sockets', 'charge-temp']);
      expect(new Set(own.map((s) => s.device)).size).toBe(1);
    }
    const parks = parsed.filter((f) => f.kind === 'parking').map((f) => f.id);
    expect(parks.filter((id) => gauges.filter((s) => s.kind === 'parking' && s.facility === id).length !== 1)).toEqual([]);
    expect(cameras(street).filter((c) => c.facility).length).toBeGreaterThan(sites.length / 2);
  });

  it('have 花牌佳苑 with a new shed and a car park of a little over 200 bays', () => {
    const now = at('2026-11-18T14:26:08');
    expect(of(HUAPAI_SHED).name).toBe('花牌佳苑智能充电棚');
    expect(of(HUAPAI_SHED).since).toBe(shedOpened(now));
    const age = (now - shedOpened(now)) / 86_400_000;
    expect(age).toBeGreaterThan(9);
    expect(age).toBeLessThan(17);
    expect(new Date(shedOpened(now) + 8 * 3_600_000).toISOString().slice(11, 16)).toBe('09:00');
    expect(of('f-park-01')).toMatchObject({ name: '花牌佳苑停车场', capacity: 216 });
  });

  it('open as they should, right across midnight', () => {
    expect(isOpen(of('f-r29').hours, '2026-11-18T03:30:00')).toBe(true);
    const clinic = of('f-night-clinic').hours;
    expect([isOpen(clinic, '2026-11-18T17:59:00'), isOpen(clinic, '2026-11-18T23:59:00')]).toEqual([false, true]);
    expect([isOpen(clinic, '2026-11-19T01:59:00'), isOpen(clinic, '2026-11-19T02:00:00')]).toEqual([true, false]);
    // Friday's night market runs into Saturday, Saturday's into Sunday; not Sunday's into Monday
    const market = of('f-night-market').hours;
    expect(['2026-11-21T00:30:00', '2026-11-22T00:30:00', '2026-11-23T00:30:00'].map((t) => isOpen(market, t))).toEqual([
      true,
      true,
      false,
    ]);
    const shut = parsed.filter((f) => f.hours.length > 0 && !isOpen(f.hours, '2026-11-18T04:00:00'));
    expect(shut.length).toBeGreaterThan(10);
  });

  it('has 红梅·幸福家 with twenty-odd functions under five tabs, floor by floor', () => {
    const { offers } = of('f-hongmei');
    expect(offers.length).toBeGreaterThan(20);
    expect(new Set(offers.map((o) => o.tab)).size).toBe(5);
    const floor = (zh: string) => offers.find((o) => o.name.zh === zh)?.floor;
    expect(['餐厅', '健康小屋', '健身房', '儿童驿站'].map(floor)).toEqual(['1F', '3F', '4F', '4F']);
  });

  it('has machines that are up or down behind what R29 offers', () => {
    const offered = parsed.flatMap((f) => f.offers.flatMap((o) => o.device ?? []));
    const machines = gauges.filter((s) => s.kind === 'machine').map((s) => s.device);
    expect([...machines].sort()).toEqual([...offered].sort());
    expect(of('f-r29').offers.map((o) => o.name.zh)).toEqual(expect.arrayContaining(['自助洗衣', '证照自助机', '健身', '自习']));
  });
});

describe('the 5G ring', () => {
  const [tour] = tours(street, sites).map((t) => zTour.parse(t));

  it('leads from stop to stop along the street’s own ways, back to where it began', () => {
    expect(tour!.stops.map((s) => s.name)).toEqual(expect.arrayContaining(['龙泉', '和苑', '区治理中心']));
    const { at: nodes, court } = walkGraph(street);
    const path = tour!.path!;
    expect(path.filter((p) => Math.min(...nodes.map((n) => dist(n, toMetres(p)))) > 0.5)).toEqual([]);
    expect(path.at(-1)).toEqual(path[0]);
    for (const s of tour!.stops) {
      const gate = nodes[court.get(of(s.facility!).area!)!]!;
      expect(Math.min(...path.map((p) => dist(toMetres(p), gate)))).toBeLessThan(1);
    }
    const length = path.slice(1).reduce((sum, p, i) => sum + metresBetween(path[i]!, p), 0);
    expect(length).toBeGreaterThan(3000);
    expect(length).toBeLessThan(20_000);
  });
});
