import type { AreaTree } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import type { MapShade } from '../../map-contract.ts';
import { byPlace, type CoverageMeasure, leafBreaks, leafValue, shareBreaks } from './coverage-measures.ts';
import type { Coverage } from './use-coverage.ts';

/** What the shade says in words. `step` writes one class of a scale, from its lower bound to its upper one. */
export interface ShadeWords {
  readonly title: (measure: CoverageMeasure, level: 'grid' | 'leaf') => string;
  readonly step: (from: number | null, to: number | null) => string;
  readonly plain: (measure: 'rounds' | 'unmanned') => readonly [good: string, bad: string];
  readonly place: (code: AreaCode) => string;
}

const steps = (breaks: readonly number[], step: ShadeWords['step']) => [
  step(null, breaks[0]!),
  ...breaks.slice(1).map((b, i) => step(breaks[i]!, b)),
  step(breaks[3]!, null),
];

/** 色块 of a measure: per cent of micro-grids that fall short for general grids, the measure itself for micro-grids. */
export function coverageShade(c: Coverage, measure: CoverageMeasure, level: 'grid' | 'leaf', tree: AreaTree, words: ShadeWords): MapShade {
  const title = words.title(measure, level);
  if (level === 'grid') {
    const places = byPlace(measure, c.leaves, tree, 'grid', c.hours);
    return {
      values: new Map([...places].map(([code, p]) => [code, p.share])),
      breaks: shareBreaks,
      bright: 'high',
      legend: { title, steps: steps(shareBreaks, words.step) },
      tell: words.place,
    };
  }
  const breaks = leafBreaks[measure];
  const bright = measure === 'visits' ? 'low' : 'high';
  const scale = steps(breaks, words.step);
  const [good, bad] = measure === 'rounds' || measure === 'unmanned' ? words.plain(measure) : ['', ''];
  return {
    values: new Map(c.leaves.map((l) => [l.area.code, leafValue(measure, l, c.now)])),
    breaks,
    bright,
    legend: {
      title,
      steps:
        measure === 'unmanned'
          ? [good, '', '', '', bad]
          : measure === 'rounds'
            ? [good, '', words.step(1, 1), '', words.step(2, null)]
            : measure === 'visits'
              ? [words.step(5, null), words.step(3, 4), words.step(2, 2), words.step(1, 1), words.step(0, 0)]
              : scale,
    },
    tell: words.place,
  };
}
