import { useApp, useReplay } from '../../app-context.ts';
import { TransportGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { STEP_BY_MS } from '../../replay/replay.ts';
import { speeds } from '../../store/view-store.ts';

/** 走带: event, ten minutes, play or pause, and the speed. What is ahead of now cannot be gone to. */
export function Transport({ full = true }: { full?: boolean }) {
  const { t } = useText();
  const { replay } = useApp();
  const on = useReplay((s) => s.on);
  const playing = useReplay((s) => s.playing);
  const speed = useReplay((s) => s.speed);
  const play = t(!on ? 'replay.pauseLive' : playing ? 'replay.pause' : 'replay.play');
  const ahead = { disabled: !on, title: on ? undefined : t('replay.isLive') };
  return (
    // a press of the mouse leaves the focus where it is: Space goes on playing and pausing, and does not press the speed again
    <div className="btns tm-keys" role="toolbar" aria-label={t('replay.transport')} onMouseDown={(e) => e.preventDefault()}>
      {full && (
        <button type="button" aria-label={t('replay.prev')} title={t('replay.prev')} onClick={() => replay.toEvent('prev')}>
          <TransportGlyph kind="prev" />
        </button>
      )}
      <button type="button" aria-label={t('replay.back')} title={t('replay.back')} onClick={() => replay.step(-STEP_BY_MS)}>
        <TransportGlyph kind="back" />
      </button>
      <button type="button" className={on && !playing ? 'on' : ''} aria-label={play} title={play} onClick={replay.toggle}>
        <TransportGlyph kind={on && !playing ? 'play' : 'pause'} />
      </button>
      <button
        type="button"
        aria-label={t('replay.forward')}
        {...ahead}
        title={ahead.title ?? t('replay.forward')}
        onClick={() => replay.step(STEP_BY_MS)}
      >
        <TransportGlyph kind="forward" />
      </button>
      {full && (
        <button
          type="button"
          aria-label={t('replay.next')}
          {...ahead}
          title={ahead.title ?? t('replay.next')}
          onClick={() => replay.toEvent('next')}
        >
          <TransportGlyph kind="next" />
        </button>
      )}
      <span className="gap" />
      {/* biome-ignore lint/a11y/useSemanticElements: three buttons in a row of buttons */}
      <span className="tm-speeds" role="group" aria-label={t('replay.speeds')}>
        {speeds.map((n) => (
          <button
            type="button"
            key={n}
            className={(on ? speed : 1) === n ? 'on' : ''}
            aria-pressed={(on ? speed : 1) === n}
            disabled={!on}
            title={ahead.title}
            onClick={() => replay.setSpeed(n)}
          >
            {t('replay.speed', { n })}
          </button>
        ))}
      </span>
    </div>
  );
}
