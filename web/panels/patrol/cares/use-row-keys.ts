import { useStepKeys } from '../../use-step-keys.ts';

/** J and K walk the persons to be visited. */
export function useRowKeys() {
  useStepKeys((next) => {
    const rows = [...document.querySelectorAll<HTMLElement>('[data-care-row]')];
    if (rows.length === 0) return false;
    const here = document.activeElement?.closest('.cr-open')?.previousElementSibling?.querySelector('[data-care-row]');
    const row = rows[next(rows.indexOf((here ?? document.activeElement) as HTMLElement), rows.length)]!;
    row.focus();
    row.scrollIntoView({ block: 'nearest' });
    return true;
  });
}
