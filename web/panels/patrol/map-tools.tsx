import { useCallback, useState } from 'react';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import type { Measured } from '../../map-contract.ts';
import { type TrailMinutes, trailMinutes } from '../../store/view-store.ts';
import { MOST_TRAILS } from './use-trails.ts';

export interface MeasureTool {
  readonly on: boolean;
  readonly measured: Measured | null;
  readonly toggle: () => void;
  /** what the map says after each point; null = given up there */
  readonly told: (measured: Measured | null) => void;
}
export function useMeasure(): MeasureTool {
  const [on, setOn] = useState(false);
  const [measured, setMeasured] = useState<Measured | null>(null);
  const toggle = useCallback(() => {
    setOn((was) => !was);
    setMeasured(null);
  }, []);
  const told = useCallback((m: Measured | null) => {
    setMeasured(m);
    if (m === null) setOn(false);
  }, []);
  return { on, measured, toggle, told };
}

/** 测距 拖尾 跟随 over the map. `listed`: how many units the tab lists; their ways can be drawn together. */
export function MapTools({ measure, listed }: { measure: MeasureTool; listed: number }) {
  const { t } = useText();
  const { view } = useApp();
  const trail = useView((s) => s.trail);
  const follow = useView((s) => s.follow);
  const followed = useServer((s) => (follow === null ? undefined : s.world.units.get(follow)));
  const setMinutes = (value: string) => {
    const minutes = trailMinutes.find((m) => m === Number(value));
    view.setState({ trail: minutes === undefined ? null : { minutes, all: trail?.all ?? listed > 0 } });
  };
  return (
    <fieldset className="ov pt-tools" data-map-keepout>
      <legend className="sr">{t('mapTool.label')}</legend>
      <div className="pt-tool-row">
        <button type="button" data-tool="measure" aria-pressed={measure.on} title={t('mapTool.measureHint')} onClick={measure.toggle}>
          {t('mapTool.measure')}
        </button>
        <label className={`f ${trail ? 'set' : ''}`}>
          {t('mapTool.trail')}
          <select data-tool="trail" value={trail?.minutes ?? ''} onChange={(e) => setMinutes(e.target.value)}>
            <option value="">{t('mapTool.trailNone')}</option>
            {trailMinutes.map((n) => (
              <option key={n} value={n}>
                {t('mapTool.trailMinutes', { n })}
              </option>
            ))}
          </select>
        </label>
        {trail && listed > 0 && (
          <label className="pt-check">
            <input
              type="checkbox"
              checked={trail.all}
              onChange={(e) => view.setState({ trail: { minutes: trail.minutes as TrailMinutes, all: e.target.checked } })}
            />
            {t('mapTool.trailAll')}
            {listed > MOST_TRAILS && <small> {t('mapTool.trailAllMost', { n: MOST_TRAILS })}</small>}
          </label>
        )}
      </div>
      {measure.on && (
        <p className="pt-measured" role="status">
          <b className="fig" data-measured={measure.measured ? Math.round(measure.measured.total) : undefined}>
            {measure.measured && measure.measured.stretches.length > 0
              ? t('mapTool.measured', { total: metresOf(measure.measured.total), n: measure.measured.stretches.length })
              : ''}
          </b>
          <small>{t('mapTool.measureHint')}</small>
        </p>
      )}
      {followed && (
        <p className="pt-following">
          <b>{t('mapTool.following', { name: followed.name })}</b>
          <button type="button" className="plain" onClick={() => view.setState({ follow: null })}>
            {t('mapTool.unfollow')}
          </button>
        </p>
      )}
    </fieldset>
  );
}

/** As the map writes it: to the metre below a kilometre, from there to ten metres. */
const metresOf = (m: number) => (m < 999.5 ? `${Math.round(m)} m` : `${(m / 1000).toFixed(2)} km`);
