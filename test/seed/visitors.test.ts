import { expect, it } from 'vitest';
import { careKinds } from '../../seed/care-kinds.ts';
import { Visitors } from '../../seed/play/visitors.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-18T09:00:00+08:00');
const hourAt = (t: number) => ((((t + 8 * 3_600_000) % 86_400_000) + 86_400_000) % 86_400_000) / 3_600_000;

/** A server that knows who waits and takes them off when they are visited. */
function street(states: Record<string, 'overdue' | 'due-today'>) {
  const waiting = new Map(Object.entries(states));
  const visits: { id: string; body: { result: string; unit: string } }[] = [];
  const ask = async <T>(path: string, body?: unknown): Promise<T | null> => {
    const id = /cares\/(.+)\/visits/.exec(path)?.[1];
    if (id === undefined) return { rows: [...waiting].map(([k, state]) => ({ id: k, kind: 'gas', state, unit: 'u-1' })) } as T;
    visits.push({ id, body: body as never });
    waiting.delete(id);
    return { ok: true } as T;
  };
  return { ask, visits };
}
async function play(server: ReturnType<typeof street>, from: number, minutes: number) {
  const visitors = new Visitors(server, 1, from);
  for (let t = from; t < from + minutes * MINUTE; t += MINUTE) await visitors.advance(t, hourAt(t));
  return visitors;
}

it('goes to whoever is due, each once, with a finding of the kind; the overdue are left alone at first', async () => {
  const server = street({ late: 'overdue', a: 'due-today', b: 'due-today' });
  const visitors = await play(server, START, 110);
  expect(server.visits.map((v) => v.id).sort()).toEqual(['a', 'b']);
  expect(visitors.visited).toBe(2);
  const codes = careKinds.find((k) => k.code === 'gas')!.results.map((r) => r.code);
  for (const { body } of server.visits) expect([codes, body.unit]).toEqual([expect.arrayContaining([body.result]), 'u-1']);
});

it('goes to the overdue in the end, and to nobody at night', async () => {
  const server = street({ late: 'overdue' });
  await play(server, START, 300);
  expect(server.visits.map((v) => v.id)).toEqual(['late']);
  const night = street({ a: 'due-today' });
  await play(night, START + 13 * 60 * MINUTE, 600);
  expect(night.visits).toEqual([]);
});
