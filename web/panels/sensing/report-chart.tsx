import type { AlarmPeriods } from '../../../model/alarm-report.ts';
import { useServer } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';

/** More bars than these cannot be told apart: the fullest of several stands for them. */
const BARS = 480;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * 每 10 分钟告警数 with the line of what one operator can bear. Drawn as SVG in the page's own colours, so that it is also on paper.
 */
export function PeriodsChart({ periods, from, to }: { periods: AlarmPeriods; from: number; to: number }) {
  const { t, at } = useText();
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  const { counts, busyAbove, stepMs } = periods;
  const each = Math.max(1, Math.ceil(counts.length / BARS));
  const bars = Array.from({ length: Math.ceil(counts.length / each) }, (_, i) => Math.max(...counts.slice(i * each, (i + 1) * each)));
  const most = Math.max(0, ...counts);
  const top = Math.max(busyAbove * 1.25, most * 1.08);
  const x = (ms: number) => (100 * (ms - periods.from)) / Math.max(stepMs, counts.length * stepMs);
  const y = (n: number) => 100 - (100 * n) / top;
  const step = to - from <= 2 * DAY_MS ? 4 * HOUR_MS : to - from <= 8 * DAY_MS ? DAY_MS : 5 * DAY_MS;
  const shift = offset * 60_000;
  const first = Math.ceil((from + shift) / step) * step - shift;
  const ticks = Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, i) => first + i * step).filter(
    (ms) => x(ms) < 97,
  );
  const busy = counts.filter((n) => n > busyAbove).length;
  return (
    <section className="isa-periods" aria-labelledby="isa-periods-title">
      <h3 id="isa-periods-title">
        {t('isa.periods.title')} <span>{t('isa.periods.sub', { n: counts.length, busy, line: busyAbove, most })}</span>
      </h3>
      <svg className="isa-chart" role="img" aria-label={t('isa.periods.sub', { n: counts.length, busy, line: busyAbove, most })}>
        {bars.map((n, i) =>
          n === 0 ? null : (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={i}
              className={n > busyAbove ? 'isa-over' : 'isa-in'}
              x={`${(100 * i) / bars.length}%`}
              width={`${(100 / bars.length) * 0.9}%`}
              y={`${y(n)}%`}
              height={`${100 - y(n)}%`}
            />
          ),
        )}
        <line className="isa-line" x1="0" x2="100%" y1={`${y(busyAbove)}%`} y2={`${y(busyAbove)}%`} />
        <line className="isa-axis" x1="0" x2="100%" y1="100%" y2="100%" />
      </svg>
      <p className="isa-ticks fig">
        {ticks.map((ms) => (
          <span key={ms} style={{ left: `${Math.max(0, x(ms))}%` }}>
            {step >= DAY_MS ? at(ms).date : at(ms).hm}
          </span>
        ))}
      </p>
      <p className="isa-note">
        {t('isa.periods.line', { line: busyAbove })}
        {each > 1 && ` ${t('isa.periods.thinned', { n: each })}`}
      </p>
    </section>
  );
}
