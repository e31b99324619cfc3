import { describe, expect, it } from 'vitest';
import { zCentre } from '../../model/centre.ts';
import { entryKinds } from '../../model/ledger.ts';
import { demoCentre } from '../../seed/centre.ts';
import { cameras } from '../../seed/devices.ts';
import { contains, toMetres } from '../../seed/street/plane.ts';
import { route, walkGraph } from '../../seed/street/walk.ts';
import { crew, gauges, street } from './world.ts';

const ringOf = new Map(street.courts.map((c) => [c.code, street.mesh.points(c.face)]));

describe('devices and staff', () => {
  it('are as many as the street has, of the form the registry takes', () => {
    const eyes = cameras(street);
    expect([gauges.length, eyes.length, crew.units.length]).toEqual([1281, 612, 48]);
    expect(entryKinds['sensors.registered'].safeParse({ sensors: gauges }).success).toBe(true);
    expect(entryKinds['cameras.registered'].safeParse({ cameras: eyes }).success).toBe(true);
    expect(entryKinds['units.registered'].safeParse({ units: crew.units }).success).toBe(true);
    expect(entryKinds['duties.assigned'].safeParse({ duties: crew.duties }).success).toBe(true);
  });

  it('have kinds the centre knows and stand in the area they name', () => {
    const kinds = new Set(zCentre.parse(demoCentre).sensorKinds.map((k) => k.code));
    const strays = gauges.filter((s) => !kinds.has(s.kind) || !contains(ringOf.get(s.area)!, toMetres(s.lngLat)));
    expect(strays.map((s) => `${s.id} ${s.kind}`)).toEqual([]);
  });

  it('give every micro-grid someone who answers for it, known to the vault', () => {
    const people = new Set(crew.people.map((p) => p.id));
    const served = new Set(crew.duties.filter((d) => d.post === 'micro-worker').map((d) => d.area));
    expect(street.areas.filter((a) => a.level === 'micro' && !served.has(a.code))).toEqual([]);
    expect(crew.duties.filter((d) => !people.has(d.person))).toEqual([]);
  });

  it('can walk from any court to any other', () => {
    const graph = walkGraph(street);
    const [first, ...rest] = [...graph.court.values()];
    expect(rest.filter((n) => route(graph, first!, n).length < 2)).toEqual([]);
  });
});
