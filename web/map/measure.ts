import { distanceM } from '../../geo/distance.ts';
import type { LngLat } from '../../model/brand.ts';
import type { Measured } from '../map-contract.ts';
import { metresText } from './words.ts';

const NS = 'http://www.w3.org/2000/svg';
/** A stretch shorter than this on the screen has no room for its figure, u. */
const ROOM = 64;

/** Metres of each stretch of a line on the great circle, and of the whole. */
export function measured(points: readonly LngLat[]): Measured {
  const stretches = points.slice(1).map((at, i) => distanceM(points[i]!, at));
  return { stretches, total: stretches.reduce((sum, m) => sum + m, 0) };
}

interface Screen {
  readonly project: (at: LngLat) => readonly [x: number, y: number];
  readonly u: number;
}

/**
 * 测距: points set by a click, or by Enter in the middle of the map; Backspace takes the last one away, Escape ends. The map itself moves
 * as ever: this only draws.
 */
export class Measure {
  private readonly svg = document.createElementNS(NS, 'svg');
  private points: LngLat[] = [];
  private pointer: LngLat | null = null;
  on = false;

  constructor(
    parent: HTMLElement,
    private readonly middle: () => LngLat,
    private readonly told: (measured: Measured | null) => void,
    private readonly again: () => void,
  ) {
    this.svg.setAttribute('class', 'map-measure');
    this.svg.setAttribute('aria-hidden', 'true');
    parent.append(this.svg);
    this.svg.style.display = 'none';
  }

  set(on: boolean) {
    if (on === this.on && this.svg.style.display !== '') return;
    if (on !== this.on) {
      // before the page's own keys: while measuring, Escape ends that and nothing else
      if (on) window.addEventListener('keydown', this.onKey, true);
      else window.removeEventListener('keydown', this.onKey, true);
    }
    this.on = on;
    this.svg.style.display = on ? 'block' : 'none';
    this.points = [];
    this.pointer = null;
    this.again();
  }

  add(at: LngLat) {
    this.points = [...this.points, at];
    this.changed();
  }
  hover(at: LngLat | null) {
    this.pointer = at;
    this.again();
  }
  remove() {
    this.set(false);
  }

  private changed() {
    this.told(measured(this.points));
    this.again();
  }

  private readonly onKey = (e: KeyboardEvent) => {
    const target = e.target as HTMLElement | null;
    if (e.ctrlKey || e.metaKey || e.altKey || target?.closest?.('input, textarea, select, [role="dialog"]')) return;
    const onMap = target?.closest?.('.map-root') != null;
    if (e.key === 'Escape') this.told(null);
    else if (e.key === 'Enter' && onMap) this.add(this.middle());
    else if (e.key === 'Backspace' && this.points.length > 0) {
      this.points = this.points.slice(0, -1);
      this.changed();
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };

  /** Draw where the points are on the screen now. */
  place({ project, u }: Screen) {
    if (!this.on) return;
    const dots = this.points.map(project);
    const next = this.pointer && dots.length ? project(this.pointer) : null;
    const at = ([x, y]: readonly [number, number]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    const path = dots.length > 1 ? `<path d="M${dots.map(at).join('L')}"/>` : '';
    const rubber = next ? `<path class="rubber" d="M${at(dots.at(-1)!)}L${at(next)}"/>` : '';
    const { stretches, total } = measured(this.points);
    const last = dots.length - 1;
    const figures = stretches.flatMap((metres, i) => {
      const [a, b] = [dots[i]!, dots[i + 1]!];
      if (stretches.length < 2 || Math.hypot(b[0] - a[0], b[1] - a[1]) < ROOM * u) return [];
      const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2 - 6 * u];
      return [`<text class="part" x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="middle">${metresText(metres)}</text>`];
    });
    const sum =
      last > 0
        ? `<text class="sum" x="${(dots[last]![0] + 10 * u).toFixed(1)}" y="${dots[last]![1].toFixed(1)}">${metresText(total)}</text>`
        : '';
    const marks = dots.map(([x, y]) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${4 * u}"/>`);
    this.svg.innerHTML = path + rubber + marks.join('') + figures.join('') + sum;
  }
}
