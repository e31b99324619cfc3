import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBoundaries } from '../../geo/boundaries/check.ts';
import { epochMs } from '../../model/brand.ts';
import { zCentre } from '../../model/centre.ts';
import { givenClock } from '../../model/clock.ts';
import type { Incident } from '../../model/incident.ts';
import { cityBoundaries, cityCentre, codesFor, codesOf } from '../../setup-cli/boston/city.ts';
import { cityHistory } from '../../setup-cli/boston/facts.ts';
import { inferLimits } from '../../setup-cli/boston/limits.ts';
import type { Request } from '../../setup-cli/boston/requests.ts';
import { compareVerdicts, toldByLedger, toldByList } from '../../setup-cli/boston/verdicts.ts';
import { localTimes } from '../../setup-cli/boston/zone.ts';
import { anIncident } from '../support/incident.ts';

const { instantOf, localOf } = localTimes('America/New_York');
const utc = (text: string) => Date.parse(`${text}Z`);

describe('local times of a place with summer time', () => {
  it('are the instants its clocks showed them at', () => {
    expect(instantOf('2015-06-01T00:28:00')).toBe(utc('2015-06-01T04:28:00'));
    expect(instantOf('2016-01-11T12:52:59')).toBe(utc('2016-01-11T17:52:59'));
    expect(instantOf('2015-11-01T01:30:00')).toBe(utc('2015-11-01T05:30:00')); // comes twice: the first
    expect(instantOf('2015-11-01T02:00:00')).toBe(utc('2015-11-01T07:00:00'));
    expect(instantOf('2016-03-13T01:59:59')).toBe(utc('2016-03-13T06:59:59'));
    expect(instantOf('2016-03-13T02:30:00')).toBe(utc('2016-03-13T07:30:00')); // never comes
    expect(instantOf('2016-03-13T03:00:00')).toBe(utc('2016-03-13T07:00:00'));
    expect(() => instantOf('yesterday')).toThrow('yesterday');
  });
  it('come back as they were from every instant, but for the hour that comes twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: utc('2015-01-01T00:00:00'), max: utc('2018-01-01T00:00:00') }), (ms) => {
        const at = Math.floor(ms / 1000) * 1000;
        const back = instantOf(localOf(at));
        expect([at, at - 3_600_000]).toContain(back);
        if (back !== at) expect(localOf(back)).toBe(localOf(at));
      }),
    );
  });
});

const request = (more: Partial<Request>): Request => ({
  line: 2,
  id: '1',
  opened: '2015-06-01T09:00:00',
  target: '2015-06-02T09:00:00',
  closed: '2015-06-01T10:00:00',
  verdict: 'ONTIME',
  type: 'Sign Repair',
  department: 'BTDT',
  source: 'Self Service',
  lngLat: [-71.1, 42.3],
  ...more,
});
const incidentFor = (r: Request): Incident => {
  const at = epochMs(instantOf(r.opened));
  const clock = r.target === '' ? null : givenClock(null, epochMs(instantOf(r.target)), at);
  const ended = r.closed === '' ? null : epochMs(instantOf(r.closed));
  return anIncident({
    id: r.id,
    state: ended === null ? 'reported' : 'closed',
    closedAt: ended,
    deadline: clock?.due ?? null,
    clocks: { file: null, dispatch: null, handle: clock },
    marks: ended === null ? [] : [{ step: 'handle', state: 'handled', at: ended, actor: 'import' }],
  });
};

const told = (r: Request) => toldByLedger(incidentFor(r));

