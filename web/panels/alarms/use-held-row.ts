import { type FocusEvent, useLayoutEffect, useRef, useState } from 'react';

const rowOf = (el: Element) => el.closest('li')?.querySelector<HTMLElement>('[data-row]') ?? null;

/**
 * The row of a short list that has the focus. A list that orders itself anew several times a second must not take it from under a hand that
 * is about to press a key: `firstOf` draws the row also where it is no longer among the first, and when what had the focus is gone (a
 * button that is no longer due, a row that ended), its row gets it, or the one in its place.
 */
export function useHeldRow() {
  const list = useRef<HTMLUListElement>(null);
  const [held, setHeld] = useState<string | null>(null);
  const last = useRef<{ readonly focused: Element; readonly row: HTMLElement; readonly at: number } | null>(null);

  useLayoutEffect(() => {
    const focused = document.activeElement;
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
    const row = focused && list.current?.contains(focused) ? rowOf(focused) : null;
    if (focused && row) {
      last.current = { focused, row, at: rows.indexOf(row) };
      return;
    }
    const before = last.current;
    last.current = null;
    // what is still there was left on purpose
    if (!before || before.focused.isConnected || focused !== document.body) return;
    const next = before.row.isConnected ? before.row : rows[Math.min(before.at, rows.length - 1)];
    next?.focus({ preventScroll: true });
  });

  return {
    /** of the list's element */
    props: {
      ref: list,
      onFocus: (e: FocusEvent) => setHeld(rowOf(e.target)?.dataset.row ?? null),
      onBlur: (e: FocusEvent) => {
        if (!list.current?.contains(e.relatedTarget)) setHeld(null);
      },
    },
    /** The first `n`, the last of them giving way to the one that has the focus. */
    firstOf<T>(all: readonly T[], n: number, keyOf: (row: T) => string): readonly T[] {
      const at = held === null ? -1 : all.findIndex((row) => keyOf(row) === held);
      return at < n ? all.slice(0, n) : [...all.slice(0, n - 1), all[at]!];
    },
  };
}
