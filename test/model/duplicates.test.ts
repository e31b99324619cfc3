import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, type LngLat } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { likeness, type Matter, NEAR_M, OFFER_FROM, similar, titleLikeness, WITHIN_MS } from '../../model/duplicates.ts';
import { metresBetween } from '../../model/metres.ts';
import { centre as bare } from '../support/facts.ts';
import { anIncident } from '../support/incident.ts';

const category = (code: string, more: object = {}) => ({ code, name: { zh: code, en: code }, priority: 3, ...more });
const centre = zCentre.parse({
  ...bare,
  categories: [
    category('parking', { group: '城管' }),
    category('stall', { group: '城管' }),
    category('lamp', { department: 'urban' }),
    category('dispute', { group: '综治', flow: 'dispute' }),
  ],
});
const here: LngLat = [104.03, 30.61];
const north = (m: number): LngLat => [here[0], here[1] + m / 111_195];
const at = epochMs(1_800_000_000_000);
const matter = (more: Partial<Matter> = {}): Matter => ({ lngLat: here, category: 'parking', title: '正街路口占道停车', at, ...more });

const arbMatter = fc.record({
  lngLat: fc
    .tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -300, max: 300 }))
    .map(([x, y]): LngLat => [here[0] + x / 1e5, here[1] + y / 1e5]),
  category: fc.constantFrom('parking', 'stall', 'lamp', 'dispute', 'other'),
  title: fc.constantFrom('', '停车', '正街路口占道停车', '路口有车占道', '路灯不亮', '正街 路口，占道停车！'),
  at: fc.integer({ min: -100, max: 100 }).map((h) => epochMs(at + h * 3_600_000)),
  reporter: fc.constantFrom(null, 'p-1', 'p-2'),
  alarm: fc.constantFrom(null, null, 's-1 high', 's-2 high'),
});

describe('how alike two reports are', () => {
  it('is the same both ways, between 0 and 1, and nothing when far apart in place or time', () => {
    fc.assert(
      fc.property(arbMatter, arbMatter, (a, b) => {
        const there = likeness(a, b, centre);
        const back = likeness(b, a, centre);
        expect(there?.score).toBe(back?.score);
        expect(there?.reasons).toEqual(back?.reasons);
        if (there) {
          expect(there.score).toBeGreaterThanOrEqual(0);
          expect(there.score).toBeLessThanOrEqual(1);
        }
        const sameAlarm = a.alarm !== null && a.alarm === b.alarm;
        if (!sameAlarm && metresBetween(a.lngLat, b.lngLat) > NEAR_M) expect(there).toBeNull();
        if (Math.abs(a.at - b.at) > WITHIN_MS) expect(there).toBeNull();
      }),
    );
  });

  it('is greatest for the same report again', () => {
    fc.assert(
      fc.property(arbMatter, arbMatter, (a, b) => {
        const same = likeness(a, a, centre)!;
        expect(same.score).toBeCloseTo(1, 12);
        expect(likeness(a, b, centre)?.score ?? 0).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('falls with distance and with time', () => {
    const score = (more: Partial<Matter>) => likeness(matter(), matter(more), centre)!.score;
    expect(score({ lngLat: north(20) })).toBeGreaterThan(score({ lngLat: north(120) }));
    expect(score({ at: epochMs(at + 3_600_000) })).toBeGreaterThan(score({ at: epochMs(at + 60 * 3_600_000) }));
  });

  it('tells why', () => {
    const like = likeness(
      matter({ reporter: 'p-1' }),
      matter({ lngLat: north(40), at: epochMs(at + 600_000), reporter: 'p-1', category: 'stall' }),
      centre,
    )!;
    expect(like.reasons.map((r) => r.key)).toEqual(['near', 'within', 'related-category', 'title', 'same-reporter']);
    expect(like.reasons[0]).toEqual({ key: 'near', metres: expect.closeTo(40, 0) });
    expect(like.reasons[1]).toEqual({ key: 'within', ms: 600_000 });
    expect(likeness(matter(), matter({ category: 'dispute' }), centre)).toBeNull();
    expect(likeness(matter({ alarm: 'a' }), matter({ alarm: 'a', lngLat: north(900) }), centre)!.reasons[0]).toEqual({ key: 'same-alarm' });
  });

  it('titles share pairs of characters, whatever stands between them', () => {
    expect(titleLikeness('正街路口占道停车', '正街 路口，占道停车')).toBe(1);
    expect(titleLikeness('路灯不亮', '占道停车')).toBe(0);
    expect(titleLikeness('灯', '路灯不亮')).toBeNull();
    expect(titleLikeness('占道停车', '停车占道')).toBeCloseTo(2 / 3, 12);
  });
});

describe('what is offered for merging', () => {
  const incident = (id: string, more: object = {}) =>
    anIncident({ id, category: 'parking', title: '正街路口占道停车', lngLat: here, at, ...more });

  it('open incidents alike enough, the most alike first, never the report itself', () => {
    const list = [
      incident('far', { lngLat: north(NEAR_M + 1) }),
      incident('near', { lngLat: north(60) }),
      incident('old', { at: epochMs(at - WITHIN_MS - 1) }),
      incident('same'),
      incident('closed', { state: 'closed' }),
      incident('self'),
      incident('unlike', { category: 'other', title: '有人跌倒', lngLat: north(140), at: epochMs(at - 60 * 3_600_000) }),
    ];
    const found = similar(list, { ...matter(), except: 'self' }, centre);
    expect(found.map((s) => s.incident.id)).toEqual(['same', 'near']);
    for (const s of found) expect(s.score).toBeGreaterThanOrEqual(OFFER_FROM);
    expect(similar(list, { ...matter(), except: 'self' }, centre, 1)).toHaveLength(1);
  });

  it('the same kind at half the distance and half the time is offered, without any title', () => {
    const { title: _, ...probe } = matter();
    expect(similar([incident('i', { lngLat: north(NEAR_M / 2), at: epochMs(at - WITHIN_MS / 2) })], probe, centre)).toHaveLength(1);
    expect(
      similar([incident('i', { category: 'stall', lngLat: north(NEAR_M / 2), at: epochMs(at - WITHIN_MS / 2) })], probe, centre),
    ).toHaveLength(0);
  });
});