describe('the comparison with the city', () => {
  const list = [
    request({ id: 'early' }),
    request({ id: 'to the second', closed: '2015-06-02T09:00:00' }),
    request({ id: 'late', closed: '2015-06-02T09:00:01', verdict: 'OVERDUE' }),
    request({ id: 'no limit', target: '', closed: '2015-12-01T00:00:00' }),
    request({ id: 'open, late', closed: '', verdict: 'OVERDUE' }),
    request({ id: 'open, not yet', target: '2016-06-01T00:00:00', closed: '' }),
    request({ id: 'unjudged', verdict: '' }),
  ];
  it('judges open requests as of the latest closing, and leaves out what the city did not judge', () => {
    const c = compareVerdicts(list, told, instantOf);
    expect(c).toMatchObject({ judged: 6, agreed: 6, differences: [], open: 2, asOf: '2015-12-01T00:00:00' });
    expect(c.unjudged.map((r) => r.id)).toEqual(['unjudged']);
  });
  it('judges by a row of the list alike: what it says of an ended one, and the deadline of an open one', () => {
    const row = (r: Request) => {
      const { state, deadline, closedAt } = incidentFor(r);
      return { open: state !== 'closed', overdue: deadline !== null && (closedAt ?? 0) > deadline, deadline };
    };
    expect(compareVerdicts(list, (r) => toldByList(row(r)), instantOf)).toMatchObject({ judged: 6, agreed: 6, open: 2 });
    const careless = compareVerdicts(list, (r) => toldByList({ ...row(r), overdue: false }), instantOf);
    expect(careless.differences.map((d) => d.request.id)).toEqual(['late']);
  });
  it('finds a wrong verdict, tells a row that contradicts itself from a product that is wrong, and a request that was lost', () => {
    const flipped = compareVerdicts(
      list.map((r) => (r.id === 'late' ? { ...r, verdict: 'ONTIME' as const } : r)),
      told,
      instantOf,
    );
    expect(flipped.differences).toMatchObject([{ product: 'OVERDUE', because: expect.stringContaining('contradicts itself') }]);
    const mistaken = compareVerdicts(list, (r) => told(r.id === 'early' ? { ...r, closed: '2015-06-03T00:00:00' } : r), instantOf);
    expect(mistaken.differences).toMatchObject([{ product: 'OVERDUE', because: null }]);
    const lost = compareVerdicts(list, (r) => (r.id === 'early' ? undefined : told(r)), instantOf);
    expect(lost).toMatchObject({ agreed: 5, differences: [{ product: 'missing', because: null }] });
  });
});

describe('the city as a centre', () => {
  const requests = [
    request({ id: '1', department: 'HS_O', closed: '2015-06-01T08:59:00' }),
    request({ id: '2', department: 'HS-O', opened: '2015-06-01T08:00:00', closed: '', type: 'Sign  Repair' }),
  ];
  it('is valid, with a code for every name', () => {
    const codes = codesOf(requests);
    expect([...codes.types.values(), ...codes.departments.values()].sort()).toEqual(['hs-o', 'hs-o-2', 'sign-repair', 'sign-repair-2']);
    expect(zCentre.safeParse(cityCentre(codes)).success).toBe(true);
    const long = 'New Sign, Crosswalk or Pavement Marking of every street';
    for (const code of codesFor([long, `${long}s`, '标志']).values()) expect(code).toMatch(/^[a-z0-9-]{1,40}$/);
    expect(checkBoundaries(cityBoundaries(), cityCentre(codes).levels)).toMatchObject({ ok: true });
  });
  it('has a history in order of time, no closing before its report', () => {
    const facts = cityHistory(requests, codesOf(requests), instantOf);
    expect(facts.map((f) => [(f.body as { incident: string }).incident, f.kind, localOf(f.at)])).toEqual([
      ['b-2', 'incident.reported', '2015-06-01T08:00:00'],
      ...['reported', 'filed', 'dispatched', 'handled', 'verified', 'closed'].map((k) => ['b-1', `incident.${k}`, '2015-06-01T09:00:00']),
    ]);
  });
});

describe('limits found from targets', () => {
  it('are the ones the targets were made with', () => {
    const rows = (type: string, pairs: [string, string][]) =>
      pairs.map(([opened, target]) => request({ type, opened: `2015-${opened}:00`, target: `2015-${target}:30` }));
    const limits = inferLimits([
      // three office days of 8.5 hours; from before opening, and over a weekend
      ...rows('office', [['06-01T10:00', '06-04T10:00'], ['06-01T00:28', '06-04T08:30'], ['06-05T16:00', '06-10T16:00']]),
      ...rows('clock', [['06-01T10:00', '06-02T10:00'], ['06-06T23:00', '06-07T23:00'], ['06-08T09:00', '06-09T09:02']]),
      request({ type: 'none', target: '' }),
    ]); // biome-ignore format: a row a line
    expect(limits).toEqual([
      { type: 'office', limit: { n: 25.5, unit: 'work-hour' }, exact: 3, near: 0, of: 3 },
      { type: 'clock', limit: { n: 24, unit: 'urgent-hour' }, exact: 2, near: 1, of: 3 },
    ]);
  });
});
