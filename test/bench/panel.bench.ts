import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import { nextStep } from '../../model/incident.ts';
import { decideStep } from '../../model/incident-step.ts';
import { figures, type TelemetrySummary } from '../../model/kpi.ts';
import { categoryRows, communityRows, densityStrip, openQueue, sourceHours } from '../../model/kpi-series.ts';
import type { Entry, Fact } from '../../model/ledger.ts';
import { emptyWorld, type World } from '../../model/world.ts';
import { lawful, setUp } from '../support/facts.ts';
import { formFor } from '../support/walk.ts';

export const title = 'panels: what one step of an open incident costs the wall, by the number of incidents that have ended';

const ENDED = [0, 10_000, 100_000];
const OPEN = 200;
const STEPS = 10;
const ROUNDS = 3;
const T0 = Date.parse('2026-11-20T09:00:00+08:00');
const silent: TelemetrySummary = { unitsOnDuty: [], sensorsOnline: 0, sensorsOffline: [], positionsAt: 0, readingsAt: 0 };

const entry = (world: World, fact: Fact, at: number) =>
  ({ ...fact, seq: world.seq + 1, at: epochMs(at), actor: 'op', prev: '', hash: '' }) as Entry;
function* numbered(world: World, facts: Iterable<Fact>): Generator<Entry> {
  let seq = world.seq as number;
  for (const fact of facts) yield { ...entry(world, fact, T0), seq: ++seq } as Entry;
}

/** 200 open incidents, half of them under way, and so many that ended today. */
function worldWith(ended: number): World {
  const facts = function* (): Generator<Fact> {
    yield* setUp;
    for (let n = 0; n < ended + OPEN; n++) yield lawful(emptyWorld, { pick: 0, a: n % 97, b: 1 + (n % 4), gapMs: 0 }, epochMs(T0), n);
    for (let n = 0; n < ended; n++) yield { kind: 'incident.declined', body: { incident: `i-${n}`, reason: '不属受理范围' } };
    for (let n = ended; n < ended + OPEN; n += 2) yield { kind: 'incident.filed', body: { incident: `i-${n}` } };
  };
  return fold(emptyWorld, numbered(emptyWorld, facts()));
}

const parts: Readonly<Record<string, (world: World, now: number) => unknown>> = {
  queue: openQueue,
  figures: (world, now) => figures(world, silent, now),
  sources: sourceHours,
  communities: communityRows,
  categories: categoryRows,
  strip: densityStrip,
};

/** Milliseconds per step: folding it, and then each panel's selector. */
function measure(start: World): Record<string, number> {
  const spent: Record<string, number> = { fold: 0, ...Object.fromEntries(Object.keys(parts).map((k) => [k, 0])) };
  const ids = [...start.incidents.keys()];
  let world = start;
  for (let n = 0; n < STEPS; n++) {
    const now = T0 + 1000 + n;
    const i = world.incidents.get(ids[n % ids.length]!)!;
    const decision = decideStep(world, i.id, formFor(i.state === 'arrived' ? 'note' : nextStep(i)!, now), null, now);
    if (!decision.ok) throw new Error(decision.rule);
    const entries = decision.facts.map((fact) => entry(world, fact, now));
    let from = performance.now();
    const took = (name: string) => {
      const to = performance.now();
      spent[name]! += (to - from) / STEPS;
      from = to;
    };
    world = fold(world, entries);
    took('fold');
    for (const [name, select] of Object.entries(parts)) {
      select(world, now);
      took(name);
    }
  }
  return spent;
}
const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

export async function run(print: (line: string) => void): Promise<void> {
  const worlds = ENDED.map(worldWith);
  for (const world of worlds) measure(world); // warm up
  const rounds = Array.from({ length: ROUNDS }, () => worlds.map(measure));
  const of = (w: number, name: string) => median(rounds.map((r) => r[w]![name]!));
  const total = (w: number) => ['fold', ...Object.keys(parts)].reduce((sum, name) => sum + of(w, name), 0);
  ENDED.forEach((ended, w) => {
    const each = ['fold', ...Object.keys(parts)].map((name) => `${name} ${of(w, name).toFixed(3)}`).join(', ');
    print(
      `${OPEN} open, ${String(ended).padStart(6)} ended: queue update (fold + queue) ratio ${((of(w, 'fold') + of(w, 'queue')) / (of(0, 'fold') + of(0, 'queue'))).toFixed(2)}, ` +
        `all panels ${total(w).toFixed(2)} ms a step, ratio ${(total(w) / total(0)).toFixed(2)} (ms: ${each})`,
    );
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await run((line) => console.log(line));
