import type { LngLat } from '../../../model/brand.ts';
import type { MapRing, MapRoute } from '../../map-contract.ts';
import { drawRing, drawRoute } from '../layers/ways.ts';
import type { Rect } from './geometry.ts';
import { escapeXml as esc } from './text.ts';

const NS = 'http://www.w3.org/2000/svg';

/** 路线, 警戒 and 疏散 below the marks of incidents: a handful of elements, drawn anew with every frame of camera motion. */
export class WaysView {
  private readonly rings: SVGGElement;
  private readonly lines: SVGGElement;
  private readonly labels: SVGGElement;
  private shownRoutes: readonly MapRoute[] = [];
  private shownRings: readonly MapRing[] = [];
  /** where the labels of the ways stand now, px: incident labels keep off them */
  taken: Rect[] = [];

  /** `below` and `above`: what lies under and over the marks of incidents */
  constructor(below: SVGGElement, above: SVGGElement) {
    const layer = (parent: SVGGElement, name: string) => {
      const g = document.createElementNS(NS, 'g');
      g.setAttribute('class', name);
      parent.append(g);
      return g;
    };
    this.rings = layer(below, 'rings');
    this.lines = layer(below, 'routes');
    this.labels = layer(above, 'route-labels');
  }

  set(routes: readonly MapRoute[], rings: readonly MapRing[]) {
    if (routes === this.shownRoutes && rings === this.shownRings) return;
    this.shownRoutes = routes;
    this.shownRings = rings;
    this.rings.innerHTML = rings.map((r) => `<circle class="cordon"/><text class="ct" text-anchor="end">${esc(r.label)}</text>`).join('');
    this.lines.innerHTML = routes.map((r) => `<path class="route ${r.by}"/>`).join('');
    this.labels.innerHTML = routes
      .map(
        (r) =>
          `<g><rect class="box"/><text class="un" x="10" y="19">${esc(r.head)}</text><text class="ut" x="10" y="39">${esc(r.note)}</text></g>`,
      )
      .join('');
  }

  /** @param size width and height of the map, px */
  place(project: (at: LngLat) => readonly [number, number], zoom: number, u: number, size: readonly [number, number]) {
    this.shownRings.forEach((ring, i) => {
      const c = drawRing(ring, project, zoom);
      const circle = this.rings.children[2 * i] as SVGElement;
      for (const [k, v] of [
        ['cx', c.x],
        ['cy', c.y],
        ['r', c.r],
      ] as const)
        circle.setAttribute(k, String(v));
      circle.setAttribute('style', `stroke-width:${1.6 * u}px;stroke-dasharray:${7 * u} ${6 * u}`);
      this.rings.children[2 * i + 1]?.setAttribute('transform', `translate(${c.labelX - 4 * u} ${c.labelY}) scale(${u})`);
    });
    this.taken = [];
    this.shownRoutes.forEach((route, i) => {
      const drawn = drawRoute(route, project, u, size);
      const line = this.lines.children[i] as SVGElement;
      const label = this.labels.children[i] as SVGElement;
      line.setAttribute('d', drawn?.d ?? '');
      label.setAttribute('visibility', drawn ? 'visible' : 'hidden');
      if (!drawn) return;
      line.setAttribute('style', `stroke-width:${2 * u}px;stroke-dasharray:${drawn.dash}`);
      const { x, y, w, h } = drawn.label;
      label.setAttribute('transform', `translate(${Math.round(x)} ${Math.round(y)}) scale(${u})`);
      label.firstElementChild?.setAttribute('width', String(w / u));
      label.firstElementChild?.setAttribute('height', String(h / u));
      this.taken.push(drawn.label);
    });
  }
}
