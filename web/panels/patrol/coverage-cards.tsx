import { type CoverageFigure, type CoverageFigureId, coverageFigureIds } from '../../../model/coverage.ts';
import { offTarget } from '../../../model/kpi.ts';
import { useApp } from '../../app-context.ts';
import { grouped, signed } from '../../design/format.ts';
import { PriorityGlyph, Spark } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';

export const isCoverageFigure = (id: string): id is CoverageFigureId => (coverageFigureIds as readonly string[]).includes(id);
const isShare = (f: Pick<CoverageFigure, 'unit'>) => f.unit.zh === '%';
export const coverageText = (f: CoverageFigure) => (f.value === null ? '—' : isShare(f) ? f.value.toFixed(1) : grouped(f.value));

/** 覆盖指标: each opens to its formula and the places behind it. */
export function CoverageCards({ figures }: { figures: readonly CoverageFigure[] }) {
  const { t } = useText();
  return (
    <section className="pt-cards" aria-label={t('patrolCover.figures')}>
      {figures.map((f) => (
        <Card key={f.id} f={f} />
      ))}
    </section>
  );
}

function Card({ f }: { f: CoverageFigure }) {
  const { t, say } = useText();
  const { view } = useApp();
  const name = t(`patrolCover.figure.${f.id}`);
  const off = offTarget(f);
  return (
    <button
      type="button"
      className="pt-card"
      data-figure={f.id}
      data-value={f.value ?? ''}
      title={t('patrolCover.openFigure', { name })}
      onClick={() => view.setState({ sheet: { kind: 'figure', id: f.id } })}
    >
      <span className="pt-cl">{name}</span>
      <span className="pt-cv">
        <b className="fig">{coverageText(f)}</b>
        <span className="t3">{isShare(f) ? '%' : `/ ${grouped(f.denominator ?? 0)} ${say(f.unit)}`}</span>
        <Spark values={f.spark} />
      </span>
      <span className="pt-cc">
        {f.value === null ? (
          t('kpi.none')
        ) : f.comparison ? (
          <>
            {t(f.comparison.kind === 'schedule' ? 'patrolCover.vs.schedule' : 'patrolCover.vs.target', { target: f.target })}
            <b className={off ? `p${off} off` : ''}>
              {off && <PriorityGlyph priority={off} u={13} />}
              {signed(f.comparison.difference, 1)}
            </b>
          </>
        ) : (
          <>
            {t('patrolCover.target', { n: f.target })}
            {off && <PriorityGlyph priority={off} u={13} />}
          </>
        )}
      </span>
    </button>
  );
}
