import { areaLabel } from '../../../../model/area.ts';
import { type CareRow, overdueFrom } from '../../../../model/care.ts';
import { careKindOf } from '../../../../model/centre.ts';
import { treeOf } from '../../../../model/world.ts';
import { useApp, useServer, useView } from '../../../app-context.ts';
import type { MaskedPerson } from '../../../cares-api.ts';
import { PriorityGlyph } from '../../../design/glyphs.tsx';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { useWindowedRows } from '../../windowed-rows.ts';
import { CareDetail } from './detail.tsx';
import { readCareParams } from './use-cares.ts';
import { useRowKeys } from './use-row-keys.ts';

const columns = ['who', 'place', 'due', 'last', 'unit'] as const;
const ROW_U = 49;
export type Names = ReadonlyMap<string, MaskedPerson | null> | null;

/** Who is to be visited, the longest overdue first; the chosen one opens below its row. */
export function CareList({ rows, names, now }: { rows: readonly CareRow[]; names: Names; now: number }) {
  const { t } = useText();
  const chosen = useView((s) => readCareParams(s.params).chosen);
  const at = chosen === undefined ? -1 : rows.findIndex((r) => r.care.id === chosen);
  /** the row of what is open stands after the chosen one */
  const open = at + 1;
  const rowOf = (index: number) => rows[at >= 0 && index >= open ? index - 1 : index]!;
  const isOpen = (index: number) => at >= 0 && index === open;
  const { box, shown, before, after, measure, bring } = useWindowedRows(
    rows.length + (at >= 0 ? 1 : 0),
    ROW_U,
    (i) => `${rowOf(i).care.id}${isOpen(i) ? ' open' : ''}`,
  );
  useRowKeys(rows, (i) => bring(at >= 0 && i >= open ? i + 1 : i));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="cr-rows" ref={box} tabIndex={0} aria-label={t('cares.rows')}>
      <table className="cr-table" aria-rowcount={rows.length + 1}>
        <caption className="sr">{t('cares.title')}</caption>
        <thead>
          <tr>
            {columns.map((c) => (
              <th key={c} scope="col" className={`cr-h-${c}`}>
                {t(`cares.col.${c}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr className="cr-space">
              <td style={{ height: before }} />
            </tr>
          )}
          {shown.map((v) => {
            const row = rowOf(v.index);
            return isOpen(v.index) ? (
              <tr key={v.key} className="cr-open" ref={measure} data-index={v.index}>
                <td colSpan={columns.length}>
                  <CareDetail row={row} person={names?.get(row.care.id) ?? null} />
                </td>
              </tr>
            ) : (
              <Row key={v.key} row={row} names={names} on={chosen === row.care.id} now={now} measure={measure} index={v.index} />
            );
          })}
          {after > 0 && (
            <tr className="cr-space">
              <td style={{ height: after }} />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  readonly row: CareRow;
  readonly names: Names;
  readonly on: boolean;
  readonly now: number;
  /** on a narrow page a row is as high as its words */
  readonly measure: (row: HTMLElement | null) => void;
  readonly index: number;
}
function Row({ row, names, on, now, measure, index }: RowProps) {
  const { t, say, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const { care } = row;
  const kind = careKindOf(world.centre, care.kind);
  const found = kind?.results.find((r) => r.code === care.lastResult);
  const person = names?.get(care.id);
  return (
    <tr ref={measure} data-index={index} className={`cr-row ${on ? 'on' : ''}`} data-care={care.id} data-state={row.state}>
      <th scope="row" className="cr-who">
        <button type="button" data-care-row={care.id} aria-expanded={on} onClick={() => narrow(view, { care: on ? undefined : care.id })}>
          <b>{names === null ? ' ' : (person?.name ?? t('cares.needsAuth'))}</b>
          <small>{kind ? say(kind.name) : care.kind}</small>
        </button>
      </th>
      <td className="cr-place">{world.areas.has(care.area) ? areaLabel(treeOf(world), care.area) : care.area}</td>
      <td className="cr-due">
        <DueText row={row} />
      </td>
      <td className="cr-last">
        {care.lastAt === null ? (
          <span className="t3">{t('cares.never')}</span>
        ) : (
          <>
            <span className="fig">{at(care.lastAt).date === at(now).date ? at(care.lastAt).hm : at(care.lastAt).date}</span>{' '}
            <span className={found?.bad ? 'p3' : ''}>{found ? say(found.name) : care.lastResult}</span>
          </>
        )}
      </td>
      <td className="cr-unit">{care.unit ? (world.units.get(care.unit)?.name ?? care.unit) : t('cares.nobody')}</td>
    </tr>
  );
}

/** ◆ 逾期 2 天 · ● 宽限至 11-24 · 今日 24:00 前 · 11-29 */
export function DueText({ row: { care, state, dueAt, daysLate } }: { row: CareRow }) {
  const { t, at } = useText();
  const centre = useServer((s) => s.world.centre);
  if (dueAt === null) return <span className="t3">—</span>;
  if (state === 'overdue')
    return (
      <span className="cr-mark p2">
        <PriorityGlyph priority={2} u={14} /> {t('cares.late', { n: daysLate })}
      </span>
    );
  if (state === 'grace')
    return (
      <span className="cr-mark p3">
        <PriorityGlyph priority={3} u={14} />{' '}
        {t('cares.graceUntil', { day: at(overdueFrom(dueAt, careKindOf(centre, care.kind)) - 1).date })}
      </span>
    );
  if (state === 'due-today') return <b>{t('cares.today')}</b>;
  return <span className="fig">{at(dueAt).date}</span>;
}
