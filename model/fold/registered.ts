import { zCentre } from '../centre.ts';
import type { Reducers } from './draft.ts';

/** 底数: the centre, its places, and who and what is registered there. */
export const registered = {
  'centre.configured': (d, centre) => {
    d.now.centre = zCentre.parse(centre); // fills in what centres of older entries did not say
  },
  'boundaries.published': (d, b) => {
    d.now.boundaries = { version: b.version, hash: b.hash, validFrom: b.validFrom };
    const areas = d.write('areas');
    areas.clear();
    for (const a of b.areas) areas.set(a.code, a);
    d.now.areas = new Map(areas); // a fresh identity, so that the cached tree of the old set is not taken for the new one
  },
  'basemap.published': (d, b) => {
    d.now.basemap = { hash: b.hash };
  },
  'units.registered': (d, b) => {
    const units = d.write('units');
    for (const u of b.units) units.set(u.id, { ...u, ix: units.get(u.id)?.ix ?? units.size });
  },
  'sensors.registered': (d, b) => {
    const sensors = d.write('sensors');
    for (const s of b.sensors) sensors.set(s.id, { ...s, ix: sensors.get(s.id)?.ix ?? sensors.size });
  },
  'cameras.registered': (d, b) => {
    const cameras = d.write('cameras');
    for (const c of b.cameras) cameras.set(c.id, c);
  },
  'duties.assigned': (d, b) => {
    const duties = d.write('duties');
    for (const x of b.duties) duties.set(`${x.area} ${x.post}`, x.person);
  },
  'permits.registered': (d, b) => {
    const permits = d.write('permits');
    for (const p of b.permits) permits.set(p.id, p);
  },
  'facilities.registered': (d, b) => {
    const facilities = d.write('facilities');
    for (const f of b.facilities) facilities.set(f.id, f);
  },
  'tours.registered': (d, b) => {
    const tours = d.write('tours');
    for (const t of b.tours) tours.set(t.id, t);
  },
} satisfies Partial<Reducers>;
