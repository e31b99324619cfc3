import { useEffect } from 'react';
import { useApp } from '../../../app-context.ts';

/** J and K before the page's own: here they walk the persons to be visited. An open sheet or form keeps its keys. */
export function useRowKeys() {
  const { view } = useApp();
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      const v = view.getState();
      const key = e.key.toLowerCase();
      if ((key !== 'j' && key !== 'k') || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || v.sheet || v.intake) return;
      const target = e.target as HTMLElement | null;
      if (target?.closest?.('input, textarea, select, [role="dialog"]')) return;
      const rows = [...document.querySelectorAll<HTMLElement>('[data-care-row]')];
      if (rows.length === 0) return;
      const here = document.activeElement?.closest('.cr-open')?.previousElementSibling?.querySelector('[data-care-row]');
      const at = rows.indexOf((here ?? document.activeElement) as HTMLElement);
      const next = at < 0 ? (key === 'j' ? 0 : rows.length - 1) : (at + (key === 'j' ? 1 : -1) + rows.length) % rows.length;
      e.preventDefault();
      e.stopPropagation();
      rows[next]!.focus();
      rows[next]!.scrollIntoView({ block: 'nearest' });
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [view]);
}
