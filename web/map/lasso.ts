import type { LngLat } from '../../model/brand.ts';

const NS = 'http://www.w3.org/2000/svg';
/** Points nearer to the last one than this are left out, px. */
const STEP = 4;
/** A line that holds less than this is a slip of the hand, square px. */
const LEAST_AREA = 200;

/** Twice-signed area by the shoelace formula, halved and made positive; in the square of the points' unit. */
export function areaOf(points: readonly (readonly [number, number])[]): number {
  let sum = 0;
  points.forEach(([x, y], i) => {
    const [nx, ny] = points[(i + 1) % points.length]!;
    sum += x * ny - nx * y;
  });
  return Math.abs(sum) / 2;
}

/** 圈选: a sheet over the map that takes the pointer while a line is drawn around what is meant. */
export class Lasso {
  private readonly svg = document.createElementNS(NS, 'svg');
  private readonly line = document.createElementNS(NS, 'path');
  private points: [number, number][] = [];
  private on = false;

  constructor(
    parent: HTMLElement,
    private readonly unproject: (x: number, y: number) => LngLat,
    private readonly done: (polygon: readonly LngLat[] | null) => void,
  ) {
    this.svg.setAttribute('class', 'map-lasso');
    this.svg.setAttribute('aria-hidden', 'true');
    this.svg.append(this.line);
    this.svg.addEventListener('pointerdown', (e) => this.begin(e));
    this.svg.addEventListener('pointermove', (e) => this.move(e));
    this.svg.addEventListener('pointerup', () => this.end());
    this.svg.addEventListener('pointercancel', () => this.drop());
    parent.append(this.svg);
    this.set(false);
  }

  set(on: boolean) {
    if (on === this.on && this.svg.style.display !== '') return;
    this.on = on;
    this.svg.style.display = on ? 'block' : 'none';
    this.drop();
  }

  private begin(e: PointerEvent) {
    if (e.button !== 0) return;
    this.svg.setPointerCapture(e.pointerId);
    this.points = [[e.offsetX, e.offsetY]];
    this.draw();
  }
  private move(e: PointerEvent) {
    const last = this.points.at(-1);
    if (!last || Math.hypot(e.offsetX - last[0], e.offsetY - last[1]) < STEP) return;
    this.points.push([e.offsetX, e.offsetY]);
    this.draw();
  }
  private end() {
    if (this.points.length === 0) return;
    const { points } = this;
    this.drop();
    this.done(points.length >= 3 && areaOf(points) >= LEAST_AREA ? points.map(([x, y]) => this.unproject(x, y)) : null);
  }
  private drop() {
    this.points = [];
    this.draw();
  }
  private draw() {
    const d = this.points.map(([x, y], i) => `${i ? 'L' : 'M'}${x} ${y}`).join('');
    this.line.setAttribute('d', d && `${d}Z`);
  }
}
