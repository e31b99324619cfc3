import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readNmea } from '../../server/ingest/nmea/sentence.ts';
import { NmeaStream } from '../../server/ingest/nmea/stream.ts';

const sum = (body: string) => {
  let x = 0;
  for (const ch of body) x ^= ch.charCodeAt(0);
  return x.toString(16).toUpperCase().padStart(2, '0');
};
const line = (body: string) => `$${body}*${sum(body)}`;
const tagged = (source: string, sentence: string) => `\\s:${source}*${sum(`s:${source}`)}\\${sentence}`;
const NOW = Date.parse('2026-11-22T04:00:00Z');
const gga = (time: string) => line(`GPGGA,${time},3038.4000,N,10403.6000,E,1,08,0.9,500.0,M,0,M,,`);
const rmc = (time: string, date = '221126') => line(`GNRMC,${time},A,3038.4000,N,10403.6000,E,1.94,84.4,${date},,,A`);

describe('a sentence', () => {
  test('gives place, time, speed and course as the standard writes them', () => {
    const read = readNmea('$GPRMC,225446,A,4916.45,N,12311.12,W,000.5,054.7,191194,020.3,E*68'); // of the standard's own examples
    if (!read.ok || !read.fix) throw new Error('no fix');
    expect(read.fix.lngLat[0]).toBeCloseTo(-123.18533, 5);
    expect(read.fix.lngLat[1]).toBeCloseTo(49.27417, 5);
    expect(read.fix.day! + read.fix.dayMs).toBe(Date.parse('1994-11-19T22:54:46Z'));
    expect(read.fix.speed).toBeCloseTo(0.257, 3);
    expect(read.fix.heading).toBe(54.7);
  });

  test('without a fix, or of another kind, tells no position; a wrong one is refused by what is wrong', () => {
    const kind = (l: string) => {
      const read = readNmea(l);
      return read.ok ? (read.fix ? 'fix' : 'none') : read.reason;
    };
    expect(kind(line('GPRMC,040000,V,,,,,,,221126,,,N'))).toBe('none');
    expect(kind(line('GPGGA,040000,3038.4,N,10403.6,E,0,00,,,M,,M,,'))).toBe('none');
    expect(kind(line('GPGSA,A,3,16,23,13,29,,,,,,,,,3.11,2.95,0.99'))).toBe('none');
    expect(kind(`${gga('040000').slice(0, -2)}00`)).toBe('checksum');
    expect(kind('hello')).toBe('form');
    expect(kind(line('GPRMC,040000,A,9138.4,N,10403.6,E,0,0,221126,,,A'))).toBe('field');
    expect(kind(line('GPRMC,250000,A,3038.4,N,10403.6,E,0,0,221126,,,A'))).toBe('field');
    expect(kind(line('GPRMC,040000,A,3038.4,N,10403.6,E,0,0,310226,,,A'))).toBe('field');
  });

  test('of any place comes back to the last digit it is written with, and no text makes it throw', () => {
    fc.assert(
      fc.property(fc.double({ min: -90, max: 90, noNaN: true }), fc.double({ min: -180, max: 180, noNaN: true }), (lat, lng) => {
        const write = (x: number, wide: number) => {
          const tenths = Math.round(Math.abs(x) * 600_000);
          const minutes = ((tenths % 600_000) / 10_000).toFixed(4).padStart(7, '0');
          return `${String(Math.floor(tenths / 600_000)).padStart(wide, '0')}${minutes}`;
        };
        const body = `GPRMC,040000,A,${write(lat, 2)},${lat < 0 ? 'S' : 'N'},${write(lng, 3)},${lng < 0 ? 'W' : 'E'},,,221126,,,A`;
        const read = readNmea(line(body));
        if (!read.ok || !read.fix) throw new Error(body);
        expect(Math.abs(read.fix.lngLat[0] - lng)).toBeLessThan(1e-6);
        expect(Math.abs(read.fix.lngLat[1] - lat)).toBeLessThan(1e-6);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readNmea(text)));
    fc.assert(fc.property(fc.string(), (text) => void readNmea(line(text))));
  });
});

describe('a stream', () => {
  const play = (lines: readonly string[], stream = new NmeaStream()) => [
    ...lines.flatMap((l) => stream.read(l, NOW).fixes),
    ...stream.rest(),
  ];

  test('makes one fix of RMC and GGA of a second, whichever comes first, with the speed of RMC', () => {
    for (const pair of [
      [gga('040001'), rmc('040001')],
      [rmc('040001'), gga('040001')],
    ])
      expect(play(pair)).toMatchObject([{ at: NOW + 1000, heading: 84.4 }]);
    // a log of long ago: its first GGA is of the day of its RMC, not of ours
    expect(play([gga('040001'), rmc('040001', '030414')])).toMatchObject([{ at: Date.parse('2014-04-03T04:00:01Z') }]);
    const fixes = play([gga('040001'), rmc('040001'), gga('040002'), rmc('040002')]);
    expect(fixes.map((f) => [f.at - NOW, Math.round(f.speed * 100) / 100])).toEqual([
      [1000, 1],
      [2000, 1],
    ]);
  });

  test('of GGA alone is of the day nearest to our clock, or to the last RMC; also over midnight', () => {
    expect(play([gga('035959'), gga('040001')]).map((f) => f.at - NOW)).toEqual([-1000, 1000]);
    const night = [rmc('235959', '030414'), gga('000001'), gga('000002')];
    expect(play(night).map((f) => new Date(f.at).toISOString())).toEqual([
      '2014-04-03T23:59:59.000Z',
      '2014-04-04T00:00:01.000Z',
      '2014-04-04T00:00:02.000Z',
    ]);
  });

  test('says who it is in a line of its own or in a TAG block; a wrong TAG block refuses its line', () => {
    const stream = new NmeaStream();
    expect(stream.read(rmc('040001'), NOW).device).toBeNull();
    expect(stream.read(line('PGID,353451048729261'), NOW).device).toBe('353451048729261');
    expect(stream.read(rmc('040002'), NOW).device).toBe('353451048729261');
    expect(stream.read(tagged('CAR7', rmc('040003')), NOW).device).toBe('CAR7');
    expect(stream.read(`\\s:CAR7*00\\${rmc('040004')}`, NOW).refused?.field).toBe('checksum');
    expect(stream.read('\\s:CAR7', NOW).refused?.field).toBe('form');
  });

  const log = '../shared/data/nmea/gps.log';
  test.skipIf(!existsSync(log))(`plays a receiver's log through: ${log}${existsSync(log) ? '' : ' is absent'}`, () => {
    const stream = new NmeaStream();
    const lines = readFileSync(log, 'latin1').split(/\r?\n/).filter(Boolean);
    const fixes = [];
    for (const l of lines) {
      const read = stream.read(l, NOW);
      expect(read.refused).toBeUndefined();
      fixes.push(...read.fixes);
    }
    fixes.push(...stream.rest());
    const rmcs = lines.filter((l) => l.startsWith('$GPRMC')).length;
    expect(fixes.length).toBe(rmcs + 1); // the log ends between a GGA and its RMC
    expect(new Set(fixes.map((f) => f.at)).size).toBe(fixes.length);
    expect(new Date(fixes[0]!.at).toISOString()).toBe('2014-04-03T08:54:11.000Z');
    for (const f of fixes) {
      expect(Math.abs(f.lngLat[0] - 4.91)).toBeLessThan(0.05);
      expect(Math.abs(f.lngLat[1] - 52.37)).toBeLessThan(0.05);
    }
  });
});
