import type { RoundProgress } from '../../../model/rounds.ts';
import type { MapShade } from '../../map-contract.ts';

export interface RoundWords {
  readonly title: string;
  readonly made: string;
  readonly open: string;
  readonly next: string;
}

/** The stops of one round on the map: made ones dim, those to come brighter, the next one brightest. */
export function roundsShade(p: RoundProgress, words: RoundWords): MapShade {
  const made = new Set(p.visited.map((v) => v.area));
  const stepOf = (stop: (typeof p.round.stops)[number]) => (made.has(stop) ? 1 : stop === p.next ? 4 : 3);
  return {
    values: new Map(p.round.stops.map((stop) => [stop, stepOf(stop)])),
    breaks: [1, 2, 3, 4],
    bright: 'high',
    legend: { title: words.title, steps: ['', words.made, '', words.open, p.next ? words.next : ''] },
    tell: (area) => (made.has(area) ? words.made : area === p.next ? words.next : words.open),
  };
}
