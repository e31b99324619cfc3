import './camera.css';
import { areaLabel } from '../../../model/area.ts';
import { treeOf } from '../../../model/world.ts';
import { useServer } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { StateWord } from './state-word.tsx';
import { CAMERAS_MS, useCameras } from './use-cameras.ts';
import { WatchButton } from './watch-button.tsx';

/** 摄像机: where it stands, where it points, whether it is online, and its live picture. */
export function CameraDetail({ id }: { id: string }) {
  const { t, at } = useText();
  const world = useServer((s) => s.world);
  const { list, byId, failed } = useCameras();
  const fresh = useFreshness(list?.at ?? 0, CAMERAS_MS);
  const camera = world.cameras.get(id);
  if (!camera) return <p className="empty">{t('detail.gone', { id })}</p>;
  const row = byId.get(id);
  const facility = camera.facility === undefined ? undefined : world.facilities.get(camera.facility);
  const facts: (readonly [string, React.ReactNode])[] = [
    [t('detail.place'), camera.area ? areaLabel(treeOf(world), camera.area) : t('queue.outside')],
    [t('detail.status'), <StateWord key="s" row={row} at={list?.at ?? 0} />],
  ];
  if (row?.heard)
    facts.push([
      t('cameras.heard'),
      <span key="h" className="fig">
        {at(row.heard).hms}
      </span>,
    ]);
  if (facility) facts.push([t('cameras.facility'), facility.name]);
  if (camera.bearing !== undefined) facts.push([t('detail.bearing'), t('detail.bearingOf', { n: Math.round(camera.bearing) })]);
  return (
    <Panel id="camera" title={camera.name} sub={t('detail.camera')} fresh={fresh}>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {failed && <p className="empty">{t('cameras.stateFailed', { rule: failed })}</p>}
      <div className="cm-act">
        <WatchButton camera={id} />
      </div>
      <p className="t3">{t('cameras.unmasked')}</p>
    </Panel>
  );
}
