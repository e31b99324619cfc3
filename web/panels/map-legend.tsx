import { useApp, useServer, useView } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { DeviceGlyph, PriorityGlyph, UnitGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { type LayerKey, layerKeys } from '../map-contract.ts';
import { useNowEvery } from '../store/clock.ts';
import { isUnitOnDuty } from '../store/summary.ts';

const q = ['q1', 'q2', 'q3', 'q4', 'q5'] as const;

/** What the colours and shapes on the map mean. `top`: open incidents per 100 households from which the darkest step begins. */
export function MapLegend({ top }: { top: number }) {
  const { t } = useText();
  return (
    <div className="ov lg" id="map-legend" data-map-keepout>
      <div>{t('map.density')}</div>
      <div className="row">
        <span className="fig">0</span>
        <span className="qs">
          {q.map((token) => (
            <i key={token} style={{ background: `var(--${token})` }} />
          ))}
        </span>
        <span className="fig">{t('map.densityTop', { n: top })}</span>
      </div>
      <div className="row">
        {([1, 2, 3, 4] as const).map((p) => (
          <span key={p}>
            <PriorityGlyph priority={p} u={15} />
            {t(`priority.p${p}`)}
          </span>
        ))}
        <span className="t3">{t('map.ring')}</span>
      </div>
      <div className="row">
        <span>
          <UnitGlyph />
          {t('map.grid')}
        </span>
        <span>{t('map.roles')}</span>
        <span>
          <DeviceGlyph />
          {t('map.device')}
        </span>
      </div>
    </div>
  );
}

/** On a small screen the legend and the layers open from a button each; on a wall they stand open and this is not shown. */
export function MapTools({ open, onOpen }: { open: MapTool | null; onOpen: (next: MapTool | null) => void }) {
  const { t } = useText();
  return (
    <div className="ov tools" data-map-keepout>
      {(['layers', 'legend'] as const).map((tool) => (
        <button
          key={tool}
          type="button"
          aria-expanded={open === tool}
          aria-controls={`map-${tool}`}
          onClick={() => onOpen(open === tool ? null : tool)}
        >
          {t(`map.${tool}`)}
        </button>
      ))}
    </div>
  );
}
export type MapTool = 'layers' | 'legend';

/** Layers with how much each holds; pressing one shows or hides it. */
export function LayerToggles() {
  const { t } = useText();
  const { view, latest } = useApp();
  const layers = useView((s) => s.layers);
  const world = useServer((s) => s.world);
  const now = useNowEvery(2000);
  const counts: Record<LayerKey, number | null> = {
    incidents: world.incidents.size,
    units: [...world.units.values()].filter((u) => isUnitOnDuty(world, latest, u, now)).length,
    sensors: world.sensors.size,
    cameras: world.cameras.size,
    density: null,
  };
  return (
    <fieldset className="ov ly" id="map-layers" data-map-keepout>
      <legend className="sr">{t('map.layers')}</legend>
      {layerKeys.map((key) => (
        <button
          key={key}
          type="button"
          aria-pressed={layers[key]}
          className={layers[key] ? 'on' : 'off'}
          onClick={() => view.setState({ layers: { ...layers, [key]: !layers[key] } })}
        >
          {t(`layers.${key}`)}
          <b className="fig">{counts[key] === null ? '' : grouped(counts[key])}</b>
          <i />
        </button>
      ))}
    </fieldset>
  );
}
