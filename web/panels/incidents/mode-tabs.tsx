import { heldBy, useApp, useStop, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { ask, incidentModes } from '../../store/view-store.ts';

/** 列表 · 看板 · 滞留 · 指标: the same query, shown four ways; and the way to a new incident. */
export function ModeTabs() {
  const { t } = useText();
  const { view } = useApp();
  const mode = useView((s) => s.mode);
  const stop = useStop();
  return (
    <div className="modes">
      <nav aria-label={t('events.modes')}>
        {incidentModes.map((m) => (
          <button
            type="button"
            key={m}
            className={m === mode ? 'on' : ''}
            aria-current={m === mode ? 'true' : undefined}
            onClick={() => ask(view, view.getState().query, m)}
          >
            {t(`events.mode.${m}`)}
          </button>
        ))}
      </nav>
      <button type="button" className="accent" {...heldBy(stop)} onClick={() => view.setState({ intake: { lngLat: null } })}>
        {t('events.intake.title')} <kbd>I</kbd>
      </button>
    </div>
  );
}
