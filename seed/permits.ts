import type { z } from 'zod';
import type { zPermitForm } from '../model/permit.ts';
import { communities } from './street/plan.ts';
import { toLngLat } from './street/plane.ts';
import type { Street } from './street/street.ts';

type DemoPermit = z.output<typeof zPermitForm>;

const stalls = [
  { name: '缝纫便民摊点', community: 0, hours: { from: '08:00', to: '19:00' }, weekdays: [1, 2, 3, 4, 5, 6] },
  { name: '修鞋配钥匙便民摊点', community: 2, hours: { from: '08:30', to: '18:30' }, weekdays: [0, 1, 2, 3, 4, 5, 6] },
  { name: '时令蔬果便民摊点', community: 4, hours: { from: '06:30', to: '11:00' }, weekdays: [0, 1, 2, 3, 4, 5, 6] },
] as const;

/** 便民摊点: three licensed stalls, where a report of street order is marked as permitted. */
export function permits(street: Street): DemoPermit[] {
  return stalls.map((s, i) => {
    const court = street.courts.find((c) => c.community === communities[s.community].code && c.kind === 'homes')!;
    return {
      id: `stall-${i + 1}`,
      name: s.name,
      category: 'order',
      lngLat: toLngLat(court.heart) as DemoPermit['lngLat'],
      area: court.code as DemoPermit['area'],
      radiusM: 25,
      weekdays: [...s.weekdays],
      hours: s.hours,
      validFrom: '2026-01-01',
      validTo: '2027-12-31',
    };
  });
}
