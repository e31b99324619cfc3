import type { Bilingual } from '../../model/brand.ts';
import type { Language } from '../i18n/language.ts';

/** Numbers and times as the wall writes them. Pure; times are epoch ms, durations ms. */
export const MINUS = '\u2212';

const pad = (n: number) => String(n).padStart(2, '0');

/** `18:12` below an hour, `1:12:08` from an hour on, days from 100 hours; a negative one begins with U+2212. */
export function duration(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  const sign = ms < 0 && s > 0 ? MINUS : '';
  const h = Math.floor(s / 3600);
  const rest = `${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`;
  return sign + (h > 0 ? `${h}:${rest}` : rest);
}

/** At most three significant digits behind the point where they say something. */
export const plainNumber = (n: number) => String(Number.isInteger(n) ? n : Number(n.toPrecision(3)));

/** +8, −0.4, 0 */
export function signed(n: number, digits = 0): string {
  const text = Math.abs(n).toFixed(digits);
  if (Number(text) === 0) return text;
  return (n > 0 ? '+' : MINUS) + text;
}

/** m/s as km/h with one digit. */
export const kmh = (mps: number) => (mps * 3.6).toFixed(1);

export const grouped = (n: number) => n.toLocaleString('en-US');

/** A wall-clock reading of the centre: the same on every screen, whatever its own time zone. */
export function atCentre(ms: number, utcOffsetMinutes: number) {
  const d = new Date(ms + utcOffsetMinutes * 60_000);
  return {
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    weekday: d.getUTCDay(),
    hm: `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}`,
    s: pad(d.getUTCSeconds()),
    hms: `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`,
    date: `${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`,
  };
}

/** The one largest unit of a span, for ages and limits. */
export function span(ms: number): { key: 's' | 'min' | 'h' | 'd'; n: string } {
  const s = Math.max(0, ms) / 1000;
  if (s < 10) return { key: 's', n: s.toFixed(1) };
  if (s < 60) return { key: 's', n: String(Math.floor(s)) };
  if (s < 3600) return { key: 'min', n: String(Math.floor(s / 60)) };
  if (s < 86_400) return { key: 'h', n: trim(s / 3600) };
  return { key: 'd', n: trim(s / 86_400) };
}
const trim = (n: number) => n.toFixed(1).replace(/\.0$/, '');

/** Metres as `180 m`, from a kilometre on as `1.2 km`. */
export const metres = (m: number): { key: 'm' | 'km'; n: string } =>
  m < 1000 ? { key: 'm', n: String(Math.round(m / 10) * 10) } : { key: 'km', n: (m / 1000).toFixed(1) };

export const say = (b: Bilingual, language: Language) => b[language];
