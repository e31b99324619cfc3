import type { Centre } from '../../model/centre.ts';

export type Cell = string | number | null;
/** Text a spreadsheet would take for a formula is marked as text (OWASP, CSV injection): people typed it, it is not ours. */
export const asText = (s: string) => (/^[=+\-@\t\r]/.test(s) ? `'${s}` : s);

/** A moment by the centre's own clock, `2026-11-22 14:05:00`. @param at epoch ms */
export function localTime(at: number | null, centre: Centre | null): string | null {
  if (at === null) return null;
  return new Date(at + (centre?.utcOffsetMinutes ?? 0) * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

/** RFC 4180: quoted where it must be, a quote doubled. */
const quoted = (cell: Cell) => {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
/** One line with its end. */
export const csvLine = (cells: readonly Cell[]) => `${cells.map(quoted).join(',')}\r\n`;
/** Before the first line: spreadsheets take UTF-8 for another code without it. */
export const BYTE_ORDER_MARK = '\ufeff';
