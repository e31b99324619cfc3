import { type Hours, zHours } from './hours.ts';

const RULE = 'hours as 1-5 08:30-17:30; 6,7 09:00-12:00 (1 = Monday), or 24h';

/**
 * Opening hours as people write them into a table: spans separated by `;`, each of days (none = every day) and times.
 * @returns the hours, or a sentence that says how they are written
 */
export function hoursFromText(text: string): Hours | string {
  if (/^(24h|24 ?小时|全天)$/i.test(text.trim())) return [];
  const spans = text
    .split(/[;；]/)
    .map((s) => s.trim())
    .filter((s) => s !== '')
    .map((span) => {
      const [, days, from, to] = /^(?:([1-7](?:[-,][1-7])*)\s+)?(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})$/.exec(span) ?? [];
      return { from, to, ...(days ? { days: daysOf(days) } : {}) };
    });
  const read = zHours.min(1).safeParse(spans);
  return read.success ? read.data : RULE;
}

function daysOf(text: string): number[] {
  const days = text.split(',').flatMap((part) => {
    const [a, b = a] = part.split('-').map(Number) as [number, number?];
    const length = ((b - a + 7) % 7) + 1;
    return Array.from({ length }, (_, i) => ((a - 1 + i) % 7) + 1);
  });
  return [...new Set(days)].sort();
}
