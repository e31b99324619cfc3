import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { zId } from '../../model/fields.ts';
import { areaOf, canonicalJson, entryHash, entryKinds, type Fact, hashInput, sha256Hex, subjectOf } from '../../model/ledger.ts';
import { emptyWorld } from '../../model/world.ts';
import { chain, lawful } from '../support/facts.ts';

const fact = (kind: string, body: object) => ({ kind, body }) as unknown as Fact;

describe('canonical JSON', () => {
  it('is the same text for the same value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const shuffled = (v: unknown): unknown => {
          if (Array.isArray(v)) return v.map(shuffled);
          if (v === null || typeof v !== 'object') return v;
          return Object.fromEntries(
            Object.entries(v)
              .reverse()
              .map(([k, x]) => [k, shuffled(x)]),
          );
        };
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });
  it('is JSON of the same value, and survives being read and written again', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
  it('leaves out what is undefined', () => {
    expect(canonicalJson({ b: undefined, a: [undefined, 1], c: { d: undefined } })).toBe('{"a":[null,1],"c":{}}');
  });
});

describe('the chain', () => {
  it('hashes with SHA-256 as the machine does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
      }),
    );
  });
  it('gives another hash when anything of an entry changes', () => {
    const [first, e] = chain([0, 1].map((i) => ({ fact: lawful(emptyWorld, { pick: 0, a: i, b: 2, gapMs: 0 }, epochMs(5), i), at: 5 })));
    const variants = [
      e!,
      { ...e!, seq: 3 },
      { ...e!, at: 6 },
      { ...e!, actor: 'other' },
      { ...e!, kind: 'incident.filed' },
      { ...e!, prev: '1'.repeat(64) },
      { ...e!, body: { ...e!.body, title: 'x' } },
    ] as (typeof e)[];
    expect(e!.prev).toBe(first!.hash);
    expect(new Set(variants.map((v) => entryHash(v!))).size).toBe(variants.length);
    expect(hashInput({ prev: 'p', seq: 1, at: 2, actor: 'a', kind: 'k' }, '{}')).toBe('p\n1\n2\na\nk\n{}');
  });
});

describe('entry kinds', () => {
  it('know what an entry is about and where', () => {
    expect(subjectOf(fact('incident.filed', { incident: 'i-1' }))).toBe('i-1');
    expect(subjectOf(fact('incident.reported', { incident: 'i-1', alarm: 's-1/high', area: '51' }))).toBe('i-1');
    expect(subjectOf(fact('alarm.raised', { alarm: 's-1/high', area: '51' }))).toBe('s-1/high');
    expect(subjectOf(fact('area.visited', { area: '51', unit: 'u-1' }))).toBe('51');
    expect(subjectOf(fact('units.registered', { units: [] }))).toBeNull();
    expect(areaOf(fact('area.visited', { area: '51' }))).toBe('51');
    expect(areaOf(fact('incident.filed', { incident: 'i' }))).toBeNull();
  });
  it.each([
    ['a unit of an unknown role', 'units.registered', { units: [{ id: 'u', name: 'n', role: 'king', area: null }] }],
    ['an empty registration', 'sensors.registered', { sensors: [] }],
    ['a point off the globe', 'sensors.registered', { sensors: [{ id: 's', kind: 'gas', name: 'n', lngLat: [181, 0], area: null }] }],
    ['a bearing of 360', 'cameras.registered', { cameras: [{ id: 'c', name: 'n', lngLat: [0, 0], area: null, bearing: 360 }] }],
    ['a value that is no number', 'alarm.cleared', { alarm: 'a', value: Number.NaN, at: 1 }],
    ['a time with a fraction', 'alarm.cleared', { alarm: 'a', value: 1, at: 1.5 }],
    ['an id with a space', 'incident.filed', { incident: 'a b' }],
    ['a NUL in a note', 'incident.filed', { incident: 'a', note: 'x\u0000' }],
    ['a hash in capitals', 'basemap.published', { hash: 'A'.repeat(64) }],
    ['a duty of a post in Chinese', 'duties.assigned', { duties: [{ area: '51', post: '书记', person: 'p' }] }],
  ] as const)('refuse %s', (_, kind, body) => {
    expect(entryKinds[kind].safeParse(body).success).toBe(false);
  });
  it('drop what they do not know, so that personal data cannot slip in beside', () => {
    expect(entryKinds['incident.filed'].parse({ incident: 'i-1', tel: '13800000000' })).toEqual({ incident: 'i-1' });
  });
  it('take every fact the rules allow', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.nat(99), fc.nat(99), (pick, a, b) => {
        const f = lawful(emptyWorld, { pick, a, b, gapMs: 0 }, epochMs(1_700_000_000_000), 1);
        expect(entryKinds[f.kind].safeParse(f.body).error).toBeUndefined();
      }),
    );
    expect(zId.safeParse('s-1/high').success).toBe(true);
  });
});
