import { type CSSProperties, useState } from 'react';
import { type IncidentState, incidentStates } from '../../../model/incident.ts';
import { type StuckKey, type StuckRow, stuckKeys } from '../../../model/incident-list.ts';
import { formatIncidentQuery } from '../../../model/incident-query.ts';
import { useView } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { fetchStuck } from '../../incidents-api.ts';
import type { ListQuery } from '../../store/view-store.ts';
import { withFields } from './filters.tsx';
import { RecordsButton } from './records-button.tsx';
import { useLive } from './use-live.ts';
import { useNames } from './words.ts';

/** The list that shows who is in this state now, of this department or place; the query's own time stays. */
function recordsOf(query: ListQuery, by: StuckKey, row: StuckRow): ListQuery | null {
  const here = { ...query, state: [row.step] };
  if (by === 'step') return here;
  if (by === 'department') return { ...here, department: [row.key] };
  return row.key === '' ? null : { ...here, area: row.key as NonNullable<ListQuery['area']> }; // no query means "outside"
}

/** 滞留分析: how long incidents stay in each state, middle and ninetieth part in a hundred, by department or place. */
export function Stuck() {
  const { t } = useText();
  const query = useView((s) => s.query);
  const [by, setBy] = useState<StuckKey>('step');
  const asked = withFields(query, { sort: undefined, order: undefined });
  const live = useLive(`stuck ${by} ${formatIncidentQuery(asked)}`, (after, signal) => fetchStuck(asked, by, after, signal));
  const fresh = useFreshness(live.data?.at, 15_000);
  const rows = live.data?.rows ?? [];
  const steps = incidentStates.filter((s) => rows.some((r) => r.step === s));
  const names = useNames();
  const name = (key: string) => (by === 'department' ? names.department(key) : names.place(key));
  const keys = [...new Set(rows.map((r) => r.key))].sort((a, b) => worst(rows, b) - worst(rows, a));
  return (
    <Panel
      id="stuck"
      className="stuckp"
      title={t('events.mode.stuck')}
      sub={live.error ? t('events.failed', { rule: live.error }) : t('events.stuck.sub')}
      fresh={fresh}
    >
      <fieldset className="switch">
        <legend className="sr">{t('events.stuck.by')}</legend>
        {stuckKeys.map((k) => (
          <button type="button" key={k} aria-pressed={k === by} onClick={() => setBy(k)}>
            {t(`events.stuck.${k}`)}
          </button>
        ))}
      </fieldset>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <div className="scroll" tabIndex={0}>
        {live.data && rows.length === 0 && <p className="empty">{t('events.empty')}</p>}
        {by === 'step' ? (
          <table className="qt stays">
            <thead>
              <tr>
                <th scope="col">{t('events.stuck.step')}</th>
                <th scope="col">{t('events.stuck.bars')}</th>
                <th scope="col" className="num">
                  {t('events.stuck.median')}
                </th>
                <th scope="col" className="num">
                  P90
                </th>
                <th scope="col" className="num">
                  n
                </th>
                <th scope="col" className="num">
                  {t('events.stuck.running')}
                </th>
              </tr>
            </thead>
            <tbody>
              {steps.map((s) => rows.filter((r) => r.step === s).map((r) => <StepLine key={s} row={r} rows={rows} query={asked} />))}
            </tbody>
          </table>
        ) : (
          <table className="qt stays matrix">
            <thead>
              <tr>
                <th scope="col">{t(`events.stuck.${by}`)}</th>
                {steps.map((s) => (
                  <th scope="col" key={s}>
                    {t(`state.${s}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {keys.map((k) => (
                <tr key={k}>
                  <th scope="row">{name(k)}</th>
                  {steps.map((s) => {
                    const r = rows.find((x) => x.key === k && x.step === s);
                    return <td key={s}>{r ? <Cell row={r} rows={rows} by={by} query={asked} /> : <span className="t3">—</span>}</td>;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

/** The longest middle of a row decides where it stands; ended states are no place to be stuck in. */
const worst = (rows: readonly StuckRow[], key: string) => Math.max(0, ...rows.filter((r) => r.key === key).map((r) => r.medianMs));

function Bar({ row, rows }: { row: StuckRow; rows: readonly StuckRow[] }) {
  // a square root keeps both minutes and weeks in sight; the figures stand beside it
  const top = Math.max(1, ...rows.map((r) => r.p90Ms));
  const share = (ms: number) => `${(100 * Math.sqrt(ms / top)).toFixed(1)}%`;
  return (
    <span className="stay" aria-hidden="true" style={{ '--m': share(row.medianMs), '--p': share(row.p90Ms) } as CSSProperties}>
      <i />
      <b />
    </span>
  );
}

function Running({ row, by, query }: { row: StuckRow; by: StuckKey; query: ListQuery }) {
  const records = recordsOf(query, by, row);
  if (row.running === 0 || !records) return <span className="fig">{row.running}</span>;
  return <RecordsButton n={row.running} query={records} />;
}

function StepLine({ row, rows, query }: { row: StuckRow; rows: readonly StuckRow[]; query: ListQuery }) {
  const { t, span } = useText();
  return (
    <tr data-step={row.step}>
      <th scope="row">{t(`state.${row.step as IncidentState}`)}</th>
      <td className="bar">
        <Bar row={row} rows={rows} />
      </td>
      <td className="num">{span(row.medianMs)}</td>
      <td className="num">{span(row.p90Ms)}</td>
      <td className="num">{row.n}</td>
      <td className="num">
        <Running row={row} by="step" query={query} />
      </td>
    </tr>
  );
}

function Cell({ row, rows, by, query }: { row: StuckRow; rows: readonly StuckRow[]; by: StuckKey; query: ListQuery }) {
  const { t, span } = useText();
  return (
    <div className="cell">
      <span>
        <b className="fig">{span(row.medianMs)}</b> <small className="fig">P90 {span(row.p90Ms)}</small>
      </span>
      <Bar row={row} rows={rows} />
      <small>
        n {row.n} · {t('events.stuck.now')} <Running row={row} by={by} query={query} />
      </small>
    </div>
  );
}
