import fc from 'fast-check';
import { expect, it } from 'vitest';
import { positions, STATUS_PAST } from '../../model/frame.ts';
import { MAX_IX } from '../../model/latest.ts';
import { LatestStore } from '../../web/store/latest.ts';

const fix = fc.record({
  ix: fc.integer({ min: 0, max: 200 }),
  at: fc.integer({ min: 1, max: 50 }),
  lng: fc.integer({ min: -1e9, max: 1e9 }),
});

function apply(store: LatestStore, f: { ix: number; at: number; lng: number }) {
  const p = positions(1);
  p.length = 1;
  p.ix[0] = f.ix;
  p.at[0] = f.at;
  p.lng[0] = f.lng;
  store.positions(p);
}

it('holds the newest fix of every unit, in whatever order fixes arrive', () => {
  fc.assert(
    fc.property(fc.array(fix, { maxLength: 60 }), (list) => {
      const store = new LatestStore();
      for (const f of list) apply(store, f);
      for (const ix of new Set(list.map((f) => f.ix))) {
        const newest = Math.max(...list.filter((f) => f.ix === ix).map((f) => f.at));
        expect(store.at[ix]).toBe(newest);
        expect(list.some((f) => f.ix === ix && f.at === newest && f.lng === store.lng[ix])).toBe(true);
        expect(store.fromAt[ix]).toBeLessThanOrEqual(newest);
      }
      expect(store.unitCount).toBe(list.length ? Math.max(...list.map((f) => f.ix)) + 1 : 0);
    }),
  );
});

it('tells its listeners of a frame, not of each fix, and forgets at a snapshot', () => {
  const store = new LatestStore();
  let told = 0;
  const stop = store.subscribe(() => {
    told += 1;
  });
  apply(store, { ix: 3, at: 5, lng: 7 });
  expect(told).toBe(0);
  store.frame(1000);
  expect([told, store.frameAt]).toEqual([1, 1000]);
  store.clear();
  expect([store.at[3], store.frameAt]).toEqual([0, 0]);
  stop();
  store.frame(2000);
  expect(told).toBe(1);
});

it('refuses an ix no street has, and keeps its size', () => {
  const store = new LatestStore();
  expect(() => apply(store, { ix: MAX_IX, at: 1, lng: 0 })).toThrow(RangeError);
  expect(store.unitCount).toBe(0);
  expect(store.lng.length).toBe(64);
});

it('a fix handed in late, as frames at rest hold it, moves no marker', () => {
  const store = new LatestStore();
  apply(store, { ix: 3, at: 5, lng: 7 });
  const late = positions(1);
  late.length = 1;
  late.ix[0] = 3;
  late.at[0] = 9;
  late.lng[0] = 70;
  late.status[0] = STATUS_PAST;
  store.positions(late);
  expect([store.at[3], store.lng[3]]).toEqual([5, 7]);
});
