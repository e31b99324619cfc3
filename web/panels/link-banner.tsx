import { useLiveServer } from '../app-context.ts';
import { duration } from '../design/format.ts';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useLiveHeardAt, useLiveNow } from '../store/clock.ts';
import { isCut } from '../store/server-store.ts';

/** 断线: a frame around the whole screen and one line saying since when. What was last known stays readable. */
export function LinkBanner() {
  const { t, at, span } = useText();
  const now = useLiveNow();
  const cut = useLiveServer((s) => isCut(s) && s.loaded);
  const refusal = useLiveServer((s) => s.refusal);
  const frozenAt = useLiveServer((s) => s.frozenAt) ?? now;
  const silent = useLiveServer((s) => s.phase === 'stale');
  const heardAt = useLiveHeardAt();
  const attempts = useLiveServer((s) => s.attempts);
  if (!cut && !silent && !refusal) return null;
  const text = refusal
    ? t('link.refusedBanner', { rule: refusal })
    : cut
      ? t('link.banner', { at: at(frozenAt).hms })
      : t('link.silent', { age: span(now - heardAt) });
  return (
    <div className={`cutoff ${cut || refusal ? 'hard' : ''}`}>
      <p role="alert">
        <PriorityGlyph priority={2} u={16} />
        <b>{text}</b>
        {attempts > 0 && <span>{t('link.attempt', { n: attempts })}</span>}
        <span className="fig age2" aria-hidden="true">
          {duration(Math.max(0, now - (cut ? frozenAt : heardAt)))}
        </span>
      </p>
    </div>
  );
}
