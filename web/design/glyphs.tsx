import type { Priority } from '../../model/centre.ts';

const size = (u: number) => ({ width: `calc(${u} * var(--u))`, height: `calc(${u} * var(--u))` });

/** 优先级形状: ▲ ◆ ● ■; hollow = returned but unacknowledged. Always beside its text, so hidden from screen readers. */
export function PriorityGlyph({ priority, u = 22, hollow = false }: { priority: Priority; u?: number; hollow?: boolean }) {
  const paint = hollow
    ? { fill: 'none', stroke: `var(--p${priority})`, strokeWidth: 2 }
    : { fill: `var(--p${priority}-fill)`, className: `pg${priority}` };
  return (
    <svg className="glyph" viewBox="0 0 22 22" style={size(u)} aria-hidden="true">
      {priority === 1 && <path {...paint} d={hollow ? 'M11 3.5L19.8 18.7H2.2Z' : 'M11 1.5L21.5 19.7H.5Z'} />}
      {priority === 2 && <path {...paint} d={hollow ? 'M11 2L20 11L11 20L2 11Z' : 'M11 .3L21.7 11L11 21.7L.3 11Z'} />}
      {priority === 3 && <circle {...paint} cx="11" cy="11" r={hollow ? 7.9 : 8.9} />}
      {priority === 4 && <rect {...paint} x={hollow ? 4 : 3.5} y={hollow ? 4 : 3.5} width={hollow ? 14 : 15} height={hollow ? 14 : 15} />}
    </svg>
  );
}

export function SpeakerGlyph({ off }: { off: boolean }) {
  return (
    <svg className="glyph" viewBox="0 0 20 16" style={{ width: 'calc(20 * var(--u))', height: 'calc(16 * var(--u))' }} aria-hidden="true">
      <path d="M1 5.5h3.4L9 1.5v13L4.4 10.5H1z" fill="currentColor" />
      {off ? (
        <path d="M12.5 5l6 6m0-6l-6 6" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" />
      ) : (
        <path
          d="M12 5a4 4 0 0 1 0 6M14.6 2.6a7.4 7.4 0 0 1 0 10.8"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
        />
      )}
    </svg>
  );
}

const transport = {
  prev: 'M2 3h2v10H2zM13 3v10L5 8z',
  back: 'M8 3v10L2 8zM14 3v10L8 8z',
  play: 'M4 2.5l9 5.5-9 5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  forward: 'M8 3v10l6-5zM2 3v10l6-5z',
  next: 'M12 3h2v10h-2zM3 3v10l8-5z',
};
export function TransportGlyph({ kind }: { kind: keyof typeof transport }) {
  return (
    <svg className="glyph" viewBox="0 0 16 16" style={size(16)} aria-hidden="true">
      <path d={transport[kind]} fill="currentColor" />
    </svg>
  );
}

export function UnitGlyph() {
  return (
    <svg className="glyph" viewBox="0 0 16 16" style={{ ...size(16), transform: 'rotate(50deg)' }} aria-hidden="true">
      <path d="M8 1L13 14L8 11L3 14Z" fill="var(--text-2)" />
    </svg>
  );
}
export function DeviceGlyph() {
  return (
    <svg className="glyph" viewBox="0 0 14 14" style={size(14)} aria-hidden="true">
      <path d="M2 2h10v10H2zM5.5 5.5h3v3h-3z" fill="none" stroke="var(--text-2)" strokeWidth="1.8" />
    </svg>
  );
}

/** 走势: 88 x 36 u; the target, where it lies within the range, as a dashed line. */
export function Spark({ values, target }: { values: readonly number[]; target?: number | null }) {
  if (values.length < 2) return null;
  const all = target == null ? values : [...values, target];
  const lo = Math.min(...all);
  const hi = Math.max(...all);
  const x = (i: number) => 4 + (80 * i) / (values.length - 1);
  const y = (v: number) => (hi === lo ? 32 : 32 - (28 * (v - lo)) / (hi - lo));
  const last = values[values.length - 1] as number;
  return (
    <svg className="spark" viewBox="0 0 88 36" style={{ width: 'calc(88 * var(--u))', height: 'calc(36 * var(--u))' }} aria-hidden="true">
      {target != null && <path d={`M4 ${y(target)}H84`} stroke="var(--text-3)" strokeWidth="1" strokeDasharray="3 3" />}
      <path
        d={values.map((v, i) => `${i ? 'L' : 'M'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`).join('')}
        fill="none"
        stroke="var(--text-2)"
        strokeWidth="1.8"
        strokeLinejoin="round"
        strokeLinecap="round"
      />
      <circle cx={x(values.length - 1)} cy={y(last)} r="3" fill="var(--text-1)" />
    </svg>
  );
}
