import { areaLabel } from '../../../model/area.ts';
import { incidentOf, treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { kmh } from '../../design/format.ts';
import { PERIOD } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useStepKeys } from '../use-step-keys.ts';
import { useWindowedRows } from '../windowed-rows.ts';
import { StateMark } from './state-mark.tsx';
import type { UnitRow } from './unit-rows.ts';

const ROW_U = 52;
const columns = ['state', 'unit', 'where', 'age', 'speed', 'duty', 'task'] as const;

/** The units, only those in sight in the page. J and K walk all of them, Enter opens. */
export function UnitList({ rows, now }: { rows: readonly UnitRow[]; now: number }) {
  const { t } = useText();
  const { box, shown, before, after, bring } = useWindowedRows(rows.length, ROW_U, (i) => rows[i]!.unit.id);
  useRowKeys(rows, bring);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="pt-rows" ref={box} tabIndex={0} aria-label={t('patrolUnits.rows')}>
      <table className="pt-table" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((c) => (
              <th key={c} scope="col" className={`pt-c-${c}`}>
                {t(`patrolUnits.col.${c}`)}
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
            <Row key={v.key} row={rows[v.index]!} index={v.index} now={now} />
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

/** J and K walk the rows, those too that are not drawn yet. */
function useRowKeys(rows: readonly UnitRow[], bring: (index: number) => void) {
  const { view } = useApp();
  useStepKeys((next) => {
    if (rows.length === 0) return false;
    const here = (document.activeElement as HTMLElement | null)?.dataset.row ?? view.getState().selection?.id;
    const to = next(
      rows.findIndex((r) => r.unit.id === here),
      rows.length,
    );
    const { id } = rows[to]!.unit;
    bring(to);
    // the row is in the page a moment after it was brought into sight
    const focus = (tries: number) => {
      const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
      if (row) row.focus({ preventScroll: true });
      else if (tries > 0) requestAnimationFrame(() => focus(tries - 1));
    };
    focus(10);
    return true;
  });
}

function Row({ row: { unit, status, seen, where, tasks }, index, now }: { row: UnitRow; index: number; now: number }) {
  const { t, span, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const chosen = useView((s) => s.selection?.kind === 'unit' && s.selection.id === unit.id);
  const hovered = useView((s) => s.hover?.kind === 'unit' && s.hover.id === unit.id);
  const tree = treeOf(world);
  const place = (code: typeof where) => (code === null ? t('patrolUnits.outside') : areaLabel(tree, code));
  const task = tasks[0] === undefined ? undefined : incidentOf(world, tasks[0]);
  const age = seen ? Math.max(0, now - seen.at) : 0;
  return (
    <tr
      className={`pt-r-${status.state} ${chosen ? 'sel' : ''} ${hovered ? 'pt-hover' : ''}`}
      aria-rowindex={index + 2}
      data-unit={unit.id}
      data-state={status.state}
      onPointerEnter={() => view.setState({ hover: { kind: 'unit', id: unit.id } })}
      onPointerLeave={() => view.setState({ hover: null })}
    >
      <td className="pt-c-state">
        <StateMark state={status.state} />
        <span className="pt-word">
          {t(`unitState.${status.state}`)}
          {status.since !== null && (
            <small className="fig" title={t('patrolUnits.sinceTitle', { at: `${at(status.since).date} ${at(status.since).hms}` })}>
              {span(Math.max(0, now - status.since))}
            </small>
          )}
        </span>
      </td>
      <td className="pt-c-unit">
        <button
          type="button"
          data-row={unit.id}
          aria-current={chosen ? 'true' : undefined}
          onClick={() => view.setState({ selection: { kind: 'unit', id: unit.id } })}
        >
          <i className="pt-role" aria-hidden="true">
            {t(`roleMark.${unit.role}`)}
          </i>
          <b>{unit.name}</b>
          <small>
            {t(`roles.${unit.role}`)}
            {unit.team ? ` · ${unit.team}` : ''}
          </small>
        </button>
      </td>
      <td className="pt-c-where">{seen ? place(where) : '—'}</td>
      <td
        className={`pt-c-age fig ${age > 3 * PERIOD.positions ? 'pt-late' : ''}`}
        title={seen ? `${at(seen.at).date} ${at(seen.at).hms}` : undefined}
      >
        {seen ? span(age) : t('patrolUnits.never')}
      </td>
      <td className="pt-c-speed fig">
        {seen && status.state !== 'silent' && status.state !== 'doubted' ? t('patrolUnits.speed', { n: kmh(seen.speed) }) : '—'}
      </td>
      <td className="pt-c-duty">{unit.area ? areaLabel(tree, unit.area) : t('patrolUnits.noArea')}</td>
      <td className="pt-c-task">
        {task ? (
          <button type="button" onClick={() => view.setState({ selection: { kind: 'incident', id: task.id } })}>
            {task.title}
            {tasks.length > 1 && <small> {t('patrolUnits.more', { n: tasks.length - 1 })}</small>}
          </button>
        ) : (
          t('patrolUnits.free')
        )}
      </td>
    </tr>
  );
}
