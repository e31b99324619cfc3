import type { DeviceFix } from '../../devices/devices.ts';
import { type NmeaFix, readNmea } from './sentence.ts';

const DAY_MS = 86_400_000;

/** `device`: as the line says itself, null = it does not. `refused`: why the line is none. */
export interface LineRead {
  readonly device: string | null;
  readonly fixes: readonly DeviceFix[];
  readonly refused?: { readonly field: string; readonly rule: string };
}

/**
 * What one receiver says, line by line. RMC and GGA of one second are one fix: RMC tells date, speed and course as well, so a GGA is held
 * until its RMC comes, or something of another second shows that none will (`rest`). A GGA alone tells no date: it is of the day
 * nearest to the last RMC, without one nearest to our own clock.
 */
export class NmeaStream {
  private device: string | null = null;
  private held: (DeviceFix & { readonly dayMs: number }) | null = null;
  /** time of day of the newest fix given out */
  private last = Number.NaN;
  /** what the next GGA's day is told by */
  private known = Number.NaN;

  /** @param line without its end; @param receivedAt epoch ms */
  read(line: string, receivedAt: number): LineRead {
    const { tagged, rest, refused } = untagged(line);
    if (refused) return { device: this.device, fixes: [], refused };
    const read = readNmea(rest);
    if (!read.ok) return { device: tagged ?? this.device, fixes: [], refused: { field: read.reason, rule: read.rule } };
    if (read.fix === null && read.device !== undefined) {
      this.device = read.device;
      return { device: this.device, fixes: [] };
    }
    const device = tagged ?? this.device;
    return { device, fixes: read.fix ? this.fix(read.fix, receivedAt) : [] };
  }

  /** A fix that still waits for its RMC: nothing more comes for now. */
  rest(): readonly DeviceFix[] {
    if (!this.held) return [];
    const { dayMs, ...fix } = this.held;
    this.held = null;
    this.last = dayMs;
    return [fix];
  }

  private fix({ sentence, lngLat, day, dayMs, heading, speed }: NmeaFix, receivedAt: number): readonly DeviceFix[] {
    const at = day !== null ? day + dayMs : nearest(dayMs, Number.isNaN(this.known) ? receivedAt : this.known);
    const fix = { at, lngLat, heading: heading ?? 0, speed: speed ?? 0 };
    const before = this.held && this.held.dayMs !== dayMs ? this.rest() : [];
    if (sentence === 'GGA') {
      if (dayMs !== this.last) this.held = { ...fix, dayMs };
      return before;
    }
    this.held = null;
    this.known = at;
    this.last = dayMs;
    return [...before, fix];
  }
}

/** The moment of this time of day that is nearest to `to`. */
function nearest(dayMs: number, to: number): number {
  const at = Math.floor(to / DAY_MS) * DAY_MS + dayMs;
  return [at - DAY_MS, at, at + DAY_MS].reduce((best, x) => (Math.abs(x - to) < Math.abs(best - to) ? x : best));
}

/** A TAG block (NMEA 0183 4.0) before the sentence, `\s:ID*hh\`: `s` names the source. */
function untagged(line: string): { tagged: string | null; rest: string; refused?: LineRead['refused'] } {
  if (!line.startsWith('\\')) return { tagged: null, rest: line };
  const m = /^\\([^\\*]*)\*([0-9A-Fa-f]{2})\\(.*)$/.exec(line);
  if (!m) return { tagged: null, rest: line, refused: { field: 'form', rule: 'a TAG block: \\, fields, *, two hexadecimal digits, \\' } };
  let sum = 0;
  for (const ch of m[1]!) sum ^= ch.charCodeAt(0);
  if (sum !== Number.parseInt(m[2]!, 16))
    return { tagged: null, rest: line, refused: { field: 'checksum', rule: 'XOR of everything between \\ and * of the TAG block' } };
  const source = m[1]!.split(',').find((f) => f.startsWith('s:'));
  return { tagged: source?.slice(2) || null, rest: m[3]! };
}
