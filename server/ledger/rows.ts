import { hash as digest } from 'node:crypto';
import type { EpochMs, Seq } from '../../model/brand.ts';
import { zId } from '../../model/fields.ts';
import { canonicalJson, type Entry, type EntryKind, entryKinds, type Fact, hashInput, subjectOf } from '../../model/ledger.ts';
import type { EntryRow } from '../store/store.ts';

/** A fact that may not be appended: which field of it breaks which rule. */
export class FactError extends Error {
  override readonly name = 'FactError';
  readonly kind: string;
  readonly field: string;
  readonly rule: string;
  constructor(kind: string, field: string, rule: string) {
    super(`fact ${kind}: ${field}: ${rule}`);
    this.kind = kind;
    this.field = field;
    this.rule = rule;
  }
}

/**
 * A fact with its body as its schema gives it back: known fields only, defaults filled in.
 * @throws FactError naming field and rule
 */
export function checkFact(fact: Fact): Fact {
  const kind = String(fact?.kind);
  if (!Object.hasOwn(entryKinds, kind)) throw new FactError(kind.slice(0, 40), 'kind', 'unknown kind of entry');
  if (kind === 'withheld') throw new FactError(kind, 'kind', 'is never stored');
  const read = entryKinds[kind as EntryKind].safeParse(fact.body);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new FactError(kind, ['body', ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not of its form');
  }
  return { kind, body: read.data } as Fact;
}

export function checkActor(actor: string): string {
  if (!zId.safeParse(actor).success) throw new FactError('entry', 'actor', 'an actor is an id of 1-80 letters, digits or . _ : / -');
  return actor;
}

/** SHA-256 over the same text as `entryHash` of the model, by the machine's own code (several times faster). */
export const hashOf = (e: { prev: string; seq: number; at: number; actor: string; kind: string }, canonicalBody: string) =>
  digest('sha256', hashInput(e, canonicalBody), 'hex');

export interface Sealed {
  readonly entry: Entry;
  readonly row: EntryRow;
}

/** Give a checked fact its place in the chain. */
export function seal(fact: Fact, place: { prev: string; seq: Seq; at: EpochMs; actor: string }): Sealed {
  const body = canonicalJson(fact.body);
  const head = { seq: place.seq, at: place.at, actor: place.actor, kind: fact.kind, prev: place.prev };
  const hash = hashOf(head, body);
  return { entry: { ...head, hash, body: fact.body } as Entry, row: { ...head, hash, body, subject: subjectOf(fact) } };
}

export const entryOf = (row: EntryRow): Entry =>
  ({
    seq: row.seq,
    at: row.at,
    actor: row.actor,
    kind: row.kind,
    prev: row.prev,
    hash: row.hash,
    body: JSON.parse(row.body),
  }) as Entry;
