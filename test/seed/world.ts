import { fold } from '../../model/fold/fold.ts';
import { type Entry, type EntryKind, entryKinds } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { alarmRules } from '../../seed/alarm-rules.ts';
import { demoCentre } from '../../seed/centre.ts';
import { sensors } from '../../seed/devices.ts';
import { facilities } from '../../seed/facilities.ts';
import { staff } from '../../seed/people.ts';
import { permits } from '../../seed/permits.ts';
import { boundaries } from '../../seed/street/geojson.ts';
import { buildStreet } from '../../seed/street/street.ts';

export const street = buildStreet(1);
export const gauges = sensors(street);
export const sites = facilities(street, Date.parse('2026-11-18T14:26:08+08:00'));
export const crew = staff(street);

/** Fold facts as the ledger would, each held to its schema first; seq and hashes are made up. */
export class Ledger {
  world: World = emptyWorld;
  add(at: number, kind: string, body: unknown): Entry {
    const parsed = entryKinds[kind as EntryKind].parse(body);
    const entry = { seq: this.world.seq + 1, at, kind, body: parsed, actor: 'test', prev: this.world.head, hash: `h${this.world.seq + 1}` };
    this.world = fold(this.world, [entry as unknown as Entry]);
    return entry as unknown as Entry;
  }
}

export function openedLedger(at: number): Ledger {
  const ledger = new Ledger();
  ledger.add(at, 'centre.configured', demoCentre);
  const areas = boundaries(street).features.map((f) => f.properties);
  ledger.add(at, 'boundaries.published', { version: 1, hash: '0'.repeat(64), validFrom: at, areas });
  ledger.add(at, 'units.registered', { units: crew.units });
  ledger.add(at, 'facilities.registered', { facilities: sites });
  ledger.add(at, 'sensors.registered', { sensors: gauges });
  for (const rule of alarmRules(gauges, sites)) ledger.add(at, 'rule.set', { rule });
  ledger.add(at, 'duties.assigned', { duties: crew.duties });
  ledger.add(at, 'permits.registered', { permits: permits(street) });
  return ledger;
}
