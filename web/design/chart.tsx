import type { EChartsOption } from 'echarts';
import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useView } from '../app-context.ts';

/** What a chart is drawn with: tokens as colours, sizes in px. */
export interface Look {
  /** px of one u */
  readonly u: number;
  readonly color: (token: string) => string;
  readonly font: string;
}

const narrow = () => window.innerWidth < 1440;
export const unitPx = () => (narrow() ? 1 : Math.min(window.innerWidth / 1920, window.innerHeight / 1080));
const onResize = (l: () => void) => {
  window.addEventListener('resize', l);
  return () => window.removeEventListener('resize', l);
};

/** One ECharts instance on a canvas, kept for the life of the panel; `build` runs anew when its data or the look changes. */
export function Chart({ build, className }: { build: (look: Look) => EChartsOption; className: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  const theme = useView((s) => s.theme);
  const u = useSyncExternalStore(onResize, unitPx);

  useEffect(() => {
    let made: EChartsType | null = null;
    let gone = false;
    const el = box.current;
    if (!el) return;
    const watch = new ResizeObserver(() => made?.resize());
    void import('./charts-core.ts')
      .then((m) => m.ready())
      .then((init) => {
        if (gone) return;
        made = init(el, null, { renderer: 'canvas' });
        watch.observe(el);
        setChart(made);
      });
    return () => {
      gone = true;
      watch.disconnect();
      made?.dispose();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed theme gives the tokens new values
  useEffect(() => {
    if (!chart) return;
    const style = getComputedStyle(document.documentElement);
    const look: Look = { u, color: (token) => style.getPropertyValue(`--${token}`).trim(), font: style.getPropertyValue('--font-fig') };
    chart.setOption({ animation: false, backgroundColor: 'transparent', ...build(look) }, { notMerge: true, lazyUpdate: true });
  }, [chart, build, theme, u]);

  return <div ref={box} className={`chart ${className}`} aria-hidden="true" />;
}
