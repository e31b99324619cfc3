import { useEffect, useRef } from 'react';
import { useApp } from '../app-context.ts';

/**
 * J and K before the page's own, for a list that is walked in a way of its own. An open sheet or form keeps its keys.
 * @param step answers whether there was anything to step to; given where one stands (-1 = nowhere) `next` says what comes
 */
export function useStepKeys(step: (next: (at: number, count: number) => number) => boolean) {
  const { view } = useApp();
  const latest = useRef(step);
  latest.current = step;
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const v = view.getState();
      const key = e.key.toLowerCase();
      if ((key !== 'j' && key !== 'k') || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || v.sheet || v.intake) return;
      const target = e.target as HTMLElement | null;
      if (target?.closest?.('input, textarea, select, [role="dialog"]')) return;
      const next = (at: number, n: number) => (at < 0 ? (key === 'j' ? 0 : n - 1) : (at + (key === 'j' ? 1 : -1) + n) % n);
      if (!latest.current(next)) return;
      e.preventDefault();
      e.stopPropagation();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [view]);
}
