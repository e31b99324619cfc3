import { useMemo } from 'react';
import { areaLabel, DEDICATED } from '../../../model/area.ts';
import type { AreaCode } from '../../../model/brand.ts';
import type { LeafCoverage } from '../../../model/coverage.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { useMapBeside } from '../sensing/map-slot.ts';
import { CoverageCards } from './coverage-cards.tsx';
import { CoverageList } from './coverage-list.tsx';
import { byPlace, type CoverageMeasure, coverageMeasures, leafValue, NEVER, shadedLevel, worstFirst } from './coverage-measures.ts';
import { coverageShade } from './coverage-shade.ts';
import { type Coverage, hoursChoices, useCoverage } from './use-coverage.ts';

const layers = { units: true, sensors: false, cameras: false, incidents: false } as const;

/** 巡防 · 覆盖: where somebody was and where nobody was, on the map, as a list and as figures. */
export function CoverageTab() {
  const { t } = useText();
  const { latest } = useApp();
  const params = useView((s) => s.params);
  const area = useView((s) => s.area);
  const areas = useServer((s) => s.world.areas);
  const c = useCoverage();
  const tree = treeOf({ areas });
  const fresh = useFreshness(latest.frameAt, PERIOD.positions);
  const measure = coverageMeasures.find((m) => m === params.measure) ?? 'visits';
  const level = params.level === 'leaf' || params.level === 'grid' ? params.level : shadedLevel(tree, area);
  const tell = useTell(c, measure, level);
  const shade = useMemo(
    () =>
      coverageShade(c, measure, level, tree, {
        title: (m, l) =>
          l === 'grid' ? t('patrolCover.legend.share', { measure: t(`patrolCover.figure.${short[m]}`) }) : t(`patrolCover.legend.${m}`),
        step: (from, to) =>
          from === null
            ? t('patrolCover.step.below', { n: to })
            : to === null
              ? t('patrolCover.step.from', { n: from })
              : from === to
                ? String(from)
                : t('patrolCover.step.between', { a: from, b: to }),
        plain: (m) =>
          m === 'unmanned' ? [t('patrolCover.step.manned'), t('patrolCover.step.unmanned')] : [t('patrolCover.step.made'), ''],
        place: tell,
      }),
    [c, measure, level, tree, t, tell],
  );
  useMapBeside(useMemo(() => ({ layers, shade }), [shade]));
  const sorted = useMemo(() => worstFirst(measure, c.leaves, c.now), [measure, c]);
  return (
    <Panel
      id="coverage"
      className="pt-cover"
      title={t('patrolCover.title')}
      n={grouped(c.leaves.length)}
      sub={t('patrolCover.sub', {
        dedicated: grouped(c.leaves.filter((l) => l.area.level === DEDICATED).length),
        measure: t(`patrolCover.measures.${measure}`),
      })}
      fresh={fresh}
    >
      <CoverageCards figures={c.figures} />
      <Choices measure={measure} level={level} hours={c.hours} />
      {c.leaves.length === 0 ? (
        <p className="empty">{t('patrolCover.empty')}</p>
      ) : (
        <CoverageList leaves={sorted} now={c.now} measure={measure} />
      )}
    </Panel>
  );
}

/** The figure whose name says what a share is of. */
const short = {
  visits: 'coverage-today',
  rounds: 'rounds-made',
  unvisited: 'not-visited',
  absence: 'absence',
  unmanned: 'unmanned',
} as const;

/** A place's measure in words, for the map's tip. */
function useTell(c: Coverage, measure: CoverageMeasure, level: 'grid' | 'leaf') {
  const { t, span } = useText();
  const areas = useServer((s) => s.world.areas);
  return useMemo(() => {
    const leaves = new Map(c.leaves.map((l) => [l.area.code, l]));
    const tree = treeOf({ areas });
    const ofLeaf = (l: LeafCoverage): string => {
      const v = leafValue(measure, l, c.now);
      if (measure === 'visits') return t('patrolCover.tell.visits', { n: v });
      if (measure === 'rounds')
        return v === null ? t('patrolCover.tell.none') : t('patrolCover.tell.rounds', { made: l.rounds.made, due: l.rounds.due });
      if (measure === 'unmanned') return t(l.unmanned ? 'patrolCover.tell.unmanned' : 'patrolCover.tell.manned');
      if (measure === 'absence' && l.present.length > 0) return t('patrolCover.tell.now', { n: l.present.length });
      if (v === NEVER) return t(measure === 'absence' ? 'patrolCover.tell.neverSeen' : 'patrolCover.tell.never');
      return t(measure === 'absence' ? 'patrolCover.tell.absence' : 'patrolCover.tell.unvisited', { span: span(v! * 3_600_000) });
    };
    const places = level === 'grid' ? byPlace(measure, c.leaves, tree, 'grid', c.hours) : null;
    return (code: AreaCode): string => {
      const place = places?.get(code);
      if (place && place.leaves.length > 1) return t('patrolCover.tell.share', { short: place.short, n: place.leaves.length });
      const leaf = leaves.get(code);
      return leaf ? ofLeaf(leaf) : areaLabel(tree, code);
    };
  }, [c, measure, level, areas, t, span]);
}

/** 着色 by which measure and down to which places, and after how long a place counts as not visited. */
function Choices({ measure, level, hours }: { measure: CoverageMeasure; level: 'grid' | 'leaf'; hours: number }) {
  const { t } = useText();
  const { view } = useApp();
  return (
    <div className="pt-filters">
      <fieldset className="pt-states pt-measures">
        <legend className="sr">{t('patrolCover.measure')}</legend>
        {coverageMeasures.map((m) => (
          <button key={m} type="button" data-measure={m} aria-pressed={m === measure} onClick={() => narrow(view, { measure: m })}>
            {t(`patrolCover.measures.${m}`)}
          </button>
        ))}
      </fieldset>
      <label className="f">
        {t('patrolCover.level')}
        <select value={level} onChange={(e) => narrow(view, { level: e.target.value })}>
          {(['grid', 'leaf'] as const).map((l) => (
            <option key={l} value={l}>
              {t(`patrolCover.levelOf.${l}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="f">
        {t('patrolCover.hours')}
        <select value={hours} onChange={(e) => narrow(view, { hours: e.target.value })}>
          {hoursChoices.map((n) => (
            <option key={n} value={n}>
              {t('patrolCover.hoursOf', { n })}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
