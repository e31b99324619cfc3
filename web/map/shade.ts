import type { Map as MapLibreMap } from 'maplibre-gl';
import type { AreaCode } from '../../model/brand.ts';
import type { MapShade } from '../map-contract.ts';

/** 1 … 5 as the colours q1 … q5; 0 = left plain. */
export function shadeClass({ breaks, bright }: Pick<MapShade, 'breaks' | 'bright'>, value: number | null): number {
  if (value === null) return 0;
  const n = 1 + breaks.filter((b) => value >= b).length;
  return bright === 'high' ? n : 6 - n;
}

/** Writes the classes of a shade into the feature states of the areas, and takes back what it wrote before. */
export class Shading {
  private written = new Map<AreaCode, number>();

  /** A new style has forgotten every state. */
  forget() {
    this.written = new Map();
  }

  draw(map: MapLibreMap, shade: MapShade | null) {
    const wanted = new Map<AreaCode, number>();
    if (shade) for (const [code, value] of shade.values) wanted.set(code, shadeClass(shade, value));
    for (const code of this.written.keys()) if (!wanted.has(code)) map.setFeatureState({ source: 'areas', id: code }, { s: 0 });
    for (const [code, s] of wanted) if (this.written.get(code) !== s) map.setFeatureState({ source: 'areas', id: code }, { s });
    this.written = wanted;
  }
}
