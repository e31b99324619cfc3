import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dayKey } from '../../model/centre.ts';
import { everyPosition } from '../../model/frame.ts';
import { openStore } from '../../server/store/postgres.ts';
import { fixtureBoundaries, fixtureCentre, LEAVES, middleOf, OUTSIDE, WEST } from '../support/fixture-street.ts';
import { envOf, startServer, type TestServer, until } from '../support/server.ts';

/** The whole way: a door, the engine, the rules, the ledger, the world. */
let server: TestServer;
const day = { code: 'day', name: { zh: '白班', en: 'Day' }, hours: [] };
const centre = { ...fixtureCentre, shifts: [day], patrol: { dwellS: 600, fixes: 4, repeatMinutes: 1, strayS: 5 } };
const fix = (unit: string, at: number, lngLat: readonly number[], more: object = {}) => ({
  kind: 'position',
  unit,
  at: new Date(at).toISOString(),
  lngLat,
  ...more,
});
const report = async (...reports: object[]) => (await server.post('/api/v1/reports', { reports })).json;
const entries = async (query: string) => (await server.get(`/api/v1/ledger?${query}`)).json.entries;
const of = async (subject: string) =>
  (await entries(`subject=${encodeURIComponent(subject)}`)) as { kind: string; body: Record<string, unknown> }[];
const round = (id: string, from: string, to: string, more: object = {}) => ({
  id,
  name: id,
  area: `${WEST}001`,
  from,
  to,
  stops: [LEAVES[0], LEAVES[1]],
  ...more,
});
/** Four fixes, a second apart, the last at `end`. */
const four = (unit: string, end: number, lngLat: readonly number[]) => [3, 2, 1, 0].map((s) => fix(unit, end - s * 1000, lngLat));

/** The street as it was configured two days ago, by a server that was killed at once: what fell due since is for the next one. */
beforeAll(async () => {
  const past = await startServer();
  const at = encodeURIComponent(new Date(Date.now() - 2 * 86_400_000).toISOString());
  const must = async (path: string, body: unknown) => expect((await past.admin(`${path}?at=${at}`, body)).json.error).toBeUndefined();
  const unit = (id: string) => ({ id, name: `网格员 ${id}`, role: 'grid', area: WEST, team: '一组', shift: 'day' });
  await must('/api/v1/centre', centre);
  await must('/api/v1/boundaries', { geojson: fixtureBoundaries, validFrom: '2026-01-01T00:00:00+08:00' });
  await must('/api/v1/registry', { rounds: [round('r-all', '00:00', '23:59')], units: [1, 2, 3, 4, 5, 6, 7].map((n) => unit(`p-${n}`)) });
  await past.stop('SIGKILL');
  server = await startServer({ dataDir: past.dataDir });
});
afterAll(() => server?.destroy());

const closings = async () =>
  (await entries('kind=round.closed')) as { body: { day: string; visited: unknown[]; missed: string[]; inOrder: boolean } }[];
/** Film is written every second: a kill may take the last of it. Waits until these fixes of theirs are in its frames at rest. */
async function filmed(...fixes: readonly { unit: string; at: string }[]) {
  const { units } = (await server.get('/api/v1/world')).json as { units: { id: string }[] };
  const ixOf = new Map(units.map((u, ix) => [u.id, ix]));
  const store = await openStore({ dataDir: server.dataDir, databaseUrl: envOf(server).DATABASE_URL ?? null }, { own: false });
  await until(async () => {
    const kept = new Set<string>();
    for (const { bytes } of await store.framesBetween(0, Date.now() + 1)) everyPosition(bytes, (ix, at) => kept.add(`${ix} ${at}`));
    return fixes.every(({ unit, at }) => kept.has(`${ixOf.get(unit)} ${Date.parse(at)}`));
  });
  await store.close();
}

test('a round whose window ended while the server was down is closed once when it is up again, with what was missed', async () => {
  const closed = await until(async () => {
    const list = await closings();
    return list.length > 0 && list;
  });
  expect(closed.map((e) => e.body.day)).toContain(dayKey(Date.now() - 86_400_000, 480));
  expect(closed.at(-1)!.body).toMatchObject({ round: 'r-all', missed: [LEAVES[0], LEAVES[1]], visited: [], inOrder: true });
});

test('enough fixes in a place are a visit; elsewhere for half a minute it is left', async () => {
  const t = Date.now() - 100_000;
  await report(...four('p-1', t, middleOf(0)));
  await report(...[10, 20, 45].map((s) => fix('p-1', t + s * 1000, middleOf(1))));
  expect((await of(LEAVES[0])).map((e) => [e.kind, e.body.unit, e.body.fixes])).toEqual([
    ['area.visited', 'p-1', 4],
    ['area.left', 'p-1', 4],
  ]);
});

test('outside its area is told once, back in it too', async () => {
  const t = Date.now() - 400_000;
  await report(...[0, 3, 6, 9].map((s) => fix('p-2', t + s * 1000, middleOf(3))));
  await report(...[60, 63, 66, 69].map((s) => fix('p-2', t + s * 1000, middleOf(1))));
  expect((await of('p-2')).map((e) => e.kind)).toEqual(['unit.strayed', 'unit.returned']);
});

