import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '../../model/centre.ts';
import type { Entry } from '../../model/ledger.ts';
import { FOLD_MS, FoldPace, MOST_REST_MS } from '../../web/fold-pace.ts';

const raised = (priority: Priority) => ({ kind: 'alarm.raised', body: { priority } }) as Entry;
const cleared = { kind: 'alarm.cleared', body: {} } as Entry;
const acknowledged = { kind: 'alarm.acknowledged', body: {} } as Entry;
const paced = (began: number, drawn: number) => {
  const pace = new FoldPace();
  pace.folded(began, drawn);
  return pace;
};

describe('folding a flood on a screen', () => {
  it('begins at once', () => {
    expect(new FoldPace().due([raised(3)])).toBeLessThan(0);
  });
  it('rests three times as long as drawing took, so that most of the time is left for keys', () => {
    expect(paced(1000, 1100).due([raised(2), raised(3), cleared])).toBe(1100 + 300);
  });
  it('never keeps a P1 waiting for more than the shortest rest, nor what somebody did', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.array(fc.constantFrom(raised(2), raised(3), raised(4), cleared), { maxLength: 20 }),
        fc.constantFrom(raised(1), acknowledged),
        (cost, others, urgent) => {
          expect(paced(1000, 1000 + cost).due([...others, urgent]) - (1000 + cost)).toBe(FOLD_MS);
        },
      ),
    );
  });
  it('rests between the shortest and the longest rest, whatever drawing cost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60_000 }), (cost) => {
        const rest = paced(0, cost).due([raised(2)]) - cost;
        expect(rest).toBeGreaterThanOrEqual(FOLD_MS);
        expect(rest).toBeLessThanOrEqual(MOST_REST_MS);
      }),
    );
  });
});
