import '../camera/camera.css';
import { useMemo, useState } from 'react';
import type { AreaCode } from '../../../model/brand.ts';
import { treeOf, type World } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import type { CameraRow } from '../../cameras-api.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { StateWord } from '../camera/state-word.tsx';
import { CAMERAS_MS, useCameras } from '../camera/use-cameras.ts';
import { Viewings } from '../camera/viewings.tsx';
import { WatchButton } from '../camera/watch-button.tsx';
import { useMapBeside } from './map-slot.ts';

const states = ['online', 'offline', 'unknown'] as const;
/** Rows shown at first, and so many more at every wish for more. */
const ROWS = 200;

const stateOf = (c: CameraRow) => (c.online === null ? 'unknown' : c.online ? 'online' : 'offline');

/** 感知 · 视频: the catalogue, who is online since when, live pictures, and who looked through what. */
export function CamerasTab() {
  const { t } = useText();
  useMapBeside({ layers: { incidents: false, units: false, sensors: false, cameras: true } });
  const set = useServer((s) => Boolean(s.world.centre?.media?.hls || s.world.centre?.media?.whep));
  const { list, failed } = useCameras();
  const fresh = useFreshness(list?.at ?? 0, CAMERAS_MS);
  const world = useServer((s) => s.world);
  const area = useView((s) => s.area);
  const past = useServer((s) => s.past);
  const within = useMemo(() => rowsWithin(list?.cameras ?? [], area, world), [list, area, world]);
  const n = (state: (typeof states)[number]) => within.filter((c) => stateOf(c) === state).length;
  return (
    <div className="cm-tab">
      <Panel
        id="cameras"
        title={t('cameras.title')}
        n={list ? within.length : undefined}
        sub={t(past ? 'cameras.countsThen' : 'cameras.counts', { online: n('online'), offline: n('offline'), unknown: n('unknown') })}
        fresh={fresh}
      >
        {!set && <p className="cm-notice">{t('cameras.unset')}</p>}
        {failed && <p className="empty">{t('cameras.stateFailed', { rule: failed })}</p>}
        <Communities rows={within} at={list?.at ?? 0} />
        <Catalogue key={area} rows={within} at={list?.at ?? 0} watchable={set} />
      </Panel>
      <Viewings />
    </div>
  );
}

/** What is called unknown: live it never said; of the past only a state that has lasted since is known. */
function useUnknown(): string {
  const { t } = useText();
  return t(useServer((s) => s.past) ? 'replay.notKept' : 'cameras.unknown');
}

function rowsWithin(cameras: readonly CameraRow[], area: AreaCode | null, world: World): readonly CameraRow[] {
  if (area === null || area === world.centre?.code) return cameras;
  const tree = treeOf(world);
  return cameras.filter((c) => c.area !== null && tree.isWithin(c.area as AreaCode, area));
}

/** 按社区: how many are online, and the longest that one has been away. */
function Communities({ rows, at }: { rows: readonly CameraRow[]; at: number }) {
  const { t, span } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const unknown = useUnknown();
  const groups = useMemo(() => {
    const tree = treeOf(world);
    const all = new Map<string, { code: AreaCode | null; name: string; rows: CameraRow[] }>();
    for (const c of rows) {
      const community = c.area === null ? undefined : tree.at(c.area as AreaCode, 'community');
      const group = all.get(community?.code ?? '') ?? { code: community?.code ?? null, name: community?.name ?? '', rows: [] };
      group.rows.push(c);
      all.set(community?.code ?? '', group);
    }
    return [...all.values()].sort((a, b) => (a.code ?? '~').localeCompare(b.code ?? '~'));
  }, [rows, world]);
  if (groups.length < 2) return null;
  return (
    <table className="cm-groups">
      <caption className="sr">{t('cameras.byCommunity')}</caption>
      <thead>
        <tr>
          {(['community', 'online', 'offline', 'unknown', 'total', 'longest'] as const).map((c) => (
            <th key={c} scope="col">
              {c === 'unknown' ? unknown : t(`cameras.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {groups.map((g) => {
          const count = (state: (typeof states)[number]) => g.rows.filter((c) => stateOf(c) === state).length;
          const away = g.rows.filter((c) => c.online === false && c.since !== null).map((c) => at - (c.since ?? at));
          return (
            <tr key={g.code ?? ''}>
              <th scope="row">
                {g.code === null ? (
                  t('queue.outside')
                ) : (
                  <button type="button" className="plain" onClick={() => view.setState({ area: g.code, camera: null })}>
                    {g.name}
                  </button>
                )}
              </th>
              {states.map((s) => (
                <td key={s}>{count(s)}</td>
              ))}
              <td>{g.rows.length}</td>
              <td>{away.length ? span(Math.max(0, ...away)) : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** 目录: found by name, id or place, and by state. */
function Catalogue({ rows, at, watchable }: { rows: readonly CameraRow[]; at: number; watchable: boolean }) {
  const { t } = useText();
  const { view } = useApp();
  const unknown = useUnknown();
  const { q = '', state = '' } = useView((s) => s.params);
  const selected = useView((s) => (s.selection?.kind === 'camera' ? s.selection.id : null));
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter(
    (c) => (state === '' || stateOf(c) === state) && words.every((w) => `${c.name} ${c.id} ${c.place ?? ''}`.toLowerCase().includes(w)),
  );
  const [most, setMost] = useState(ROWS);
  const shown = found.slice(0, most);
  const more = Math.min(ROWS, found.length - shown.length);
  return (
    <>
      <div className="cm-bar">
        <input
          type="search"
          maxLength={60}
          defaultValue={q}
          placeholder={t('cameras.search')}
          aria-label={t('cameras.search')}
          onChange={(e) => narrow(view, { q: e.target.value.trim() })}
        />
        <select aria-label={t('cameras.state')} value={state} onChange={(e) => narrow(view, { state: e.target.value })}>
          <option value="">{t('cameras.any')}</option>
          {states.map((s) => (
            <option key={s} value={s}>
              {s === 'unknown' ? unknown : t(`cameras.${s}`)}
            </option>
          ))}
        </select>
        <span className="t3">
          {found.length > shown.length
            ? t('cameras.shown', { n: found.length, shown: shown.length })
            : t('cameras.all', { n: found.length })}
        </span>
      </div>
      {at > 0 && found.length === 0 && <p className="empty">{t('cameras.noneFound')}</p>}
      <ul className={`cm-list ${watchable ? '' : 'cm-unset'}`} aria-label={t('cameras.catalogue')}>
        {shown.map((c) => (
          <li key={c.id} className={c.id === selected ? 'on' : ''}>
            <button type="button" className="cm-name" onClick={() => view.setState({ selection: { kind: 'camera', id: c.id } })}>
              <b>{c.name}</b>
              <span>{c.place ?? t('queue.outside')}</span>
            </button>
            <StateWord row={c} at={at} />
            <WatchButton camera={c.id} brief />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="quiet cm-more" onClick={() => setMost(most + ROWS)}>
          {t('cameras.showMore', { n: more })}
        </button>
      )}
    </>
  );
}
