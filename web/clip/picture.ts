import { type Clip, type ClipArea, type PackedLine, unpackLine } from '../../model/clip.ts';
import type { OpenClip, ShownThing } from './shown.ts';
import { type Language, roles, shapes } from './words.ts';

type Colour = (name: string) => string;
const widths: Readonly<Record<string, number>> = { street: 3, community: 1.5, grid: 0.8, micro: 0.6, dedicated: 0.6 };
const order = ['block', 'park', 'water', 'river', 'road', 'building'] as const;
const MOST_LABELS = 8;

/** The picture of a clip: streets and borders once for a view, what moves on top of them for each moment. Canvas 2D. */
export class Picture {
  private readonly still = document.createElement('canvas');
  private view = { x: 0, y: 0, scale: 1 };
  private readonly paths = new Map<PackedLine, readonly (readonly [number, number])[]>();
  private readonly fit: { w: number; s: number; e: number; n: number; shrink: number };
  private drawn = '';

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly clip: Clip,
    private readonly shown: OpenClip,
    private readonly onView: () => void,
  ) {
    const all = (clip.places[0]?.areas ?? []).flatMap((a) => a.rings.flatMap((r) => this.points(r)));
    const [xs, ys] = [all.map((p) => p[0]), all.map((p) => p[1])];
    const least = (v: number[]) => v.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = (v: number[]) => v.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const [w, s, e, n] = all.length ? [least(xs), least(ys), most(xs), most(ys)] : [0, 0, 1, 1];
    this.fit = { w, s, e, n, shrink: Math.cos((((s + n) / 2) * Math.PI) / 180) };
    this.listen();
  }

  /** Back to the whole place. */
  whole() {
    this.view = { x: 0, y: 0, scale: 1 };
    this.onView();
  }

  private points(line: PackedLine) {
    const known = this.paths.get(line);
    if (known) return known;
    const made = unpackLine(line);
    this.paths.set(line, made);
    return made;
  }

  private listen() {
    const { canvas } = this;
    let from: { x: number; y: number } | null = null;
    canvas.addEventListener('pointerdown', (e) => {
      from = { x: e.clientX - this.view.x, y: e.clientY - this.view.y };
      canvas.setPointerCapture(e.pointerId);
    });
    canvas.addEventListener('pointermove', (e) => {
      if (!from) return;
      this.view = { ...this.view, x: e.clientX - from.x, y: e.clientY - from.y };
      this.onView();
    });
    canvas.addEventListener('pointerup', () => {
      from = null;
    });
    canvas.addEventListener(
      'wheel',
      (e) => {
        e.preventDefault();
        const r = canvas.getBoundingClientRect();
        const scale = Math.max(1, Math.min(40, this.view.scale * Math.exp(-e.deltaY / 400)));
        const k = scale / this.view.scale;
        const [px, py] = [e.clientX - r.left - r.width / 2, e.clientY - r.top - r.height / 2];
        this.view = { scale, x: px - (px - this.view.x) * k, y: py - (py - this.view.y) * k };
        this.onView();
      },
      { passive: false },
    );
  }

  /** @param at epoch ms */
  draw(at: number, language: Language) {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) return;
    const style = getComputedStyle(document.documentElement);
    const colour: Colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const project = this.projection(width, height);
    const areas = this.shown.areas(at);
    const key = [width, height, ratio, this.view.x, this.view.y, this.view.scale, areas.length, areas[0]?.rings[0]?.length].join();
    if (key !== this.drawn) {
      for (const c of [this.canvas, this.still]) {
        c.width = Math.round(width * ratio);
        c.height = Math.round(height * ratio);
      }
      this.drawStill(areas, project, colour, ratio);
      this.drawn = key;
    }
    const g = this.canvas.getContext('2d')!;
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.drawImage(this.still, 0, 0);
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawUnits(g, at, project, colour);
    this.drawThings(g, at, project, colour, language);
  }

  private projection(width: number, height: number) {
    const { w, s, e, n, shrink } = this.fit;
    const margin = 28;
    const k = Math.min((width - 2 * margin) / ((e - w) * shrink), (height - 2 * margin) / (n - s)) * this.view.scale;
    const [cx, cy] = [(w + e) / 2, (s + n) / 2];
    return ([lng, lat]: readonly [number, number]): readonly [number, number] => [
      width / 2 + this.view.x + (lng - cx) * shrink * k,
      height / 2 + this.view.y - (lat - cy) * k,
    ];
  }

  private trace(g: CanvasRenderingContext2D, line: PackedLine, project: ReturnType<Picture['projection']>) {
    this.points(line).forEach((p, i) => {
      const [x, y] = project(p);
      if (i) g.lineTo(x, y);
      else g.moveTo(x, y);
    });
  }

  private drawStill(areas: readonly ClipArea[], project: ReturnType<Picture['projection']>, colour: Colour, ratio: number) {
    const g = this.still.getContext('2d')!;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.fillStyle = colour('map-ground');
    g.fillRect(0, 0, this.still.width, this.still.height);
    g.lineJoin = 'round';
    const fills: Record<string, string> = { block: 'map-block', park: 'map-park', water: 'map-water', building: 'map-roof' };
    for (const layer of order)
      for (const ground of this.clip.ground) {
        if (ground.layer !== layer) continue;
        g.beginPath();
        for (const ring of ground.rings) this.trace(g, ring, project);
        const fill = fills[layer];
        if (fill) {
          g.fillStyle = colour(fill);
          g.fill('evenodd');
        } else {
          g.strokeStyle = colour(layer === 'river' ? 'map-water' : 'map-road');
          g.lineWidth = layer === 'river' ? 5 : 2;
          g.stroke();
        }
      }
    for (const { level, parent, rings } of [...areas].reverse()) {
      g.beginPath();
      for (const ring of rings) this.trace(g, ring, project);
      g.strokeStyle = colour(parent === null ? 'map-street' : level === 'community' ? 'map-community' : 'map-grid');
      g.lineWidth = parent === null ? 2.4 : (widths[level] ?? 0.6);
      g.stroke();
    }
  }

  private drawUnits(g: CanvasRenderingContext2D, at: number, project: ReturnType<Picture['projection']>, colour: Colour) {
    g.textAlign = 'center';
    g.textBaseline = 'middle';
    g.font = '600 11px sans-serif';
    for (const unit of this.shown.units(at)) {
      const [x, y] = project(unit.at);
      const { role } = this.clip.units[unit.index]!;
      g.beginPath();
      g.arc(x, y, 9, 0, 7);
      g.fillStyle = colour('surface-1');
      g.fill();
      g.strokeStyle = colour('text-1');
      g.lineWidth = 1.2;
      g.stroke();
      g.fillStyle = colour('text-1');
      g.fillText(roles[role].mark, x, y + 0.5);
    }
  }

  private drawThings(
    g: CanvasRenderingContext2D,
    at: number,
    project: ReturnType<Picture['projection']>,
    colour: Colour,
    language: Language,
  ) {
    g.font = '13px sans-serif';
    for (const alarm of this.shown.alarms(at)) {
      const [x, y] = project(alarm.at);
      g.strokeStyle = colour(`p${alarm.priority}`);
      g.lineWidth = 2;
      g.strokeRect(x - 7, y - 7, 14, 14);
    }
    const incidents = [...this.shown.incidents(at)].sort((a, b) => b.priority - a.priority);
    for (const i of incidents) this.mark(g, i, project(i.at), colour);
    g.textAlign = 'left';
    for (const i of incidents.slice(-MOST_LABELS)) {
      const [x, y] = project(i.at);
      const { title, category } = this.clip.incidents[i.index]!;
      const text = language === 'zh' ? title : category.en;
      g.lineWidth = 4;
      g.strokeStyle = colour('map-halo');
      g.strokeText(text, x + 14, y);
      g.fillStyle = colour('text-1');
      g.fillText(text, x + 14, y);
    }
  }

  private mark(g: CanvasRenderingContext2D, thing: ShownThing, [x, y]: readonly [number, number], colour: Colour) {
    const r = 13 - thing.priority;
    g.beginPath();
    g.arc(x, y, r, 0, 7);
    g.fillStyle = colour(`p${thing.priority}-fill`);
    g.fill();
    g.textAlign = 'center';
    g.fillStyle = colour(`on-p${thing.priority}`);
    g.fillText(shapes[thing.priority - 1]!, x, y + 1);
  }
}
