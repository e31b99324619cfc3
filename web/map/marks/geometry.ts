import type { Priority } from '../../../model/centre.ts';

/** A rectangle in screen units, y down. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
export const overlaps = (a: Rect, b: Rect) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
export const overlapArea = (a: Rect, b: Rect) =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) * Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y));
export const around = (x: number, y: number, r: number): Rect => ({ x: x - r, y: y - r, w: 2 * r, h: 2 * r });

/** Radius of an incident's ring in u, by priority. */
export const RADIUS: Readonly<Record<Priority, number>> = { 1: 19, 2: 16.5, 3: 13, 4: 10.5 };
/** Width of the ring in u. */
export const RING: Readonly<Record<Priority, number>> = { 1: 3.6, 2: 3.2, 3: 2.6, 4: 2.2 };

const n = (v: number) => String(Math.round(v * 100) / 100);

/**
 * The part of a circle that stands for the time left: clockwise from 12 o'clock, `fraction` of a full turn, as an SVG path
 * about (0, 0). A full turn is drawn as two halves, nothing as an empty path.
 */
export function ringArc(fraction: number, r: number): string {
  const f = Math.min(1, Math.max(0, fraction));
  if (f <= 0) return '';
  if (f > 0.9995) return `M0 ${n(-r)}A${n(r)} ${n(r)} 0 0 1 0 ${n(r)}A${n(r)} ${n(r)} 0 0 1 0 ${n(-r)}`;
  const a = f * 2 * Math.PI;
  return `M0 ${n(-r)}A${n(r)} ${n(r)} 0 ${f > 0.5 ? 1 : 0} 1 ${n(r * Math.sin(a))} ${n(-r * Math.cos(a))}`;
}

/** ▲ ◆ ● ■ as an SVG path about (0, 0) that fits a ring of radius `r`. */
export function shapePath(priority: Priority, r: number): string {
  if (priority === 1) return `M0 ${n(-0.49 * r)}L${n(0.54 * r)} ${n(0.453 * r)}H${n(-0.54 * r)}Z`;
  if (priority === 2) return `M0 ${n(-0.525 * r)}L${n(0.525 * r)} 0L0 ${n(0.525 * r)}L${n(-0.525 * r)} 0Z`;
  if (priority === 3) {
    const c = n(0.423 * r);
    return `M0 -${c}A${c} ${c} 0 1 1 0 ${c}A${c} ${c} 0 1 1 0 -${c}Z`;
  }
  const h = n(0.386 * r);
  return `M-${h} -${h}H${h}V${h}H-${h}Z`;
}

/**
 * Width in units of `size` px of text set in the interface face: a CJK character is one em, Latin and digits of the
 * condensed figures about half. An estimate on the generous side, so that a box never clips its text.
 */
export function textWidth(text: string, size: number): number {
  let em = 0;
  for (const c of text) em += (c.codePointAt(0) as number) >= 0x2e80 ? 1 : /[A-Z%]/.test(c) ? 0.66 : /[ .:,·'|il]/.test(c) ? 0.3 : 0.55;
  return em * size;
}
