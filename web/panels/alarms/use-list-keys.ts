import { useEffect, useRef } from 'react';
import type { AlarmAct } from '../../../model/alarm-forms.ts';
import { useApp } from '../../app-context.ts';

/** What the keys of the list do; `range`: with Shift. */
export interface ListKeys {
  readonly move: (by: number) => void;
  readonly pick: (range: boolean) => void;
  readonly act: (act: AlarmAct | 'out') => void;
  readonly all: () => void;
  readonly incident: () => void;
  /** true = there was a selection to give up */
  readonly clear: () => boolean;
}

/**
 * The keys of the list go before the page's own: here J and K walk rows that are not drawn yet, and an act is for the selection. An open
 * dossier, sheet or form keeps its keys.
 */
export function useListKeys(keys: ListKeys) {
  const { view } = useApp();
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const v = view.getState();
      if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || v.sheet || v.intake || v.selection?.kind === 'incident') return;
      const target = e.target as HTMLElement | null;
      if (target?.closest?.('input:not([type="checkbox"]), textarea, select, [role="dialog"]')) return;
      const k = latest.current;
      const inList = target === document.body || Boolean(target?.closest?.('[data-alarm-list]'));
      const handled: Record<string, () => unknown> = {
        j: () => k.move(1),
        k: () => k.move(-1),
        a: () => (e.shiftKey ? k.all() : k.act('acknowledge')),
        s: () => k.act('shelve'),
        r: () => k.act('reset'),
        n: () => k.act('note'),
        o: () => k.act('out'),
        i: () => k.incident(),
        ...(inList && target?.tagName !== 'INPUT'
          ? { ' ': () => k.pick(e.shiftKey), arrowdown: () => k.move(1), arrowup: () => k.move(-1) }
          : {}),
        ...(inList ? { escape: () => k.clear() } : {}),
      };
      const key = e.key.toLowerCase();
      const act = handled[key];
      if (!act) return;
      if (key === 'escape' && !k.clear()) return;
      e.preventDefault();
      e.stopPropagation();
      if (key !== 'escape') act();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [view]);
}
