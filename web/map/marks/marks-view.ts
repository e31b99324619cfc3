import type { LngLat } from '../../../model/brand.ts';
import type { Cluster } from './cluster.ts';
import { deviceHtml } from './devices.ts';
import { RADIUS, RING, ringArc, shapePath } from './geometry.ts';
import type { Layout, PlacedMark } from './layout.ts';
import { escapeXml as esc } from './text.ts';
import { WaysView } from './ways-view.ts';

const r1 = (v: number) => Math.round(v * 10) / 10;

interface Drawn {
  readonly g: SVGGElement;
  html: string;
  at: LngLat;
  /** u beside its place */
  offset: readonly [dx: number, dy: number];
}

/** Which marks stand out: chosen, or pointed at in a panel. */
export interface Raised {
  readonly chosen: string | null;
  readonly hover: string | null;
  /** the same of sensors */
  readonly device: { readonly chosen: string | null; readonly hover: string | null };
}

/**
 * Incidents, abnormal sensors, labels and the names of communities as one SVG over the map, in the page's own type: at most what
 * fits on a screen, for what stands too near is one mark. Elements are kept by key; a frame of camera motion only changes their transforms.
 */
export class MarksView {
  readonly svg: SVGSVGElement;
  private readonly layers: Readonly<Record<'name' | 'device' | 'mark' | 'label', SVGGElement>>;
  private readonly drawn = new Map<string, Drawn>();
  readonly ways: WaysView;

  constructor(parent: HTMLElement) {
    this.svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    this.svg.setAttribute('class', 'map-marks');
    this.svg.setAttribute('aria-hidden', 'true');
    const layer = (name: string) => {
      const g = document.createElementNS('http://www.w3.org/2000/svg', 'g');
      g.setAttribute('class', `map-marks-${name}`);
      this.svg.append(g);
      return g;
    };
    const below = layer('below');
    this.layers = { name: layer('name'), device: layer('device'), mark: layer('mark'), label: layer('label') };
    this.ways = new WaysView(below, layer('above'));
    parent.append(this.svg);
  }

  /** Bring the SVG to a new layout. Positions inside a group are in u; the group's transform carries scale and place. */
  draw(layout: Layout, raised: Raised, u: number) {
    const seen = new Set<string>();
    const put = (
      layer: keyof MarksView['layers'],
      key: string,
      at: LngLat,
      html: string,
      order: number,
      offset: Drawn['offset'] = [0, 0],
    ) => {
      const id = `${layer} ${key}`;
      seen.add(id);
      let d = this.drawn.get(id);
      if (!d) {
        const g = document.createElementNS('http://www.w3.org/2000/svg', 'g');
        d = { g, html: '', at, offset };
        this.drawn.set(id, d);
      }
      d.at = at;
      d.offset = offset;
      if (d.html !== html) {
        d.g.innerHTML = html;
        d.html = html;
      }
      const parent = this.layers[layer];
      if (parent.children[order] !== d.g) parent.insertBefore(d.g, parent.children[order] ?? null);
    };
    layout.names.forEach(({ wish, at }, i) => {
      put('name', wish.code, at, `<text class="cn" y="-4">${esc(wish.name)}</text><text class="cs" y="17">${esc(wish.note)}</text>`, i);
    });
    [...layout.devices].reverse().forEach((d, i) => {
      put('device', d.key, d.at, deviceHtml(d, raised.device), i, d.offset);
    });
    const bottomFirst = [...layout.clusters].reverse();
    bottomFirst.forEach((c, i) => {
      put('mark', c.head.id, c.head.mark.lngLat, incidentHtml(c, raised), i);
    });
    const heads = new Map(layout.clusters.map((c) => [c.head.id, c.head]));
    layout.labels.forEach((l, i) => {
      const head = heads.get(l.id) as PlacedMark;
      const to = (v: number, from: number) => r1((v - from) / u);
      const [x1, y1, x2, y2] = l.leader;
      const x = to(l.rect.x, head.x);
      const y = to(l.rect.y, head.y);
      const w = r1(l.rect.w / u);
      const h = r1(l.rect.h / u);
      const p = l.mark.priority;
      const bar = l.side === 'right' ? x : x + w - 3;
      const tx = l.side === 'right' ? x + 11 : x + w - 11;
      const anchor = l.side === 'right' ? 'start' : 'end';
      const html =
        `<path class="s${p}" d="M${to(x1, head.x)} ${to(y1, head.y)}L${to(x2, head.x)} ${to(y2, head.y)}" stroke-width="1.5"/>` +
        `<rect x="${x}" y="${y}" width="${w}" height="${h}" class="${p === 1 ? 'box1' : 'box'}"/>` +
        (p === 1 ? '' : `<rect class="f${p}" x="${bar}" y="${y}" width="3" height="${h}"/>`) +
        `<text class="il${p === 1 ? ' on' : ''}" x="${tx}" y="${y + 20}" text-anchor="${anchor}">${esc(l.mark.title)}</text>` +
        `<text class="ir ${p === 1 ? 'on' : `t${p}`}" x="${tx}" y="${y + 41}" text-anchor="${anchor}">${esc(l.time)}</text>`;
      put('label', l.id, l.mark.lngLat, html, i);
    });
    for (const [id, d] of this.drawn)
      if (!seen.has(id)) {
        d.g.remove();
        this.drawn.delete(id);
      }
  }

  /** Put every mark where its place is on the screen (`size` wide and high, px) now. */
  place(project: (at: LngLat) => readonly [number, number], zoom: number, u: number, size: readonly [number, number]) {
    this.ways.place(project, zoom, u, size);
    for (const d of this.drawn.values()) {
      const [x, y] = project(d.at);
      d.g.setAttribute('transform', `translate(${r1(x + d.offset[0] * u)} ${r1(y + d.offset[1] * u)}) scale(${u})`);
    }
  }

  remove() {
    this.svg.remove();
  }
}

function incidentHtml(c: Cluster<PlacedMark>, raised: Raised): string {
  const { mark } = c.head;
  const p = mark.priority;
  const r = RADIUS[p];
  const arc = mark.overdue
    ? `<circle r="${r}" class="ring s${p}" stroke-width="${RING[p]}" stroke-dasharray="4.2 2.9"/>`
    : `<path d="${ringArc(mark.fraction, r)}" class="ring s${p}" stroke-width="${RING[p]}"/>`;
  const n = c.members.length;
  const count =
    n > 1
      ? `<g transform="translate(${r1(r * 0.78)} ${r1(-r * 0.78)})"><circle r="9" class="many"/><text class="mn" y="5">${n}</text></g>`
      : '';
  const up = c.members.some((m) => m.id === raised.chosen)
    ? `<circle r="${r + 8}" class="chosen"/>`
    : c.members.some((m) => m.id === raised.hover)
      ? `<circle r="${r + 8}" class="hover"/>`
      : '';
  const urgent = c.members.some((m) => m.mark.urgent);
  return (
    `<circle r="${r1(r * 1.19)}" class="disc"/>${urgent ? `<circle r="${r1(r * 1.19)}" class="flash"/>` : ''}` +
    `<circle r="${r}" class="track" stroke-width="${RING[p]}"/>${arc}${up}<path class="f${p} shape" d="${shapePath(p, r)}"/>${count}`
  );
}
