import { type CSSProperties, memo, useCallback, useEffect, useRef } from 'react';
import { headline } from '../../../model/incident-name.ts';
import { type IncidentSort, usualOrder } from '../../../model/incident-query.ts';
import type { IncidentRow } from '../../../model/incident-row.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { duration, MINUS } from '../../design/format.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { ask } from '../../store/view-store.ts';
import { leftOf, rowHasStopped } from './shown.ts';
import { useNames } from './words.ts';

const columns = ['no', 'priority', 'what', 'place', 'source', 'department', 'unit', 'state', 'level', 'reported', 'left'] as const;
type Column = (typeof columns)[number];
const sorts: Partial<Record<Column, IncidentSort>> = { priority: 'priority', state: 'state', reported: 'reportedAt', left: 'deadline' };

interface Props {
  readonly rows: readonly IncidentRow[];
  readonly chosen: ReadonlySet<string>;
  /** `range`: everything between this and the one chosen last */
  readonly onChoose: (id: string, range: boolean) => void;
  /** the end of the list has come into sight */
  readonly onEnd: (() => void) | undefined;
}

/** 事件列表. Space chooses the row in focus, Shift with it everything up to there; Enter opens its dossier. */
export function List({ rows, chosen, onChoose, onEnd }: Props) {
  const { t } = useText();
  const { view } = useApp();
  const query = useView((s) => s.query);
  const selected = useView((s) => (s.selection?.kind === 'incident' ? s.selection.id : null));
  const end = useRef<HTMLDivElement>(null);
  const sort = query.sort ?? 'reportedAt';
  const order = query.order ?? usualOrder[sort];

  useEffect(() => {
    const el = end.current;
    if (!el || !onEnd) return;
    const watch = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && onEnd(), { rootMargin: '400px' });
    watch.observe(el);
    return () => watch.disconnect();
  }, [onEnd]);
  const choose = useCallback((id: string, range: boolean) => onChoose(id, range), [onChoose]);
  const turn = (by: IncidentSort) =>
    ask(view, { ...query, sort: by, order: by !== sort ? usualOrder[by] : order === 'asc' ? 'desc' : 'asc' });

  return (
    <div className="scroll">
      <table className="qt ev" aria-label={t('events.mode.list')}>
        <thead>
          <tr>
            <th scope="col" className="c-pick">
              <span className="sr">{t('events.col.pick')}</span>
            </th>
            {columns.map((c) => {
              const by = sorts[c];
              return (
                <th
                  key={c}
                  scope="col"
                  className={`c-${c}`}
                  aria-sort={by === sort ? (order === 'asc' ? 'ascending' : 'descending') : undefined}
                >
                  {by ? (
                    <button type="button" onClick={() => turn(by)}>
                      {t(`events.col.${c}`)}
                      {by === sort && <i aria-hidden="true">{order === 'asc' ? '↑' : '↓'}</i>}
                    </button>
                  ) : (
                    t(`events.col.${c}`)
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.id} row={row} selected={row.id === selected} chosen={chosen.has(row.id)} onChoose={choose} />
          ))}
        </tbody>
      </table>
      <div ref={end} />
    </div>
  );
}

/** The channel where it says more than the source, else the number of the ticket; the title holds both. */
const channelOf = (row: IncidentRow, source: string) => (row.channel && row.channel !== source ? row.channel : row.ref || row.channel);

const Line = memo(function Line({
  row,
  selected,
  chosen,
  onChoose,
}: {
  row: IncidentRow;
  selected: boolean;
  chosen: boolean;
  onChoose: Props['onChoose'];
}) {
  const { t, language } = useText();
  const { view } = useApp();
  const names = useNames();
  const centre = useServer((s) => s.world.centre);
  const { what, where } = headline(row, centre, language);
  const place = names.place(row.area);
  const unit = names.unit(row.unit);
  return (
    <tr
      className={`${row.open && (row.priority === 1 || row.overdue) ? 'hot' : ''} ${selected ? 'sel' : ''} ${chosen ? 'pick' : ''}`}
      style={{ '--pc': `var(--p${row.priority}-fill)` } as CSSProperties}
    >
      <td className="c-pick">
        <input
          type="checkbox"
          checked={chosen}
          aria-label={t('events.pick', { title: row.title })}
          onChange={() => {}}
          onClick={(e) => onChoose(row.id, e.shiftKey)}
        />
      </td>
      <td className="c-no num" title={row.id}>
        {String(row.no).padStart(4, '0')}
      </td>
      <td className="c-priority">
        <span className={`pp p${row.priority}`}>
          <PriorityGlyph priority={row.priority} u={18} />
          <span>P{row.priority}</span>
        </span>
      </td>
      <td className="c-what cat">
        <button
          type="button"
          data-row={row.id}
          aria-current={selected ? 'true' : undefined}
          title={row.title}
          onClick={() => view.setState({ selection: { kind: 'incident', id: row.id } })}
          onKeyDown={(e) => {
            if (e.key !== ' ') return;
            e.preventDefault();
            onChoose(row.id, e.shiftKey);
          }}
          onFocus={() => view.setState({ hover: { kind: 'incident', id: row.id } })}
          onBlur={() => view.setState({ hover: null })}
        >
          <b>{what}</b>
          {where && <small>{where}</small>}
        </button>
        <span className="under">
          {place}
          {unit && ` · ${unit}`} · {t(`state.${row.state}`)}
        </span>
      </td>
      <td className="c-place">{place}</td>
      <td className="c-source m2">
        {t(`source.${row.source}`)}
        {(row.channel || row.ref) && <small title={`${row.channel} ${row.ref}`}>{channelOf(row, t(`source.${row.source}`))}</small>}
      </td>
      <td className="c-department m2">{row.department ? names.department(row.department) : '—'}</td>
      <td className="c-unit m2">{unit || '—'}</td>
      <td className={`c-state ${row.state === 'reported' || row.state === 'filed' ? 'wait' : 'm2'}`}>
        {t(`state.${row.state}`)}
        {row.permit && <small>{t('events.permitted')}</small>}
      </td>
      <td className="c-level m2">
        {names.level(row.level)}
        {row.levels > 1 && <small>{t('events.climbed', { n: row.levels - 1 })}</small>}
      </td>
      <td className="c-reported num">{names.moment(row.reportedAt)}</td>
      <Left row={row} />
    </tr>
  );
});

/** The only cell that ticks. */
function Left({ row }: { row: IncidentRow }) {
  const { t, span } = useText();
  const now = useNow();
  const left = leftOf(row, now);
  const long = left !== null && Math.abs(left) >= 100 * 3_600_000;
  return (
    <td className={`c-left rr ${left !== null && left < 0 ? `late p${row.priority}` : row.open && row.priority === 1 ? 'p1' : ''}`}>
      {left === null ? (
        <small>{t('events.noLimit')}</small>
      ) : (
        <>
          {(left < 0 || rowHasStopped(row)) && <small>{left < 0 ? t('queue.over') : t('queue.stopped')}</small>}
          {left < 0 ? MINUS : ''}
          {long ? span(Math.abs(left)) : duration(Math.abs(left))}
        </>
      )}
      <small className="age2">{t('events.age', { age: span(Math.max(0, (row.closedAt ?? now) - row.reportedAt)) })}</small>
    </td>
  );
}
