import type { LngLat } from '../../model/brand.ts';

const NS = 'http://www.w3.org/2000/svg';
/** More than these are a crowd that says no more, and cost a path that is drawn with every movement of the map. */
const MOST = 2000;

/** 预览: where units stood at a moment that is only pointed at; hollow, over everything, gone with the hand. */
export class Ghosts {
  private readonly svg = document.createElementNS(NS, 'svg');
  private readonly path = document.createElementNS(NS, 'path');
  private at: readonly LngLat[] = [];

  constructor(parent: HTMLElement) {
    this.svg.setAttribute('class', 'map-ghosts');
    this.svg.setAttribute('aria-hidden', 'true');
    this.svg.append(this.path);
    parent.append(this.svg);
  }

  /** Returns whether anything is to be drawn anew. */
  set(at: readonly LngLat[]): boolean {
    if (at === this.at || (at.length === 0 && this.at.length === 0)) return false;
    this.at = at;
    return true;
  }

  place(project: (at: LngLat) => readonly [number, number], u: number) {
    const r = 5 * u;
    const rings = this.at.slice(0, MOST).map((at) => {
      const [x, y] = project(at);
      return `M${(x - r).toFixed(1)} ${y.toFixed(1)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    });
    this.path.setAttribute('d', rings.join(''));
    this.svg.dataset.ghosts = String(rings.length);
  }
}
