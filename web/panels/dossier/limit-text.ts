import { useCallback } from 'react';
import type { Clock } from '../../../model/clock.ts';
import { useText } from '../../design/use-text.ts';

/** A limit as it was set: `30 分` round the clock, `4 工作时`, `2 工作日`; one the source gave as the span it comes to. */
export function useLimitText(): (clock: Pick<Clock, 'n' | 'unit' | 'from' | 'due'>) => string {
  const { t, span } = useText();
  return useCallback(
    ({ n, unit, from, due }) => {
      if (n === null) return span(Math.max(0, due - from));
      if (unit === 'urgent-hour') return span(n * 3_600_000);
      return t('clocks.limit', { n, unit: t(`clocks.unit.${unit}`) });
    },
    [t, span],
  );
}
