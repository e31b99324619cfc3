import '../camera/camera.css';
import { useMemo } from 'react';
import type { LngLat } from '../../../model/brand.ts';
import { bySight, sightOf } from '../../../model/camera.ts';
import { useApp, useServer } from '../../app-context.ts';
import type { Account } from '../../cameras-api.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { WatchButton } from '../camera/watch-button.tsx';

/** 附近视频: which cameras see the place, those that look there first; their live pictures open beside it. */
export function NearCameras({ at, account, n = 3 }: { at: LngLat; account: Account; n?: number }) {
  const { t, metres } = useText();
  const { view } = useApp();
  const all = useServer((s) => s.world.cameras);
  const set = useServer((s) => Boolean(s.world.centre?.media?.hls || s.world.centre?.media?.whep));
  const fresh = useFreshness();
  const cameras = useMemo(
    () =>
      [...all.values()]
        .map((c) => ({ id: c.id, name: c.name, ...sightOf(c, at) }))
        .sort(bySight)
        .slice(0, n),
    [all, at, n],
  );
  if (cameras.length === 0) return null;
  return (
    <Panel
      id="cameras"
      className="near-cameras"
      title={t('dossier.cameras')}
      n={cameras.length}
      sub={set ? t('cameras.nearSub') : t('cameras.unset')}
      fresh={fresh}
    >
      <ul className="cm-near">
        {cameras.map((c) => (
          <li key={c.id}>
            <button type="button" className="cm-name" onClick={() => view.setState({ selection: { kind: 'camera', id: c.id } })}>
              <b>{c.name}</b>
              <span>
                <span className="fig">{metres(c.metres)}</span> ·{' '}
                {t(c.towards === null ? 'cameras.bearingUnknown' : c.towards ? 'cameras.towards' : 'cameras.away')}
              </span>
            </button>
            <WatchButton camera={c.id} account={account} brief />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
