import { dayKey } from '../../../../model/centre.ts';
import { speedClasses } from '../../../../model/track.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { type Asked, localText, spans } from './asked.ts';

/** 时段与线色 */
export function SpanFields({ asked }: { asked: Asked }) {
  const { t } = useText();
  const { view } = useApp();
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  return (
    <div className="tk-fields">
      <label className="f">
        {t('tracks.span')}
        <select
          value={asked.span}
          onChange={(e) => {
            const span = e.target.value;
            const custom = span === 'custom' ? { from: localText(asked.from, offset), to: localText(asked.to, offset) } : {};
            narrow(view, { from: undefined, to: undefined, day: undefined, ...custom, span });
          }}
        >
          {spans.map((s) => (
            <option key={s} value={s}>
              {t(`tracks.spans.${s}`)}
            </option>
          ))}
        </select>
      </label>
      {asked.span === 'day' && (
        <label className="f">
          {t('tracks.day')}
          <input type="date" value={dayKey(asked.from, offset)} onChange={(e) => narrow(view, { day: e.target.value })} />
        </label>
      )}
      {asked.span === 'custom' &&
        (['from', 'to'] as const).map((end) => (
          <label className="f" key={end}>
            {t(`tracks.${end}`)}
            <input type="datetime-local" value={localText(asked[end], offset)} onChange={(e) => narrow(view, { [end]: e.target.value })} />
          </label>
        ))}
      <label className="f">
        {t('tracks.by')}
        <select value={asked.by} onChange={(e) => narrow(view, { by: e.target.value === 'speed' ? 'speed' : undefined })}>
          <option value="unit">{t('tracks.byUnit')}</option>
          <option value="speed">{t('tracks.bySpeed')}</option>
        </select>
      </label>
      {asked.by === 'speed' && <PaceLegend />}
    </div>
  );
}

const paces = ['stand', 'walk', 'ride', 'drive'] as const;
function PaceLegend() {
  const { t } = useText();
  const [a, b, c] = speedClasses;
  return (
    <ul className="tk-legend" aria-label={t('tracks.bySpeed')}>
      {paces.map((p, i) => (
        <li key={p}>
          <i className={`tk-pace tk-pace-${i}`} />
          {t(`tracks.pace.${p}`, { a, b, c })}
        </li>
      ))}
      <li>km/h</li>
    </ul>
  );
}
