import { useText } from '../../../design/use-text.ts';
import { useRealNow } from '../../../store/clock.ts';

/** `3 分前 14:26:08`; of another day with its date. */
export function useHeard() {
  const { t, at, ago } = useText();
  const now = useRealNow();
  return (ms: number | null) => {
    if (ms === null) return t('devices.never');
    const { date, hms } = at(ms);
    return `${ago(Math.max(0, now - ms))} ${date === at(now).date ? hms : `${date} ${hms}`}`;
  };
}
