import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoCentre } from '../../seed/centre.ts';
import { drawPlace } from '../../seed/matters.ts';
import { callers, onDutyOf } from '../../seed/people.ts';
import { Desk } from '../../seed/play/desk.ts';
import { Hands } from '../../seed/play/hands.ts';
import { DemoServer } from '../../seed/play/server.ts';
import { Walkers } from '../../seed/play/walkers.ts';
import { rngFor } from '../../seed/rng.ts';
import { boundaries } from '../../seed/street/geojson.ts';
import { walkGraph } from '../../seed/street/walk.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { crew, street } from './world.ts';

/** The street without its history: what is reported here is all there is. */
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const ok = async (path: string, body: unknown) => expect([path, (await server.admin(path, body)).status]).toEqual([path, 200]);
  await ok('/api/v1/centre', demoCentre);
  await ok('/api/v1/boundaries', { geojson: boundaries(street), validFrom: '2026-01-01T00:00:00+08:00' });
  await ok('/api/v1/registry', { units: crew.units, duties: crew.duties, people: crew.people });
});
afterAll(() => server.destroy());

interface Told {
  readonly kind: string;
  readonly actor: string;
  readonly body: { readonly incident: string; readonly reason?: string; readonly unit?: string };
}

describe('the demonstration plays the worker, the departments and the desk through the doors', () => {
  it('takes matters from the report to the rating, walking there on the street’s own ways', async () => {
    const onDuty = onDutyOf(crew.units);
    const walkers = new Walkers(street, walkGraph(street), onDuty, 1);
    const desk = new Desk({ street, units: onDuty, callers: callers(street), seed: 1, keep: 0 });
    const hands = new Hands(new DemoServer(server.url, new AbortController().signal), desk, walkers, 0);
    const r = rngFor(1, 'worker test');
    const reports = Array.from({ length: 24 }, (_, i) => ({
      do: 'report' as const,
      category: i === 0 ? 'gas-over' : i === 1 ? 'dispute' : i % 2 ? 'order' : 'corridor',
      title: `演练 ${i}`,
      source: i % 3 ? ('resident' as const) : ('street-line' as const),
      lngLat: drawPlace(street.courts[i * 7]!, r),
      ...(i % 3 ? {} : { caller: { name: '来电居民', tel: '14000009999' } }),
    }));
    // the same moment, so the same ids, so the same fates at every run
    await hands.act(reports, '2026-11-18T01:00:00.000Z', () => 0);
    let now = Date.now();
    await hands.follow(() => now);
    expect(desk.open()).toBe(24);
    const asked = new Set<string>();
    for (let turn = 0; turn < 1500 && (desk.open() > 0 || asked.size < 6); turn++) {
      now += 30_000;
      walkers.advance(30_000);
      const actions = desk.advance(now, 0, 9, (unit, area) => walkers.isThere(unit, area));
      for (const a of actions) if (a.do === 'step' && a.form.step === 'rate') asked.add(a.incident);
      if (!actions.length) continue;
      await hands.act(actions, new Date().toISOString(), () => now);
      await hands.follow(() => now);
    }
    expect(desk.open()).toBe(0);

    const { json } = await server.get('/api/v1/ledger?limit=5000');
    const entries = (json.entries as Told[]).filter((e) => e.kind.startsWith('incident.'));
    const lives = new Map<string, Told[]>();
    for (const e of entries) lives.set(e.body.incident, [...(lives.get(e.body.incident) ?? []), e]);
    expect(lives.size).toBe(24);
    const way = (list: readonly Told[]) => list.map((e) => e.kind.slice('incident.'.length));
    const whole = [...lives.values()].map(way).find((w) => w.includes('rated') && w.includes('attached'));
    expect(whole).toBeDefined();
    const main = ['reported', 'filed', 'dispatched', 'accepted', 'arrived', 'handled', 'verified', 'closed', 'rated'];
    expect(whole!.filter((k) => main.includes(k))).toEqual(main);
    const kinds = new Set(entries.map((e) => e.kind));
    for (const k of ['mediated', 'agreed', 'revisited', 'whistle-blown', 'whistle-arrived', 'whistle-released', 'attached', 'answered'])
      expect([...kinds]).toContain(`incident.${k}`);
    const rejected = entries.filter((e) => e.kind === 'incident.rejected' || e.kind === 'incident.help-asked');
    expect(rejected.length).toBeGreaterThan(0);
    for (const e of entries.filter((x) => x.kind === 'incident.rejected')) expect(e.body.reason).toBeTruthy();
    // whoever accepted had been sent
    for (const list of lives.values()) {
      const sent = list.filter((e) => e.kind === 'incident.dispatched').length;
      expect(list.filter((e) => e.kind === 'incident.accepted').length).toBeLessThanOrEqual(
        sent + list.filter((e) => e.kind === 'incident.reworked').length,
      );
    }
  });
});
