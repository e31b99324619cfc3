import './camera.css';
import { useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { MAX_LIVE, useLive } from './live.tsx';
import { LivePicture } from './live-picture.tsx';

/** The live pictures that are open, beside the dossier or whatever else takes the right of the screen. */
export function LiveDock() {
  const { t } = useText();
  const { wishes, closeAll } = useLive();
  const scene = useView((s) => s.scene);
  const selection = useView((s) => s.selection?.kind ?? 'none');
  return (
    <section
      className="cm-dock"
      data-map-keepout
      data-scene={scene}
      data-selection={selection}
      data-pictures={wishes.length}
      aria-label={t('cameras.dock')}
    >
      <header>
        <h2>{t('cameras.dock')}</h2>
        <span className="fig">{t('cameras.of', { n: wishes.length, max: MAX_LIVE })}</span>
        <button type="button" className="plain" onClick={closeAll}>
          {t('cameras.closeAll')}
        </button>
      </header>
      <div className="cm-pictures">
        {wishes.map((w) => (
          <LivePicture key={w.camera} wish={w} />
        ))}
      </div>
    </section>
  );
}
