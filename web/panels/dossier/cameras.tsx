import { useMemo } from 'react';
import type { LngLat } from '../../../model/brand.ts';
import { useApp, useServer } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { nearestCameras } from '../nearest.ts';

/** 附近视频: which cameras see the place. There are no pictures before there are streams. */
export function NearCameras({ at }: { at: LngLat }) {
  const { t, metres } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the world only the cameras matter
  const cameras = useMemo(() => nearestCameras(world, at, 3), [world.cameras, at]);
  if (cameras.length === 0) return null;
  return (
    <Panel
      id="cameras"
      className="near-cameras"
      title={t('dossier.cameras')}
      n={cameras.length}
      sub={t('dossier.camerasSub')}
      fresh={fresh}
    >
      <ul className="cams">
        {cameras.map((c) => (
          <li key={c.id}>
            <button type="button" onClick={() => view.setState({ selection: { kind: 'camera', id: c.id } })}>
              <b>{c.name}</b>
              <span className="fig">{metres(c.metres)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
