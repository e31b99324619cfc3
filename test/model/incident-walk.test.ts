import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../model/fold/fold.ts';
import { type Incident, inHandStates, isOpen, nextStep, remaining, transitionOf, transitions } from '../../model/incident.ts';
import { type Entry, entryKinds } from '../../model/ledger.ts';
import { emptyWorld, everyIncident, worldDigest } from '../../model/world.ts';
import { arbWalk, formFor, type Taken, walk } from '../support/walk.ts';

/** What must hold of every incident at every moment, whatever was done to it. */
function whole(i: Incident) {
  const last = i.marks.at(-1)!;
  const lead = i.crew.filter((c) => c.lead).map((c) => c.unit);
  expect(last.state).toBe(i.state);
  expect(i.marks.every((m, n) => n === 0 || i.marks[n - 1]!.at <= m.at)).toBe(true);
  expect(i.pausedAt !== null).toBe(i.state === 'suspended' || i.extension !== null);
  expect(i.suspension !== null).toBe(i.state === 'suspended');
  if (i.extension || i.helpAskedAt !== null) expect([...inHandStates]).toContain(i.state);
  expect(i.closedAt !== null).toBe(!isOpen(i));
  expect(i.into !== null).toBe(i.state === 'merged');
  expect(i.deadline).toBe(i.clocks.handle?.due ?? null);
  expect(lead).toEqual(i.unit === null ? [] : [i.unit]);
  expect(new Set(i.crew.map((c) => c.unit)).size).toBe(i.crew.length);
  if (i.state === 'reported' || i.state === 'filed') expect(i.crew).toEqual([]);
  for (const c of i.crew) if (c.arrivedAt !== null) expect(c.acceptedAt).not.toBeNull();
  if (i.verdict) expect(i.state).toBe('closed');
  if (i.pausedAt !== null) expect(remaining(i, i.pausedAt)).toBe(remaining(i, i.pausedAt + 86_400_000));
}
const anyUndefined = (v: unknown): boolean =>
  v === undefined || (typeof v === 'object' && v !== null && Object.values(v).some(anyUndefined));

describe('a walk at random', () => {
  it('leads to no state that should not be, and takes rows of the table only', () => {
    fc.assert(
      fc.property(arbWalk, (draws) => {
        walk(draws, ({ before, step, decision, after }, { world }) => {
          const row = transitionOf(step)!;
          if (decision.ok) {
            expect(row.from).toContain(before.state);
            expect(row.flow ?? before.flow).toBe(before.flow);
            expect(after.state).toBe(row.to ?? before.state);
            expect(decision.state).toBe(after.state);
          }
          for (const i of everyIncident(world)) whole(i);
        });
      }),
      { numRuns: 60, endOnFailure: true },
    );
  });
  it('changes nothing where a step is refused, and is told the field and the rule', () => {
    fc.assert(
      fc.property(arbWalk, (draws) => {
        let refused = 0;
        const { entries } = walk(draws, ({ before, step, decision, after }) => {
          if (decision.ok) return;
          refused += 1;
          expect(after).toBe(before);
          expect(Object.keys(decision).sort()).toEqual(['field', 'ok', 'rule', 'status']);
          expect(decision.rule).not.toBe('');
          const row = transitionOf(step)!;
          if (!row.from.includes(before.state)) expect([decision.status, decision.rule]).toEqual([409, expect.stringContaining(step)]);
        });
        const tried = draws.length - refused;
        expect(entries.filter((e) => transitions.some((t) => t.kind === e.kind))).toHaveLength(tried);
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
  it('can be brought to an end from wherever it has come, by the step on one key', () => {
    fc.assert(
      fc.property(arbWalk, (draws) => {
        const walked = walk(draws);
        for (const { id } of [...walked.world.incidents.values()]) {
          for (let n = 0; n < 9 && isOpen(walked.incident(id)); n++) walked.step(id, formFor(nextStep(walked.incident(id))!, walked.at));
          expect(walked.incident(id).state).toBe('closed');
        }
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
  it('moves a deadline only where an entry carries its clock, and pauses only where a step says so', () => {
    fc.assert(
      fc.property(arbWalk, (draws) => {
        const { entries } = walk(draws);
        let world = emptyWorld;
        for (const e of entries) {
          const before = world;
          world = fold(world, [e]);
          for (const i of everyIncident(world)) {
            const was = everyIncident(before).find((b) => b.id === i.id);
            if (!was || was === i) continue;
            const carries = e.body as { incident?: string; handleClock?: object | null; dispatchClock?: object | null };
            const own = carries.incident === i.id;
            if (i.clocks.handle !== was.clocks.handle) expect([own, carries.handleClock]).toEqual([true, i.clocks.handle]);
            if (i.clocks.dispatch !== was.clocks.dispatch) expect([own, carries.dispatchClock]).toEqual([true, i.clocks.dispatch]);
            expect(i.clocks.file).toBe(was.clocks.file);
            // time in which the clock stood still was not lost: the fact that lets it go on carries the clock that is left
            if (was.pausedAt !== null && i.pausedAt === null && was.clocks.handle) expect(carries.handleClock).toBeTruthy();
          }
        }
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
  it('writes bodies of their form, without gaps, and folds to the same world in any batches', () => {
    fc.assert(
      fc.property(arbWalk, fc.array(fc.nat(9), { maxLength: 20 }), (draws, cuts) => {
        const { entries, world } = walk(draws);
        for (const e of entries as Entry[]) {
          expect(anyUndefined(e.body)).toBe(false);
          const read = entryKinds[e.kind].safeParse(e.body);
          expect(read.success ? read.data : read.error).toEqual(e.body);
        }
        let split = emptyWorld;
        let at = 0;
        for (const n of [...cuts, entries.length]) {
          split = fold(split, entries.slice(at, at + n));
          at += n;
        }
        expect(worldDigest(split)).toBe(worldDigest(world));
      }),
      { numRuns: 30, endOnFailure: true },
    );
  });
  it('comes through every row of the table, from every state it starts in', () => {
    const taken = new Set<string>();
    const see = ({ before, step, decision }: Taken) => decision.ok && taken.add(`${step} from ${before.state}`);
    const rows = transitions.flatMap((t) => t.from.map((from) => `${t.step} from ${from}`));
    for (let seed = 1; seed <= 60 && taken.size < rows.length; seed++)
      for (const draws of fc.sample(arbWalk, { numRuns: 50, seed })) walk(draws, see);
    expect(rows.filter((row) => !taken.has(row))).toEqual([]);
  });
});
