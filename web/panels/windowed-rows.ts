import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { unitPx } from '../design/chart.tsx';

const OVERSCAN = 8;

/**
 * The rows in sight of a long table and the height of those before and after, px.
 * @param rowU height of a row in units of the design; one that is of another height is given `measure` as ref and its index as `data-index`
 * @param keyOf what a row is known by; absent = its index
 */
export function useWindowedRows(count: number, rowU: number, keyOf?: (index: number) => string) {
  const box = useRef<HTMLElement>(null);
  const windowed = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowU * unitPx(),
    ...(keyOf && { getItemKey: keyOf }),
    overscan: OVERSCAN,
  });
  const shown = windowed.getVirtualItems();
  const before = shown[0]?.start ?? 0;
  const after = windowed.getTotalSize() - (shown.at(-1)?.end ?? 0);
  return { box, shown, before, after, measure: windowed.measureElement, bring: (index: number) => windowed.scrollToIndex(index) };
}