describe('killed in the midst of it, and started anew', () => {
  const press = fix('p-3', Date.now() - 5000, middleOf(2), { sos: true });
  const t = Date.now() - 100_000;
  let closed: unknown[] = [];
  beforeAll(async () => {
    closed = (await closings()).map((e) => e.body.day);
    const stay = four('p-5', t, middleOf(2)).slice(0, 3);
    await report(...stay, fix('p-7', t, middleOf(0)));
    await filmed(...stay, fix('p-7', t, middleOf(0)));
    expect(await report(fix('p-7', t + 1000, [0, 0]))).toMatchObject({ accepted: 0 });
    const answer = report(press).catch(() => 'cut off');
    const { dataDir } = server;
    await server.stop('SIGKILL');
    await answer;
    server = await startServer({ dataDir });
  });

  test('a stay across it is a visit with its first fix and all of them', async () => {
    await report(fix('p-5', t + 1000, middleOf(2)));
    const [visit] = await until(async () => {
      const told = (await of(LEAVES[2])).filter((e) => e.body.unit === 'p-5');
      return told.length > 0 && told;
    });
    expect(visit).toMatchObject({ kind: 'area.visited', body: { since: t - 3000, at: t + 1000, fixes: 4 } });
  });

  test('a fix that was answered as not believed is in quarantine', async () => {
    const { json } = await server.get('/api/v1/devices/quarantine?unit=p-7&reason=zero');
    expect(json.fixes).toMatchObject([{ at: t + 1000, reason: 'zero' }]);
    const { quarantined } = (await server.get('/api/v1/devices')).json;
    expect(quarantined.filter((q: { unit: string }) => q.unit === 'p-7')).toMatchObject([{ reason: 'zero', n: 1 }]);
  });

  test('no round is closed twice', async () => {
    expect((await closings()).map((e) => e.body.day)).toEqual(closed);
  });

  test('SOS is an alarm of the unit and an incident at its place, once; the API and the file name the unit', async () => {
    await Promise.all([report(press), report({ ...press, at: new Date().toISOString() }), report(press)]);
    const raised = await of('p-3/sos');
    expect(raised.map((e) => e.kind)).toEqual(['alarm.raised']);
    expect(raised[0]!.body).toMatchObject({ sensor: 'p-3', priority: 1, area: LEAVES[2] });
    const world = (await server.get('/api/v1/world')).json;
    const made = world.incidents.filter((i: { alarm: string }) => i.alarm === 'p-3/sos');
    expect(made).toMatchObject([{ title: '求救 网格员 p-3 西 01-03', source: 'patrol', priority: 1, state: 'reported' }]);
    const log = await fetch(`${server.url}/api/v1/alarms/log.csv?kind=unit`);
    expect(await log.text()).toMatch(/p-3\/sos,求救,P1,p-3,网格员 p-3,sos/);
    const rules = (await server.get('/api/v1/alarm-rules')).json.rules;
    expect(rules.find((r: { rule: { kind: string } }) => r.rule.kind === 'unit')).toMatchObject({ standing: 1, simple: true });
    await report(fix('p-3', Date.now() + 10, middleOf(2), { sos: false }));
    expect((await of('p-3/sos')).map((e) => e.kind)).toEqual(['alarm.raised', 'alarm.cleared']);
  });
});

test('what is handed in late makes no fact of now', async () => {
  await report(fix('p-4', Date.now() - 1000, middleOf(1)));
  const late = (s: number, where: readonly number[]) => fix('p-4', Date.now() - 900_000 + s * 1000, where, { past: true, sos: true });
  await report(...[0, 10, 20, 30, 40, 50].map((s) => late(s, middleOf(2))), ...[60, 90, 120].map((s) => late(s, OUTSIDE)));
  expect(await entries('kind=area.visited,unit.strayed,alarm.raised&after=0&limit=5000')).not.toContainEqual(
    expect.objectContaining({ actor: 'p-4' }),
  );
});

test('a registration that names what is not there is refused by field; a table of units is read with teams and shifts', async () => {
  const broken = async (body: object) => (await server.admin('/api/v1/registry', body)).json.error?.field;
  expect(await broken({ rounds: [round('r', '08:00', '12:00', { stops: [WEST] })] })).toBe('rounds.0.stops.0');
  expect(await broken({ rounds: [round('r', '08:00', '12:00', { stops: [LEAVES[0], LEAVES[0]] })] })).toBe('rounds.0.stops.1');
  expect(await broken({ rounds: [round('r', '08:00', '12:00', { units: ['nobody'] })] })).toBe('rounds.0.units.0');
  expect(await broken({ rounds: [round('r', '12:00', '08:00')] })).toBe('rounds.0.to');
  expect(await broken({ units: [{ id: 'x', name: 'x', role: 'grid', shift: 'nightly' }] })).toBe('units.0.shift');
  const sensorKinds = [{ ...fixtureCentre.sensorKinds[0]!, code: 'unit' }];
  expect((await server.admin('/api/v1/centre', { ...centre, sensorKinds })).json.error?.field).toBe('sensorKinds.0.code');
  const csv = async (text: string) =>
    (
      await fetch(`${server.url}/api/v1/registry/units.csv`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv', authorization: `Bearer ${server.adminToken}` },
        body: text,
      })
    ).json() as Promise<{ rows?: number; error?: { field: string } }>;
  expect((await csv('编号,名称,角色,区划,班组,班次\nu-90,网格员 90,grid,,二组,nightly')).error?.field).toBe('line 2, shift');
  expect((await csv(`编号,名称,角色,区划,班组,班次\nu-90,网格员 90,grid,${WEST},二组,day`)).rows).toBe(1);
});
