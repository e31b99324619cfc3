import type { Entry, EntryBody, EntryKind } from '../ledger.ts';
import type { Collection, World } from '../world.ts';

export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A world under construction: copies a collection the first time it is written, so a batch costs one copy per collection touched. */
export class Draft {
  readonly now: Mutable<World>;
  private readonly owned = new Set<Collection>();
  constructor(from: World) {
    this.now = { ...from };
  }
  write<C extends Collection>(name: C): Map<Parameters<World[C]['get']>[0], NonNullable<ReturnType<World[C]['get']>>> {
    if (!this.owned.has(name)) {
      this.owned.add(name);
      (this.now as Record<string, unknown>)[name] = new Map(this.now[name] as ReadonlyMap<unknown, unknown>);
    }
    return this.now[name] as never;
  }
}

/** What an entry of a kind does to the world. It trusts the entry: rules were applied before it was appended. */
export type Reducer<K extends EntryKind> = (d: Draft, body: EntryBody<K>, entry: Entry) => void;
/** A table with one row per kind of entry. */
export type Reducers = { readonly [K in EntryKind]: Reducer<K> };
