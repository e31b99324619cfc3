import type { Bilingual, LngLat } from '../../model/brand.ts';

/**
 * What a check of boundaries may find.
 * - `format` a feature cannot be read; `duplicate-code`, `orphan` (its parent is not in the file), `cycle`, `level` (unknown, or
 *   not below its parent's) concern the tree;
 * - `self-intersection` a border that crosses or doubles itself; `gap`, `overlap`, `outside-parent` children that do not make up
 *   their parent exactly; `sliver` (碎缝) a gap or overlap thinner than SLIVER_WIDTH_M;
 * - `several-roots`, `enclosed-gap`, `code-format` deserve a look and refuse nothing.
 */
export const findingKinds = [
  'format',
  'duplicate-code',
  'orphan',
  'cycle',
  'level',
  'self-intersection',
  'gap',
  'overlap',
  'outside-parent',
  'sliver',
  'several-roots',
  'enclosed-gap',
  'code-format',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** Only errors refuse an import. */
export const severityOf = (kind: FindingKind): 'error' | 'warning' =>
  kind === 'sliver' || kind === 'several-roots' || kind === 'enclosed-gap' || kind === 'code-format' ? 'warning' : 'error';

export interface Finding {
  readonly kind: FindingKind;
  readonly severity: 'error' | 'warning';
  /** the areas concerned, sorted; empty when none can be named */
  readonly codes: readonly string[];
  /** a point to look at, WGS-84; null where the finding has no place */
  readonly lngLat: LngLat | null;
  /** square metres for kinds of surface (gap, overlap, sliver …), else a count; null where nothing is measured */
  readonly measure: number | null;
  readonly message: Bilingual;
}

export const finding = (
  kind: FindingKind,
  codes: readonly string[],
  message: Bilingual,
  lngLat: LngLat | null = null,
  measure: number | null = null,
): Finding => ({ kind, severity: severityOf(kind), codes: [...new Set(codes)].sort(), lngLat, measure, message });

/** `0.42 m²`, `1,204 m²`, `3.1 km²` */
export function formatArea(m2: number): string {
  if (m2 >= 1e6) return `${(m2 / 1e6).toFixed(1)} km²`;
  return `${m2 >= 100 ? Math.round(m2).toLocaleString('en-US') : m2.toPrecision(2)} m²`;
}
