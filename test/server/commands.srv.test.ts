import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Actor, WHOLE_CENTRE } from '../../model/access.ts';
import { epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import { nextStep, transitions } from '../../model/incident.ts';
import type { Fact } from '../../model/ledger.ts';
import { emptyWorld, everyIncident, incidentOf, worldDigest } from '../../model/world.ts';
import { openCommands } from '../../server/commands.ts';
import { openLedger } from '../../server/ledger/open-ledger.ts';
import { entryOf } from '../../server/ledger/rows.ts';
import { verifyLedger } from '../../server/ledger/verify.ts';
import { openRecall } from '../../server/recall.ts';
import { drawnAct, drawnForm, lawful, setUp } from '../support/facts.ts';
import { freshStore } from '../support/postgres.ts';
import { formFor } from '../support/walk.ts';

const T0 = Date.parse('2026-11-20T08:00:00+08:00');
const DAY = 86_400_000;
const desk: Actor = { id: 'desk', role: 'supervisor', area: WHOLE_CENTRE };
const other: Actor = { ...desk, id: 'other' };

/** Commands on a ledger of its own, with a clock that stands until it is moved. */
async function house() {
  const { store } = await freshStore();
  const clock = { at: T0 };
  const now = () => clock.at;
  const ledger = await openLedger(store, { now });
  await ledger.append('op', () => setUp);
  const commands = openCommands(ledger, openRecall(ledger, store), now);
  const report = async (n: number) => {
    await ledger.append('op', () => [lawful(emptyWorld, { pick: 0, a: 1, b: 1, gapMs: 0 }, epochMs(clock.at), n)]);
    return `i-${n}`;
  };
  const finish = async (id: string) => {
    for (let step = nextStep(incidentOf(ledger.world, id)!); step; step = nextStep(incidentOf(ledger.world, id)!))
      await commands.step(desk, id, formFor(step, clock.at));
  };
  const history = async (id: string) => (await store.readEntries({ subject: id, limit: 1000 })).map((e) => e.kind.replace('incident.', ''));
  /** So many days pass; something happens on each. */
  const days = async (n: number, from: number) => {
    for (let k = 0; k < n; k++) {
      clock.at += DAY;
      await report(from + k);
    }
  };
  return { store, clock, ledger, commands, report, finish, history, days };
}

describe('an incident that the world has let go of', () => {
  it('is brought back for the step that follows, as it stood, in the same append', async () => {
    const { store, ledger, commands, report, finish, history, days } = await house();
    const [id, twin] = [await report(1), await report(2)];
    await commands.step(desk, twin, { step: 'merge', into: id });
    await finish(id);
    const stood = incidentOf(ledger.world, id)!;
    expect(stood).toMatchObject({ state: 'closed', merged: [twin], no: 1 });
    await days(9, 100);
    expect(incidentOf(ledger.world, id)).toBeUndefined();
    expect(await commands.step(desk, id, { step: 'rate', solved: true })).toMatchObject({ ok: true, state: 'closed' });
    const [recalled] = (await store.readEntries({ subject: id, kinds: ['incident.recalled'], limit: 9 })).map(entryOf);
    expect((recalled!.body as { as: object }).as).toEqual(stood);
    expect((await history(id)).slice(-2)).toEqual(['recalled', 'rated']);
    expect(incidentOf(ledger.world, id)).toMatchObject({ verdict: { solved: true }, merged: [twin] });
    await days(3, 200);
    expect(await commands.step(desk, id, { step: 'reopen', reason: '复发' })).toMatchObject({ state: 'filed' });
    expect((await history(id)).slice(-4)).toEqual(['recalled', 'rated', 'recalled', 'reopened']);
    expect(ledger.world.incidents.get(id)).toMatchObject({ state: 'filed', verdict: null, merged: [twin] });
    expect((await verifyLedger(store)).problem).toBeNull();
  });

  it('is brought back once by two who race for it: the second is told what the first did', async () => {
    const { commands, report, finish, history, days } = await house();
    const id = await report(1);
    await finish(id);
    await days(9, 100);
    const answers = await Promise.allSettled([desk, other].map((who) => commands.step(who, id, { step: 'reopen', reason: '复发' })));
    const lost = answers.find((a) => a.status === 'rejected');
    expect(answers.filter((a) => a.status === 'fulfilled')).toHaveLength(1);
    expect(lost?.reason).toMatchObject({ status: 409, field: 'step', more: { state: 'filed', last: { step: 'reopen' } } });
    expect((await history(id)).filter((k) => k === 'recalled')).toHaveLength(1);
  });

  it('is told from one that never was, and from steps that its end does not allow', async () => {
    const { commands, report, finish, history, days } = await house();
    const id = await report(1);
    await finish(id);
    await days(9, 100);
    await expect(commands.step(desk, 'i-none', { step: 'reopen', reason: 'r' })).rejects.toMatchObject({ status: 404, field: 'incident' });
    await expect(commands.step(desk, id, { step: 'file' })).rejects.toMatchObject({ status: 409, more: { state: 'closed' } });
    expect(await history(id)).not.toContain('recalled');
    expect(await commands.preview(desk, [id], { step: 'reopen', reason: 'r' })).toMatchObject([{ ok: true, state: 'filed' }]);
    expect(await history(id)).not.toContain('recalled');
  });

  it('is not brought back when an entry of it was changed behind the ledger’s back', async () => {
    const { store, commands, report, finish, days } = await house();
    const id = await report(1);
    await finish(id);
    await days(9, 100);
    await store.pool.query('ALTER TABLE ledger DISABLE TRIGGER ALL');
    await store.pool.query(`UPDATE ledger SET actor = 'x' WHERE subject = '${id}' AND kind = 'incident.verified'`);
    await expect(commands.step(desk, id, { step: 'reopen', reason: 'r' })).rejects.toMatchObject({ status: 409, field: 'incident' });
    await store.pool.query(`DELETE FROM ledger WHERE subject = '${id}' AND kind = 'incident.verified'`);
    await expect(commands.step(desk, id, { step: 'reopen', reason: 'r' })).rejects.toThrow(/not whole|chain is broken/);
  });

  it('is still held for the first step of the day that lets it go', async () => {
    const { clock, ledger, commands, report, finish } = await house();
    const id = await report(1);
    await finish(id);
    clock.at += 2 * DAY; // nothing was written meanwhile: the ledger's day turns with this very step
    expect(await commands.step(desk, id, { step: 'reopen', reason: '复发' })).toMatchObject({ state: 'filed' });
    expect(ledger.world.incidents.get(id)?.state).toBe('filed');
  });
});

describe('the same step on many', () => {
  it('is previewed without a trace, then taken by each for itself', async () => {
    const { ledger, commands, report } = await house();
    const ids = [await report(1), await report(2), await report(3)];
    await commands.bulk(desk, ids.slice(0, 2), { step: 'file' });
    const form = formFor('dispatch', T0);
    const seq = ledger.world.seq;
    const preview = await commands.preview(desk, [...ids, 'i-none'], form);
    expect(ledger.world.seq).toBe(seq);
    expect(preview[0]).toMatchObject({
      incident: 'i-1',
      ok: true,
      state: 'dispatched',
      what: { from: 'filed', to: 'dispatched', unit: 'u-1', unitHas: [] },
    });
    expect(preview.slice(2)).toMatchObject([
      { incident: 'i-3', ok: false, error: { field: 'step', state: 'reported' } },
      { incident: 'i-none', ok: false, error: { field: 'incident' } },
    ]);
    const done = await commands.bulk(desk, [...ids, 'i-none'], form);
    expect(done.map((r) => r.ok)).toEqual(preview.map((r) => r.ok));
    const again = await commands.preview(desk, [ids[2]!], { step: 'merge', into: ids[0]! });
    expect(again[0]).toMatchObject({ state: 'merged', what: { into: { incident: 'i-1', no: 1, state: 'dispatched' } } });
    await commands.bulk(desk, [ids[2]!], { step: 'merge', into: ids[0]! });
    await commands.bulk(desk, [ids[0]!], { step: 'handle' });
    await commands.bulk(desk, [ids[0]!], { step: 'verify' });
    expect((await commands.preview(desk, [ids[0]!], { step: 'close' }))[0]).toMatchObject({ what: { answered: 2 } });
    expect((await commands.preview({ ...desk, role: 'leader' }, [ids[0]!], { step: 'close' }))[0]).toMatchObject({
      ok: false,
      error: { field: 'actor' },
    });
  });
});

describe('many at once', () => {
  it('whatever they do in whatever order, the world is the fold of its ledger and the chain holds', async () => {
    const arbDo = fc.record({
      pick: fc.nat(9),
      a: fc.nat(99),
      b: fc.nat(99),
      gapMs: fc.nat(3_000_000),
      step: fc.nat(transitions.length - 1),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(arbDo, { minLength: 20, maxLength: 60, size: 'max' }), async (draws) => {
        const { store, clock, ledger, commands, report } = await house();
        for (let n = 0; n < 4; n++) await report(n);
        const facts: Fact[] = [];
        ledger.follow((entries) => facts.push(...entries));
        const doing = draws.map((d) => {
          clock.at += d.gapMs;
          const all = everyIncident(ledger.world).map((i) => i.id);
          const id = all[d.a % all.length]!;
          const actor = d.b % 2 ? desk : other;
          if (d.pick === 0) return commands.whistle(actor, id, { kind: 'daily', grounds: 'joint', text: 't', departments: ['urban'] });
          if (d.pick === 1) return commands.whistleAct(actor, id, drawnAct(d.b % 3 ? 'answer' : 'release', 1, 'urban'));
          const step = d.pick < 6 ? nextStep(incidentOf(ledger.world, id)!) : null;
          const form = drawnForm(step ?? transitions[d.step]!.step, d, clock.at, all[d.b % all.length]);
          return d.pick === 2 ? commands.bulk(actor, all, form) : commands.step(actor, id, form);
        });
        const settled = await Promise.allSettled(doing);
        for (const s of settled) if (s.status === 'rejected') expect(s.reason).toMatchObject({ name: 'Refused' });
        const entries = (await store.readEntries({ limit: 100_000 })).map(entryOf);
        expect(worldDigest(fold(emptyWorld, entries))).toBe(worldDigest(ledger.world));
        expect(facts).toEqual(entries.slice(-facts.length));
        expect((await verifyLedger(store)).problem).toBeNull();
        await ledger.close();
        await store.close();
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
