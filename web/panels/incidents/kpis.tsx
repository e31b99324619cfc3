import { useState } from 'react';
import type { CountedSet, KpiFigure, KpiGroup } from '../../../model/incident-kpi.ts';
import { formatIncidentQuery } from '../../../model/incident-query.ts';
import { useApp, useView } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { fetchChannels, fetchKpis } from '../../incidents-api.ts';
import { parseAddress } from '../../store/address.ts';
import { ask, type ListQuery } from '../../store/view-store.ts';
import { AreaCounts } from './area-counts.tsx';
import { RecordsButton } from './records-button.tsx';
import { useLive } from './use-live.ts';
import { useNames } from './words.ts';

const groups: readonly KpiGroup[] = ['four', 'flow', 'quality', 'caller', 'dispute', 'whistle'];

/** What figures are counted over: everything the list is narrowed by but how far an incident has come, which is what they measure. */
const scopeOf = ({
  open: _open,
  overdue: _overdue,
  state: _state,
  set: _set,
  sort: _sort,
  order: _order,
  ...scope
}: ListQuery): ListQuery => scope;

/** 指标与渠道: each figure opens to its formula and to exactly the records it was counted from. */
export function Kpis() {
  const { t } = useText();
  const query = useView((s) => s.query);
  const scope = scopeOf(query);
  const key = formatIncidentQuery(scope).toString();
  const live = useLive(`kpis ${key}`, (after, signal) => fetchKpis(scope, after, signal));
  const fresh = useFreshness(live.data?.at, 15_000);
  const [open, setOpen] = useState<string | null>(null);
  const names = useNames();
  const over =
    scope.from === undefined && scope.to === undefined
      ? t('events.kpi.ever')
      : `${scope.from ? names.moment(scope.from) : '…'} – ${scope.to ? names.moment(scope.to) : t('events.kpi.now')}`;
  return (
    <div className="figures">
      <Panel
        id="kpis"
        title={t('events.mode.kpi')}
        sub={live.error ? t('events.failed', { rule: live.error }) : t('events.kpi.sub', { over })}
        fresh={fresh}
      >
        {groups.map((g) => {
          const figures = (live.data?.figures ?? []).filter((f) => f.group === g);
          if (figures.length === 0) return null;
          return (
            <section key={g} className="kg" aria-label={t(`events.kpi.group.${g}`)}>
              <h3>{t(`events.kpi.group.${g}`)}</h3>
              <ul>
                {figures.map((f) => (
                  <Figure key={f.id} figure={f} open={open === f.id} onOpen={() => setOpen(open === f.id ? null : f.id)} />
                ))}
              </ul>
            </section>
          );
        })}
      </Panel>
      <AreaCounts scope={scope} />
      <Channels scope={scope} />
    </div>
  );
}

function Figure({ figure: f, open, onOpen }: { figure: KpiFigure; open: boolean; onOpen: () => void }) {
  const { t, say, span } = useText();
  // cut, not rounded: what is not quite all never reads as 100
  const value = f.value === null ? null : f.unit === '%' ? (Math.floor(f.value * 10) / 10).toFixed(1) : span(f.value);
  return (
    <li className={open ? 'open' : ''} data-kpi={f.id}>
      <button type="button" aria-expanded={open} onClick={onOpen}>
        <span className="nm">{say(f.name)}</span>
        <b>
          {value ?? t('kpi.none')}
          {value !== null && f.unit === '%' && <small> %</small>}
        </b>
        <span className="fig nd">
          {f.denominator ? `${f.numerator.n} / ${f.denominator.n}` : `n ${f.times?.n ?? f.numerator.n}`}
          {f.times?.p90Ms != null && ` · P90 ${span(f.times.p90Ms)}`}
        </span>
      </button>
      {open && (
        <div className="formula">
          <p>{say(f.formula)}</p>
          <p>
            {f.times && `${t('events.kpi.median')} · `}
            {t('figure.source')} {say(f.source)}
            {f.direction === 'none' && ` · ${t('events.kpi.noWay')}`}
          </p>
          <p className="to">
            <Records set={f.numerator} word={t(f.times ? 'events.kpi.measured' : 'figure.numerator')} />
            {f.denominator && <Records set={f.denominator} word={t('figure.denominator')} />}
          </p>
        </div>
      )}
    </li>
  );
}

function Records({ set, word }: { set: CountedSet; word: string }) {
  const { t } = useText();
  const { view } = useApp();
  const open = () => ask(view, parseAddress({ pathname: '/incidents', search: `?${set.records}` }).query ?? {}, 'list');
  return (
    <button type="button" className="quiet" data-records={set.n} onClick={open}>
      {word} <b className="fig">{set.n}</b> {t('events.openRecords')}
    </button>
  );
}

/** 渠道: where reports come from, how many, how soon somebody goes. */
function Channels({ scope }: { scope: ListQuery }) {
  const { t, span } = useText();
  const live = useLive(`channels ${formatIncidentQuery(scope)}`, (after, signal) => fetchChannels(scope, after, signal));
  const fresh = useFreshness(live.data?.at, 15_000);
  const names = useNames();
  const rows = live.data?.rows ?? [];
  return (
    <Panel
      id="channels"
      title={t('events.channels.title')}
      n={rows.length}
      sub={live.error ? t('events.failed', { rule: live.error }) : t('events.channels.sub')}
      fresh={fresh}
    >
      <table className="qt ch">
        <thead>
          <tr>
            <th scope="col">{t('events.col.source')}</th>
            <th scope="col">{t('events.filter.channel')}</th>
            <th scope="col" className="num">
              {t('events.channels.n')}
            </th>
            <th scope="col" className="num">
              {t('events.open')}
            </th>
            <th scope="col" className="num">
              {t('events.channels.response')}
            </th>
            <th scope="col" className="num">
              {t('events.channels.last')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={`${r.source} ${r.channel}`}>
              <th scope="row">{t(`source.${r.source}`)}</th>
              <td className="m2">{r.channel || '—'}</td>
              <td className="num">
                <RecordsButton n={r.n} query={{ ...scope, source: [r.source], channel: [r.channel] }} />
              </td>
              <td className="num">{r.open}</td>
              <td className="num">
                {r.medianResponseMs === null ? '—' : span(r.medianResponseMs)} <small className="t3">n {r.responded}</small>
              </td>
              <td className="num">{names.moment(r.lastAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
