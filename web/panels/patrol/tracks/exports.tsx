import { may } from '../../../../model/access.ts';
import { treeOf } from '../../../../model/world.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';

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
  const query = new URLSearchParams({ units: units.join(','), from: String(from), to: String(to) });
  return (
    <p className="tk-exports">
      {t('tracks.export')}
      {rule === null ? (
        formats.map((format) => (
          <a key={format} className="plain" href={`/api/v1/tracks.${format}?${query}`} download>
            {format === 'geojson' ? 'GeoJSON' : format.toUpperCase()}
          </a>
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
