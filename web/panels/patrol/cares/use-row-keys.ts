import type { CareRow } from '../../../../model/care.ts';
import { useStepKeys } from '../../use-step-keys.ts';

/** J and K walk the persons to be visited, those too whose rows are not drawn yet. @param bring brings the row of an index into sight */
export function useRowKeys(rows: readonly CareRow[], bring: (index: number) => void) {
  useStepKeys((next) => {
    if (rows.length === 0) return false;
    const { activeElement } = document;
    const row = activeElement?.closest('.cr-open')?.previousElementSibling ?? activeElement?.closest('tr[data-care]');
    const here = (row as HTMLElement | null | undefined)?.dataset.care;
    const to = next(
      rows.findIndex((r) => r.care.id === here),
      rows.length,
    );
    bring(to);
    // the row is in the page a moment after it was brought into sight
    const focus = (tries: number) => {
      const button = document.querySelector<HTMLElement>(`[data-care-row="${CSS.escape(rows[to]!.care.id)}"]`);
      if (button) button.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
    };
    focus(10);
    return true;
  });
}
