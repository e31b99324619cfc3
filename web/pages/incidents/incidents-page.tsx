import '../wall/wall.css';
import '../wall/panels.css';
import '../wall/dossier.css';
import '../wall/layouts.css';
import './incidents.css';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { LngLat } from '../../../model/brand.ts';
import type { Incident } from '../../../model/incident.ts';
import { formatIncidentQuery } from '../../../model/incident-query.ts';
import type { IncidentRow } from '../../../model/incident-row.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { BULK_MAX, fetchList } from '../../incidents-api.ts';
import { Detail } from '../../panels/detail.tsx';
import { Dossier } from '../../panels/dossier.tsx';
import { Board } from '../../panels/incidents/board.tsx';
import { BulkSheet, type BulkStep } from '../../panels/incidents/bulk-sheet.tsx';
import { Filters, withFields } from '../../panels/incidents/filters.tsx';
import { Kpis } from '../../panels/incidents/kpis.tsx';
import { List } from '../../panels/incidents/list.tsx';
import { ModeTabs } from '../../panels/incidents/mode-tabs.tsx';
import { encloses, markOf } from '../../panels/incidents/shown.ts';
import { Stuck } from '../../panels/incidents/stuck.tsx';
import { useLive } from '../../panels/incidents/use-live.ts';
import { LinkBanner } from '../../panels/link-banner.tsx';
import { TopBar } from '../../panels/top-bar.tsx';
import { ask } from '../../store/view-store.ts';
import { useTitle } from '../use-title.ts';
import { useKeys } from '../wall/keys.ts';
import { MapPanel } from '../wall/map-panel.tsx';
import { useSound } from '../wall/sound.ts';
import { Notice, Sheets, Skeleton } from '../wall/wall-page.tsx';

const FIRST = 100;
const MORE = 100;
/** as many as one answer may hold; further ones are a page of their own */
const PAGE = 500;
const quick: readonly BulkStep[] = ['dispatch', 'merge', 'suspend'];

/** 事件: every incident, open or ended, filtered, listed, counted and marked on the map. */
export function IncidentsPage() {
  const { t } = useText();
  const sound = useSound();
  useKeys(sound.toggle);
  const loaded = useServer((s) => s.loaded);
  const selection = useView((s) => s.selection);
  const mode = useView((s) => s.mode);
  useTitle(t('scenes.incidents'));
  return (
    <div className={`page events m-${mode} ${selection ? 'with-dossier' : ''} ${loaded ? '' : 'loading'}`}>
      <a className="skip" href={`#${mode === 'kpi' ? 'kpis' : mode}-title`}>
        {t('events.skip')}
      </a>
      <TopBar sound={sound.state} onSound={sound.toggle} />
      {loaded ? <Loaded /> : <Skeleton />}
      <Sheets />
      <LinkBanner />
      <Notice />
    </div>
  );
}

