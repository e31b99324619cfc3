import { expect, it } from 'vitest';
import { epochMs } from '../../model/brand.ts';
import { fold } from '../../model/fold/fold.ts';
import { canonicalJson, type Fact } from '../../model/ledger.ts';
import { emptyWorld, worldDigest } from '../../model/world.ts';
import { hashOf } from '../../server/ledger/rows.ts';
import { readSnapshot, snapshotText, WORLD_FORMAT } from '../../server/ledger/snapshots.ts';
import { chain, lawful, setUp } from '../support/facts.ts';

/** A fixed history with every kind of entry a lawful draw makes. */
function history() {
  const facts: { fact: Fact; at: number }[] = setUp.map((fact) => ({ fact, at: 1_760_000_000_000 }));
  let world = fold(emptyWorld, chain(facts));
  for (let n = 0; n < 400; n++) {
    const at = 1_760_000_000_000 + n * 1_000_003;
    facts.push({ fact: lawful(world, { pick: (n * 7) % 10, a: (n * 31) % 97, b: (n * 17) % 89, gapMs: 0 }, epochMs(at), n), at });
    world = fold(world, [{ ...chain([facts.at(-1)!])[0]!, seq: world.seq + 1 } as never]);
  }
  return chain(facts);
}

it('the same entries give the same world as when snapshots of this format were written', () => {
  const digest = worldDigest(fold(emptyWorld, history()));
  // When this fails, `fold` has changed: raise WORLD_FORMAT (old snapshots are then refolded), and put the new pair here.
  expect([WORLD_FORMAT, digest]).toEqual([6, '7121f16262cb60bdfd37879d64a8091f427d4dd09a454a4b2933dbd58e5a863c']);
});

it('a snapshot holds the whole world; one of another format is not used', () => {
  const world = fold(emptyWorld, history());
  const text = snapshotText(world);
  expect(worldDigest(readSnapshot(text)!)).toBe(worldDigest(world));
  expect(readSnapshot(JSON.stringify({ ...JSON.parse(text), format: WORLD_FORMAT + 1 }))).toBeNull();
});

it('the server’s hash of an entry is the model’s', () => {
  for (const e of history()) expect(hashOf(e, canonicalJson(e.body))).toBe(e.hash);
});
