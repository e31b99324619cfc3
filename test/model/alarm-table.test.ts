import { describe, expect, it } from 'vitest';
import { type AlarmEvent, type AlarmState, alarmAfter, type Condition, calm, stateOf } from '../../model/alarm.ts';
import { epochMs } from '../../model/brand.ts';

/**
 * The transition table of ISA-18.2 / IEC 62682, written out by hand from the standard's state diagram: what a state becomes by an event,
 * `=` = stays as it is. A latched alarm keeps whether it was acknowledged: it is reset into a different state.
 */
const plainEvents: Readonly<Record<string, AlarmEvent>> = {
  raise: { do: 'raise' },
  again: { do: 'raise', again: true },
  clear: { do: 'clear', latch: false },
  'clear, latching': { do: 'clear', latch: true },
  acknowledge: { do: 'acknowledge' },
  reset: { do: 'reset' },
};
type Plain = 'normal' | 'unack' | 'acked' | 'rtn-unack' | 'latched, unacknowledged' | 'latched, acknowledged';
const columns = Object.keys(plainEvents);
const table: Readonly<Record<Plain, readonly (Plain | '=')[]>> = {
  //                         raise    again    clear        clear, latching            acknowledge              reset
  normal: ['unack', 'unack', '=', '=', '=', '='],
  unack: ['=', '=', 'rtn-unack', 'latched, unacknowledged', 'acked', '='],
  acked: ['=', 'unack', 'normal', 'latched, acknowledged', '=', '='],
  'rtn-unack': ['unack', 'unack', '=', '=', 'normal', '='],
  'latched, unacknowledged': ['unack', 'unack', '=', '=', 'latched, acknowledged', 'rtn-unack'],
  'latched, acknowledged': ['unack', 'unack', '=', '=', '=', 'normal'],
};
const plains = Object.keys(table) as Plain[];
const asState = (p: Plain) => (p.startsWith('latched') ? 'latched' : p) as AlarmState;
/** How each state is come to, by events alone. */
const way: Readonly<Record<Plain, readonly string[]>> = {
  normal: [],
  unack: ['raise'],
  acked: ['raise', 'acknowledge'],
  'rtn-unack': ['raise', 'clear'],
  'latched, unacknowledged': ['raise', 'clear, latching'],
  'latched, acknowledged': ['raise', 'acknowledge', 'clear, latching'],
};
const run = (events: readonly AlarmEvent[], from: Condition = calm) => events.reduce<Condition>((c, e) => alarmAfter(c, e), from);
const reach = (p: Plain) => run(way[p].map((e) => plainEvents[e]!));
/** A plain state, told from its look-alike by what a reset makes of it. */
const plainOf = (c: Condition): Plain => {
  const state = stateOf(c);
  if (state !== 'latched') return state as Plain;
  return c.acked ? 'latched, acknowledged' : 'latched, unacknowledged';
};

describe('every state by every event', () => {
  for (const from of plains)
    it(from, () => {
      const start = reach(from);
      expect(stateOf(start)).toBe(asState(from));
      const became = columns.map((e) => plainOf(alarmAfter(start, plainEvents[e]!)));
      expect(became).toEqual(table[from].map((to) => (to === '=' ? from : to)));
      for (const [n, to] of table[from].entries()) if (to === '=') expect(alarmAfter(start, plainEvents[columns[n]!]!)).toBe(start);
    });
});

const shelf = { until: epochMs(1), reason: '检修', by: 'op' };
const coverEvents: Readonly<Record<string, AlarmEvent>> = {
  shelve: { do: 'shelve', shelf: { ...shelf, kind: 'timed' } },
  unshelve: { do: 'unshelve' },
  suppress: { do: 'suppress', by: 'high-high' },
  unsuppress: { do: 'unsuppress' },
  remove: { do: 'remove', reason: '检修', by: 'op' },
  return: { do: 'return' },
};
/** What hides an alarm, and what hides what hides it. `under` = the alarm's own state shows again. */
const covers: Readonly<Record<string, readonly (AlarmState | 'under')[]>> = {
  //            shelve           unshelve          suppress          unsuppress        remove            return
  '': ['shelved', 'under', 'suppressed', 'under', 'out-of-service', 'under'],
  shelve: ['shelved', 'under', 'suppressed', 'shelved', 'out-of-service', 'shelved'],
  suppress: ['suppressed', 'suppressed', 'suppressed', 'under', 'out-of-service', 'suppressed'],
  remove: ['out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'under'],
  'shelve suppress': ['suppressed', 'suppressed', 'suppressed', 'shelved', 'out-of-service', 'suppressed'],
  'shelve remove': ['out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'shelved'],
  'suppress remove': ['out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'suppressed'],
  'shelve suppress remove': ['out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'out-of-service', 'suppressed'],
};

describe('what hides an alarm', () => {
  for (const [by, expected] of Object.entries(covers))
    it(`hidden by ${by || 'nothing'}`, () => {
      for (const under of plains) {
        const start = run(
          by.split(' ').flatMap((e) => coverEvents[e] ?? []),
          reach(under),
        );
        const became = Object.values(coverEvents).map((e) => stateOf(alarmAfter(start, e)));
        expect(became, under).toEqual(expected.map((s) => (s === 'under' ? asState(under) : s)));
      }
    });

  it('is followed while it is hidden: uncovered, it is where the table leads', () => {
    for (const [cover, end] of [
      ['shelve', 'unshelve'],
      ['suppress', 'unsuppress'],
      ['remove', 'return'],
    ] as const)
      for (const from of plains)
        for (const [n, e] of columns.entries()) {
          const hiddenNow = run([coverEvents[cover]!, plainEvents[e]!], reach(from));
          expect(stateOf(hiddenNow)).toBe({ shelve: 'shelved', suppress: 'suppressed', remove: 'out-of-service' }[cover]);
          const to = table[from][n]!;
          expect(plainOf(alarmAfter(hiddenNow, coverEvents[end]!)), `${from} ${cover} ${e}`).toBe(to === '=' ? from : to);
        }
  });

  it('a one-shot shelf ends when the condition clears, not when it is acknowledged; a timed one outlives both', () => {
    const once: AlarmEvent = { do: 'shelve', shelf: { ...shelf, kind: 'one-shot' } };
    const state = (from: Plain, ...events: AlarmEvent[]) => stateOf(run(events, reach(from)));
    expect(state('unack', once, plainEvents.acknowledge!)).toBe('shelved');
    expect(state('unack', once, plainEvents.clear!)).toBe('rtn-unack');
    expect(state('acked', once, plainEvents.clear!)).toBe('normal');
    expect(state('unack', once, plainEvents['clear, latching']!)).toBe('latched');
    expect(state('unack', coverEvents.shelve!, plainEvents.clear!, plainEvents.raise!, plainEvents.clear!)).toBe('shelved');
  });
});
