import fc from 'fast-check';
import { expect, test } from 'vitest';
import { incidentSources, incidentStates } from '../../model/incident.ts';
import { formatIncidentQuery, type IncidentQuery, incidentSorts, parseIncidentQuery } from '../../model/incident-query.ts';
import { incidentSetNames } from '../../model/incident-sets.ts';

const several = <T>(item: fc.Arbitrary<T>) => fc.uniqueArray(item, { minLength: 1, maxLength: 4 });
const code = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }).filter((s) => /^[^\p{Cs}\0]{1,20}$/u.test(s) && s !== '~');
const moment = fc.integer({ min: 0, max: 4_000_000_000_000 });
const arbQuery = fc.record(
  {
    state: several(fc.constantFrom(...incidentStates)),
    priority: several(fc.constantFrom(1, 2, 3, 4)),
    category: several(code),
    group: several(words),
    source: several(fc.constantFrom(...incidentSources)),
    channel: several(fc.oneof(words, fc.constant(''))),
    department: several(fc.oneof(code, fc.constant(''))),
    area: fc.constantFrom('510107062', '510107062007-x'),
    unit: fc.stringMatching(/^[0-9A-Za-z._:/-]{1,20}$/),
    from: moment,
    to: moment,
    overdue: fc.boolean(),
    open: fc.boolean(),
    q: words,
    set: fc.constantFrom(...incidentSetNames),
    sort: fc.constantFrom(...incidentSorts),
    order: fc.constantFrom('asc', 'desc'),
    limit: fc.integer({ min: 1, max: 500 }),
    cursor: fc.stringMatching(/^[\w-]{1,40}$/),
  },
  { requiredKeys: ['sort', 'order', 'limit'] },
) as fc.Arbitrary<unknown> as fc.Arbitrary<IncidentQuery>;

test('a query written as a query string is read back the same, also from the text of a URL', () => {
  fc.assert(
    fc.property(arbQuery, (query) => {
      const text = formatIncidentQuery(query).toString();
      expect(parseIncidentQuery(new URLSearchParams(text))).toEqual({ ok: true, query });
      const record: Record<string, string[]> = {};
      for (const [key, value] of new URLSearchParams(text)) record[key] = [...(record[key] ?? []), value];
      expect(parseIncidentQuery(record)).toEqual({ ok: true, query });
    }),
  );
});

test('an empty query string is the newest fifty, and is written as nothing', () => {
  const read = parseIncidentQuery(new URLSearchParams('state=&q=&area=&something=else'));
  expect(read).toEqual({ ok: true, query: { sort: 'reportedAt', order: 'desc', limit: 50 } });
  expect(formatIncidentQuery(read.ok ? read.query : {}).toString()).toBe('');
});

test('the order follows the sort unless it is given', () => {
  expect(parseIncidentQuery({ sort: 'deadline' })).toMatchObject({ query: { sort: 'deadline', order: 'asc' } });
  expect(parseIncidentQuery({ sort: 'deadline', order: 'desc' })).toMatchObject({ query: { order: 'desc' } });
});

test.each([
  [{ state: 'filed,lost' }, 'state.1', /one of/],
  [{ priority: '5' }, 'priority.0', /1, 2, 3 or 4/],
  [{ from: '2026-11-01' }, 'from', /ISO 8601/],
  [{ overdue: 'yes' }, 'overdue', /true or false/],
  [{ limit: '501' }, 'limit', /500/],
  [{ limit: '-1' }, 'limit', /whole number/],
  [{ area: '../x' }, 'area', /area code/],
  [{ set: 'all' }, 'set', /one of/],
  [{ q: 'x\0' }, 'q', /NUL/],
  [{ category: 'a'.repeat(41) }, 'category.0', /40/],
])('%j is refused with field and rule', (raw, field, rule) => {
  const read = parseIncidentQuery(raw as Record<string, string>);
  expect(read).toMatchObject({ ok: false, field });
  expect(read.ok ? '' : read.rule).toMatch(rule);
});