function Loaded() {
  const { t } = useText();
  const { view } = useApp();
  const mode = useView((s) => s.mode);
  const query = useView((s) => s.query);
  const selection = useView((s) => s.selection);
  const area = useView((s) => s.area);
  const world = useServer((s) => s.world);
  const [size, setSize] = useState(FIRST);
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<string | null>(null);
  const [drawing, setDrawing] = useState(false);
  const [sheet, setSheet] = useState<{ rows: readonly IncidentRow[]; step: BulkStep } | null>(null);
  const [narrow, setNarrow] = useState<'filters' | 'map' | null>(null);

  // the map drilled into a place: the list follows
  useEffect(() => {
    const v = view.getState();
    if (v.scene === 'incidents' && area !== (v.query.area ?? null)) ask(view, withFields(v.query, { area: area ?? undefined }));
  }, [view, area]);
  const asked = formatIncidentQuery(query).toString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its beginning, with nothing chosen
  useEffect(() => {
    setSize(FIRST);
    setCursors([]);
    setChosen(new Set());
    last.current = null;
  }, [asked]);

  const cursor = cursors.at(-1);
  const live = useLive(`list ${asked} ${size} ${cursor ?? ''}`, (after, signal) =>
    fetchList(query, { limit: size, ...(cursor && { cursor }) }, after, signal),
  );
  const rows = useMemo(() => live.data?.rows ?? [], [live.data]);
  const total = live.data?.total ?? 0;
  const fresh = useFreshness(live.data?.at, 15_000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the world only its incidents matter
  const marks = useMemo<ReadonlyMap<string, Incident>>(
    () => new Map(rows.map((r) => [r.id, markOf(r, world)])),
    [rows, world.incidents, world.ended],
  );

  const choose = useCallback(
    (id: string, range: boolean) => {
      setChosen((before) => {
        const next = new Set(before);
        const on = !before.has(id);
        const [a, b] = [rows.findIndex((r) => r.id === last.current), rows.findIndex((r) => r.id === id)];
        const ids = range && a >= 0 ? rows.slice(Math.min(a, b), Math.max(a, b) + 1).map((r) => r.id) : [id];
        for (const x of ids) {
          if (range || on) next.add(x);
          else next.delete(x);
        }
        last.current = id;
        return next;
      });
    },
    [rows],
  );
  const chooseAll = async () => {
    try {
      const all = await fetchList(query, { limit: BULK_MAX }, world.seq);
      setSize(Math.min(PAGE, Math.max(size, all.rows.length)));
      setCursors([]);
      setChosen(new Set(all.rows.map((r) => r.id)));
    } catch (e) {
      view.setState({ notice: t('events.failed', { rule: e instanceof Error ? e.message : String(e) }) });
    }
  };
  const onLasso = (polygon: readonly LngLat[] | null) => {
    setDrawing(false);
    if (polygon) setChosen(new Set(rows.filter((r) => encloses(polygon, r.lngLat)).map((r) => r.id)));
  };
  const picked = rows.filter((r) => chosen.has(r.id));
  const grow = useCallback(() => setSize((s) => Math.min(PAGE, s + MORE)), []);

  return (
    <>
      <main className="work" data-narrow={narrow ?? undefined}>
        <ModeTabs />
        <div className="narrow">
          <button type="button" aria-expanded={narrow === 'filters'} onClick={() => setNarrow(narrow === 'filters' ? null : 'filters')}>
            {t('events.filter.label')}
          </button>
          {mode === 'list' && (
            <button type="button" aria-expanded={narrow === 'map'} onClick={() => setNarrow(narrow === 'map' ? null : 'map')}>
              {t('map.label')}
            </button>
          )}
        </div>
        <Filters />
        {mode === 'board' && <Board />}
        {mode === 'stuck' && <Stuck />}
        {mode === 'kpi' && <Kpis />}
        {mode === 'list' && (
          <Panel
            id="list"
            className="listp"
            title={t('scenes.incidents')}
            n={live.data ? total : '—'}
            sub={live.error ? t('events.failed', { rule: live.error }) : t('events.listSub', { shown: rows.length })}
            fresh={fresh}
          >
            <div className="picked" role="toolbar" aria-label={t('events.bulk.title')}>
              <span className="fig">{t('events.picked', { n: picked.length })}</span>
              {quick.map((step) => (
                <button
                  type="button"
                  key={step}
                  className="quiet"
                  disabled={picked.length === 0}
                  onClick={() => setSheet({ rows: picked, step })}
                >
                  {t(`step.${step}`)}
                </button>
              ))}
              <button
                type="button"
                className="quiet"
                disabled={picked.length === 0}
                onClick={() => setSheet({ rows: picked, step: 'file' })}
              >
                {t('events.bulk.other')}
              </button>
              <button type="button" className="quiet" onClick={chooseAll} disabled={total === 0}>
                {t('events.bulk.all', { n: Math.min(total, BULK_MAX) })}
              </button>
              <button type="button" className="quiet lasso" aria-pressed={drawing} onClick={() => setDrawing(!drawing)}>
                {t('events.bulk.lasso')}
              </button>
              {picked.length > 0 && (
                <button type="button" className="quiet" onClick={() => setChosen(new Set())}>
                  {t('events.bulk.none')}
                </button>
              )}
            </div>
            {live.data && rows.length === 0 ? (
              <p className="empty">{t('events.empty')}</p>
            ) : (
              <List rows={rows} chosen={chosen} onChoose={choose} onEnd={live.data?.next && size < PAGE ? grow : undefined} />
            )}
            {(cursors.length > 0 || (live.data?.next && size >= PAGE)) && (
              <p className="pages">
                <button type="button" className="quiet" disabled={cursors.length === 0} onClick={() => setCursors(cursors.slice(0, -1))}>
                  {t('events.before')}
                </button>
                <button
                  type="button"
                  className="quiet"
                  disabled={!live.data?.next}
                  onClick={() => live.data?.next && setCursors([...cursors, live.data.next])}
                >
                  {t('events.next')}
                </button>
              </p>
            )}
          </Panel>
        )}
      </main>
      {mode === 'list' && (
        <section className="map" aria-label={t('map.label')}>
          <MapPanel incidents={marks} drawing={drawing ? 'lasso' : null} onLasso={onLasso} />
          {drawing && <p className="ov lasso-hint">{t('events.bulk.lassoHint')}</p>}
        </section>
      )}
      {selection?.kind === 'incident' ? (
        <Dossier key={selection.id} id={selection.id} />
      ) : selection ? (
        <Detail selection={selection} />
      ) : null}
      {sheet && (
        <BulkSheet
          rows={sheet.rows}
          step={sheet.step}
          onClose={(done) => {
            setSheet(null);
            if (done) {
              setChosen(new Set());
              live.again();
            }
          }}
        />
      )}
    </>
  );
}
