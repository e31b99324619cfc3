import { useServer } from '../../app-context.ts';
import type { Account } from '../../cameras-api.ts';
import { useText } from '../../design/use-text.ts';
import { MAX_LIVE, useLive } from './live.tsx';

/** 调阅, said to be recorded; without a media server it says that instead. */
export function WatchButton({ camera, account = {}, brief = false }: { camera: string; account?: Account; brief?: boolean }) {
  const { t } = useText();
  const live = useLive();
  const past = useServer((s) => s.past);
  const set = useServer((s) => Boolean(s.world.centre?.media?.hls || s.world.centre?.media?.whep));
  const name = useServer((s) => s.world.cameras.get(camera)?.name ?? camera);
  if (!set) return brief ? null : <p className="t3 cm-unset">{t('cameras.unset')}</p>;
  const open = live.isOpen(camera);
  const full = !open && live.isFull;
  const text = t(open ? 'cameras.stop' : 'cameras.watch');
  return (
    <>
      <button
        type="button"
        className={brief ? 'cm-watch' : 'cm-watch primary'}
        aria-label={`${text} ${name}`}
        aria-pressed={open}
        disabled={full || past}
        title={past ? t('replay.noCamera') : full ? t('cameras.full', { max: MAX_LIVE }) : t('cameras.recorded')}
        onClick={() => (open ? live.close(camera) : live.open({ camera, ...account }))}
      >
        {text}
      </button>
      {!brief && (
        <p className="t3">{past ? t('replay.noCamera') : full ? t('cameras.full', { max: MAX_LIVE }) : t('cameras.willRecord')}</p>
      )}
    </>
  );
}
