import type { CSSProperties } from 'react';
import { type IncidentState, incidentStates } from '../../../model/incident.ts';
import { headline } from '../../../model/incident-name.ts';
import { formatIncidentQuery } from '../../../model/incident-query.ts';
import type { IncidentRow } from '../../../model/incident-row.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { duration, MINUS } from '../../design/format.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { fetchCounts, fetchList } from '../../incidents-api.ts';
import { useNow } from '../../store/clock.ts';
import { ask, type ListQuery } from '../../store/view-store.ts';
import { withFields } from './filters.tsx';
import { leftOf, rowHasStopped } from './shown.ts';
import { useLive } from './use-live.ts';
import { useNames } from './words.ts';

const PER_COLUMN = 8;

/** 看板: a column per state, as many as there are, those past their limit first. */
export function Board() {
  const { t } = useText();
  const query = useView((s) => s.query);
  const key = formatIncidentQuery(query).toString();
  const counts = useLive(`board ${key}`, (after, signal) => fetchCounts(query, 'state', after, signal));
  const fresh = useFreshness(counts.data?.at, 15_000);
  const found = new Map(counts.data?.rows.map((r) => [r.key, r]));
  const states = incidentStates.filter((s) => (found.get(s)?.n ?? 0) > 0);
  return (
    <Panel
      id="board"
      className="board"
      title={t('events.mode.board')}
      n={counts.data?.total ?? '—'}
      sub={counts.error ? t('events.failed', { rule: counts.error }) : t('events.boardSub')}
      fresh={fresh}
    >
      <div className="columns">
        {counts.data && states.length === 0 && <p className="empty">{t('events.empty')}</p>}
        {states.map((s) => (
          <Column key={s} state={s} query={query} n={found.get(s)?.n ?? 0} overdue={found.get(s)?.overdue ?? 0} />
        ))}
      </div>
    </Panel>
  );
}

function Column({ state, query, n, overdue }: { state: IncidentState; query: ListQuery; n: number; overdue: number }) {
  const { t } = useText();
  const { view } = useApp();
  const narrowed: ListQuery = { ...withFields(query, { order: undefined }), state: [state] };
  const key = `column ${formatIncidentQuery(narrowed)}`;
  const first = useLive(key, (after, signal) => fetchList({ ...narrowed, sort: 'deadline' }, { limit: PER_COLUMN }, after, signal));
  const rows = first.data?.rows ?? [];
  const open = () => ask(view, narrowed, 'list');
  return (
    <section aria-label={t(`state.${state}`)} data-state={state}>
      <button type="button" className="colh" onClick={open}>
        <b>{t(`state.${state}`)}</b>
        <span className="n" data-count={n}>
          {n}
        </span>
        {overdue > 0 && (
          <span className="p2 od">
            <PriorityGlyph priority={2} u={13} /> {t('events.lateN', { n: overdue })}
          </span>
        )}
      </button>
      <ul>
        {rows.map((r) => (
          <Card key={r.id} row={r} />
        ))}
      </ul>
      {n > rows.length && first.data && (
        <button type="button" className="plain more-of" onClick={open}>
          {t('queue.more', { n: n - rows.length })}
        </button>
      )}
    </section>
  );
}

function Card({ row }: { row: IncidentRow }) {
  const { t, language, span } = useText();
  const { view } = useApp();
  const now = useNow();
  const names = useNames();
  const centre = useServer((s) => s.world.centre);
  const selected = useView((s) => s.selection?.kind === 'incident' && s.selection.id === row.id);
  const left = leftOf(row, now);
  const { what } = headline(row, centre, language);
  const late = left !== null && left < 0;
  return (
    <li className={`${selected ? 'sel' : ''} ${late ? 'hot' : ''}`} style={{ '--pc': `var(--p${row.priority}-fill)` } as CSSProperties}>
      <button
        type="button"
        data-row={row.id}
        title={row.title}
        aria-current={selected ? 'true' : undefined}
        onClick={() => view.setState({ selection: { kind: 'incident', id: row.id } })}
      >
        <PriorityGlyph priority={row.priority} u={18} />
        <b>{what}</b>
        <span className={`fig ${late ? `p${row.priority}` : ''}`}>
          {left === null
            ? t('events.noLimit')
            : `${rowHasStopped(row) ? `${t('queue.stopped')} ` : ''}${late ? MINUS : ''}${Math.abs(left) >= 36e7 ? span(Math.abs(left)) : duration(Math.abs(left))}`}
        </span>
        <small>
          P{row.priority} · {names.place(row.area)}
          {row.unit && ` · ${names.unit(row.unit)}`}
        </small>
      </button>
    </li>
  );
}
