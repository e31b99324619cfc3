import type { CSSProperties } from 'react';
import { areaLabel } from '../../model/area.ts';
import { awaitsEnd, hasStopped, type Incident, inHandStates, remaining } from '../../model/incident.ts';
import { headline } from '../../model/incident-name.ts';
import { openQueue } from '../../model/kpi-series.ts';
import { treeOf, type World } from '../../model/world.ts';
import { useApp, useServer, useView } from '../app-context.ts';
import { duration, MINUS } from '../design/format.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNow } from '../store/clock.ts';

/** What a row needs of an incident, as of `now`. */
function read(i: Incident, world: World, now: number) {
  const noLimit = i.deadline === null;
  const left = remaining(i, now) ?? 0;
  const limit = i.deadline === null ? 0 : Math.max(1, i.deadline - i.at);
  return {
    noLimit,
    left,
    limit,
    used: noLimit ? now - i.at : limit - left,
    over: left < 0,
    stopped: hasStopped(i),
    hot: i.priority === 1 || left < 0,
    low: !noLimit && left >= 0 && left < 0.2 * limit,
    place: i.area ? areaLabel(treeOf(world), i.area) : null,
    unit: i.unit ? (world.units.get(i.unit)?.name ?? i.unit) : null,
  };
}
type Reading = ReturnType<typeof read>;

function Limit({ r, priority }: { r: Reading; priority: number }) {
  const share = Math.min(1, Math.max(0, r.left / r.limit));
  const kind = r.over ? 'over' : priority === 1 || r.low ? 'hot' : '';
  return (
    <span className={`sla ${kind}`}>
      <i style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </span>
  );
}

