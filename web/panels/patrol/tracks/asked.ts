import { dayStart } from '../../../../model/centre.ts';
import type { TabParams } from '../../../store/view-store.ts';

/** 近 2 小时 · 今日 · 某日 · 自定 */
export const spans = ['2h', 'today', 'day', 'custom'] as const;
export type Span = (typeof spans)[number];
export const MOST_UNITS = 50;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** What the tab is asked, out of its address. Moments epoch ms. */
export interface Asked {
  readonly units: readonly string[];
  readonly span: Span;
  readonly from: number;
  readonly to: number;
  readonly by: 'unit' | 'speed';
  readonly chosen: string | null;
}

/** `2026-11-22T14:05` by the centre's clock, as an input of type datetime-local holds it. */
export const localText = (ms: number, offset: number) => new Date(ms + offset * MINUTE_MS).toISOString().slice(0, 16);
/** @returns epoch ms, or null for what is not of that form */
export function localMs(text: string | undefined, offset: number): number | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?$/.test(text)) return null;
  const ms = Date.parse(`${text.length === 10 ? `${text}T00:00` : text}:00Z`);
  return Number.isNaN(ms) ? null : ms - offset * MINUTE_MS;
}

/** @param now the moment shown: nothing later is asked for. @param offset minutes of the centre's clock */
export function askedOf(params: TabParams, now: number, offset: number): Asked {
  const span = spans.find((s) => s === params.span) ?? '2h';
  const latest = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  const today = dayStart(now, offset);
  const day = localMs(params.day, offset) ?? today;
  const [from, to] = {
    '2h': [latest - 2 * HOUR_MS, latest],
    today: [today, latest],
    day: [day, day + DAY_MS],
    custom: [localMs(params.from, offset) ?? latest - 2 * HOUR_MS, localMs(params.to, offset) ?? latest],
  }[span] as [number, number];
  return {
    units: [...new Set(params.units?.split(',').filter(Boolean) ?? [])].slice(0, MOST_UNITS),
    span,
    from,
    to: Math.min(to, latest),
    by: params.by === 'speed' ? 'speed' : 'unit',
    chosen: params.unit ?? null,
  };
}
