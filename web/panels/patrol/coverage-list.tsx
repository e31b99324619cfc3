import { areaLabel } from '../../../model/area.ts';
import type { LeafCoverage } from '../../../model/coverage.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { useWindowedRows } from '../windowed-rows.ts';
import { type CoverageMeasure, leafValue } from './coverage-measures.ts';

const ROW_U = 44;
const columns = ['place', 'visits', 'rounds', 'last', 'present', 'duty'] as const;
const measured: Readonly<Record<CoverageMeasure, (typeof columns)[number]>> = {
  visits: 'visits',
  rounds: 'rounds',
  unvisited: 'last',
  absence: 'present',
  unmanned: 'duty',
};

/** Micro-grids from worst to best; one opens to its page with the records of its visits. */
export function CoverageList({ leaves, now, measure }: { leaves: readonly LeafCoverage[]; now: number; measure: CoverageMeasure }) {
  const { t } = useText();
  const { box, shown, before, after } = useWindowedRows(leaves.length, ROW_U);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="pt-rows" ref={box} tabIndex={0} aria-label={t('patrolCover.rows')}>
      <table className="pt-table pt-leaves" aria-rowcount={leaves.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((c) => (
              <th key={c} scope="col" className={`pt-l-${c}`} aria-sort={measured[measure] === c ? 'descending' : undefined}>
                {t(`patrolCover.col.${c}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr className="pt-space">
              <td style={{ height: before }} />
            </tr>
          )}
          {shown.map((v) => (
            <Row key={leaves[v.index]!.area.code} leaf={leaves[v.index]!} index={v.index} now={now} measure={measure} />
          ))}
          {after > 0 && (
            <tr className="pt-space">
              <td style={{ height: after }} />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

function Row({ leaf: l, index, now, measure }: { leaf: LeafCoverage; index: number; now: number; measure: CoverageMeasure }) {
  const { t, span, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const { code } = l.area;
  const chosen = useView((s) => s.selection?.kind === 'area' && s.selection.id === code);
  const name = (unit: string) => world.units.get(unit)?.name ?? unit;
  const value = leafValue(measure, l, now);
  return (
    <tr className={chosen ? 'sel' : ''} aria-rowindex={index + 2} data-leaf={code} data-value={value ?? ''} data-visits={l.today.length}>
      <td className="pt-l-place">
        <button type="button" className="pt-link" data-row={code} onClick={() => view.setState({ selection: { kind: 'area', id: code } })}>
          {areaLabel(treeOf(world), code)}
        </button>
      </td>
      <td className="pt-l-visits fig">{t('patrolCover.times', { n: l.today.length })}</td>
      <td className="pt-l-rounds fig">{l.rounds.all === 0 ? '—' : `${l.rounds.made}/${l.rounds.all}`}</td>
      <td className="pt-l-last" title={l.last ? `${at(l.last.at).date} ${at(l.last.at).hms}` : undefined}>
        {l.notVisitedMs === null ? (
          t('patrolCover.tell.never')
        ) : (
          <>
            <span className="fig">{span(l.notVisitedMs)}</span> <small className="t3">{l.last && name(l.last.unit)}</small>
          </>
        )}
      </td>
      <td className={`pt-l-present ${l.absent ? 'pt-short' : ''}`}>
        {l.present.length > 0
          ? l.present.map(name).join(' ')
          : l.lastSeen === null
            ? t('patrolCover.tell.neverSeen')
            : t('patrolCover.tell.absence', { span: span(Math.max(0, now - l.lastSeen)) })}
      </td>
      <td className={`pt-l-duty ${l.unmanned ? 'pt-short' : ''}`}>
        {t(l.unmanned ? 'patrolCover.tell.unmanned' : 'patrolCover.tell.manned')}
      </td>
    </tr>
  );
}
