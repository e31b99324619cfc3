import { may } from '../../../../model/access.ts';
import { treeOf } from '../../../../model/world.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import { SaveLink } from '../../save-link.tsx';

const formats = ['gpx', 'geojson', 'csv'] as const;

/** 导出: every fix as a file, where the visitor may; else why not. */
export function Exports({ units, from, to }: { units: readonly string[]; from: number; to: number }) {
  const { t } = useText();
  const { view } = useApp();
  const actor = useServer((s) => s.actor);
  const world = useServer((s) => s.world);
  const denied = units
    .map((id) => actor && may(actor, 'export-history', world.units.get(id)?.area ?? null, treeOf(world)))
    .find((v) => v && !v.ok);
  const rule = denied && !denied.ok ? denied.rule : null;
  return (
    <p className="tk-exports">
      {t('tracks.export')}
      {rule === null ? (
        formats.map((format) => (
          <SaveLink
            key={format}
            className="plain"
            file={{ path: `/api/v1/tracks.${format}`, params: { units: units.join(','), from, to } }}
          >
            {format === 'geojson' ? 'GeoJSON' : format.toUpperCase()}
          </SaveLink>
        ))
      ) : (
        <span className="t3">{t('tracks.exportDenied', { rule })}</span>
      )}
      <button type="button" className="plain" onClick={() => view.setState({ sheet: { kind: 'clip', from, to } })}>
        {t('tracks.clip')}
      </button>
    </p>
  );
}