/** 待处置, as rows (a wall, a tablet, a telephone). */
export function QueuePanel({ rows }: { rows: number }) {
  const { t, span, at, language } = useText();
  const { view } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const loaded = useServer((s) => s.loaded);
  const selected = useView((s) => (s.selection?.kind === 'incident' ? s.selection.id : null));
  const fresh = useFreshness();
  const queue = openQueue(world, now);
  const count = (of: (i: Incident) => boolean) => queue.filter(of).length;
  const lastClosed = queue.length === 0 ? Math.max(0, ...[...world.ended.values()].map((i) => i.closedAt ?? 0)) : 0;

  return (
    <Panel id="queue" className="queue" title={t('queue.title')} n={queue.length} sub={t('queue.sub')} fresh={fresh}>
      {loaded && queue.length === 0 && (
        <div className="empty">
          <p>{t('queue.empty')}</p>
          {lastClosed > 0 && <p className="t3">{t('queue.emptyLast', { at: at(lastClosed).hm })}</p>}
        </div>
      )}
      <ul className="q">
        {queue.slice(0, rows).map((i) => {
          const r = read(i, world, now);
          const { what, where } = headline(i, world.centre, language);
          const style = { '--pc': `var(--p${i.priority}-fill)` } as CSSProperties;
          return (
            <li key={i.id} className={`${r.hot ? 'hot' : ''} ${selected === i.id ? 'sel' : ''}`} style={style}>
              <button
                type="button"
                data-row={i.id}
                aria-current={selected === i.id ? 'true' : undefined}
                onClick={() => view.setState({ selection: { kind: 'incident', id: i.id } })}
                onFocus={() => view.setState({ hover: { kind: 'incident', id: i.id } })}
                onBlur={() => view.setState({ hover: null })}
              >
                <span className="pr">
                  <PriorityGlyph priority={i.priority} />
                  <span className={`lv p${i.priority}`}>P{i.priority}</span>
                </span>
                <span className="c">{what}</span>
                <span className={`r ${r.over || i.priority === 1 ? `p${i.priority}` : ''} ${r.over ? 'over' : ''}`}>
                  <small>{r.over ? t('queue.over') : r.stopped ? t('queue.stopped') : t('queue.left')}</small>
                  {duration(Math.abs(r.left))}
                </span>
                <span className="m">
                  {r.place ?? t('queue.outside')}
                  {r.unit && ` · ${r.unit}`}
                  {where && ` · ${where}`}
                </span>
                <span className={`s ${i.state === 'filed' || i.state === 'reported' ? 'wait' : ''}`}>{t(`state.${i.state}`)}</span>
                <span className="b">
                  <Limit r={r} priority={i.priority} />
                  <span className="lim">{t('queue.used', { used: duration(r.used), limit: span(r.limit) })}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {queue.length > 0 && (
        <p className="more">
          <span>{queue.length > rows ? t('queue.more', { n: queue.length - rows }) : ''}</span>
          <span>
            {t('queue.counts', {
              dispatch: count((i) => i.state === 'reported' || i.state === 'filed'),
              working: count((i) => inHandStates.has(i.state)),
              verify: count(awaitsEnd),
            })}
          </span>
        </p>
      )}
    </Panel>
  );
}

/** 待处置 as a full table, for the left screen of three. */
export function QueueTable({ rows }: { rows: number }) {
  const { t, language } = useText();
  const { view } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const selected = useView((s) => (s.selection?.kind === 'incident' ? s.selection.id : null));
  const fresh = useFreshness();
  const queue = openQueue(world, now);
  const col = (k: 'level' | 'title' | 'place' | 'source' | 'used' | 'limit' | 'left' | 'state' | 'unit') => t(`queue.col.${k}`);
  const more = queue.length > rows ? t('queue.more', { n: queue.length - rows }) : t('queue.sub');
  return (
    <Panel id="queue" className="queue wide" title={t('queue.title')} n={queue.length} sub={more} fresh={fresh}>
      <table className="qt">
        <thead>
          <tr>
            <th scope="col">{col('level')}</th>
            <th scope="col">{col('title')}</th>
            <th scope="col">{col('place')}</th>
            <th scope="col">{t('dossier.place')}</th>
            <th scope="col">{col('source')}</th>
            <th scope="col" className="num">
              {col('used')}
            </th>
            <th scope="col">{col('limit')}</th>
            <th scope="col" className="num">
              {col('left')}
            </th>
            <th scope="col">{col('state')}</th>
            <th scope="col">{col('unit')}</th>
          </tr>
        </thead>
        <tbody>
          {queue.slice(0, rows).map((i) => {
            const r = read(i, world, now);
            const { what, where } = headline(i, world.centre, language);
            return (
              <tr
                key={i.id}
                className={`${r.hot ? 'hot' : ''} ${selected === i.id ? 'sel' : ''}`}
                style={{ '--pc': `var(--p${i.priority}-fill)` } as CSSProperties}
              >
                <td>
                  <span className={`pp p${i.priority}`}>
                    <PriorityGlyph priority={i.priority} u={20} />
                    <span>P{i.priority}</span>
                  </span>
                </td>
                <td className="cat">
                  <button
                    type="button"
                    data-row={i.id}
                    onClick={() => view.setState({ selection: { kind: 'incident', id: i.id } })}
                    onFocus={() => view.setState({ hover: { kind: 'incident', id: i.id } })}
                    onBlur={() => view.setState({ hover: null })}
                  >
                    {what}
                  </button>
                </td>
                <td>{r.place ?? t('queue.outside')}</td>
                <td className="m2 clip">{where ?? ''}</td>
                <td className="m2">{t(`source.${i.source}`)}</td>
                <td className="num">{duration(r.used)}</td>
                <td className="bar">
                  <Limit r={r} priority={i.priority} />
                </td>
                <td className={`rr ${r.over || i.priority === 1 ? `p${i.priority}` : ''}`}>
                  {r.over ? MINUS : ''}
                  {duration(Math.abs(r.left))}
                </td>
                <td className={i.state === 'filed' || i.state === 'reported' ? 'wait' : 'm2'}>{t(`state.${i.state}`)}</td>
                <td className="m2">{r.unit ?? '—'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {queue.length === 0 && <p className="empty">{t('queue.empty')}</p>}
    </Panel>
  );
}
