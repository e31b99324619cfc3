import { pick, rngFor } from '../rng.ts';
import { communities } from './plan.ts';
import type { Pt } from './plane.ts';
import type { Street } from './street.ts';

export interface Place {
  readonly name: string;
  readonly kind:
    | 'court'
    | 'park'
    | 'school'
    | 'hospital'
    | 'mall'
    | 'office'
    | 'market'
    | 'metro'
    | 'clinic'
    | 'service'
    | 'police'
    | 'fire';
  readonly at: Pt;
}

/** Named places on the map: dedicated grids, courts, and what every community has. */
export function pois(street: Street): Place[] {
  const r = rngFor(street.seed, 'places');
  const out: Place[] = [];
  for (const c of street.courts) if (c.kind !== 'homes') out.push({ name: c.name, kind: c.kind, at: c.heart });
  for (const { code, name } of communities) {
    const courts = street.courts.filter((c) => c.community === code && c.kind === 'homes');
    const shop = (): Pt => {
      const withShops = courts.filter((c) => c.houses.some((h) => h.use === 'shop'));
      const host = pick(r, withShops.length ? withShops : courts);
      const house = host.houses.find((h) => h.use === 'shop') ?? host.houses[0]!;
      return house.ring.reduce((s, p) => [s[0] + p[0] / house.ring.length, s[1] + p[1] / house.ring.length] as Pt, [0, 0] as Pt);
    };
    out.push({ name: `${name}社区党群服务中心`, kind: 'service', at: shop() });
    out.push({ name: `${name}社区卫生服务站`, kind: 'clinic', at: shop() });
    courts.forEach((c, i) => {
      if (i % 6 === 2) out.push({ name: c.name, kind: 'court', at: c.heart });
    });
  }
  const at = (code: string, n: number) => street.courts.filter((c) => c.community === code)[n]!;
  out.push({ name: '肖家河派出所', kind: 'police', at: at(communities[2].code, 20).heart });
  out.push({ name: '肖家河消防站', kind: 'fire', at: at(communities[5].code, 12).heart });
  for (const [road, a] of [
    ['二环路南四段', 'A'],
    ['永丰路', 'B'],
    ['创业路', 'C'],
  ] as const) {
    const edge = [...street.mesh.edges()].filter(([, , w]) => w.name === road);
    const near = edge
      .map(([p, q]) => [street.mesh.at[p]!, street.mesh.at[q]!] as const)
      .sort((p, q) => Math.hypot(...p[0]) - Math.hypot(...q[0]))[0];
    if (near) out.push({ name: `永丰站 ${a} 口`, kind: 'metro', at: [near[0][0] + 16, near[0][1] + 12] });
  }
  return out;
}
