import { type FormEvent, useCallback, useEffect, useState } from 'react';
import { useApp, useReplay, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { type Bookmark, fetchBookmarks, removeBookmark, saveBookmark } from '../../replay/film-api.ts';
import { formatAddress } from '../../store/address.ts';
import { Sheet } from '../sheet.tsx';

const DAY = 86_400_000;
const wordsOf = (e: unknown) => (e instanceof Error ? e.message : String(e));

/** 任意时刻与书签: a moment by date and time, a day back or on, bookmarks, and the address of this very moment. */
export function MomentSheet({ onClose }: { onClose: () => void }) {
  const { t, at: clock } = useText();
  const { replay, view } = useApp();
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  const span = useReplay((s) => s.span);
  const on = useReplay((s) => s.on);
  const local = useCallback((ms: number) => new Date(ms + offset * 60_000).toISOString().slice(0, 19), [offset]);
  const [text, setText] = useState(() => local(replay.at()));
  const asked = Date.parse(`${text}Z`) - offset * 60_000;
  const full = (ms: number) => `${clock(ms).date} ${clock(ms).hms}`;
  const go = (e: FormEvent) => {
    e.preventDefault();
    if (Number.isNaN(asked)) return;
    replay.seek(asked, false);
    onClose();
  };
  const share = async () => {
    const moment = { at: Math.floor(replay.at()), play: null, offset };
    await navigator.clipboard.writeText(location.origin + formatAddress({ ...view.getState(), moment }));
    view.setState({ notice: t('replay.shared') });
  };
  return (
    <Sheet title={t('replay.more')} className="tm-sheet" onClose={onClose}>
      <form className="tm-form" onSubmit={go}>
        <label>
          {t('replay.moment')}
          <input
            type="datetime-local"
            step="1"
            value={text}
            {...(span ? { min: local(span.from) } : {})}
            max={local(replay.now())}
            onChange={(e) => setText(e.target.value)}
          />
        </label>
        <button type="submit" className="primary" disabled={Number.isNaN(asked)}>
          {t('replay.go')}
        </button>
        {span && <p className="t3">{t('replay.oldestIs', { from: full(span.from) })}</p>}
      </form>
      <div className="tm-row">
        <button type="button" className="quiet" onClick={() => replay.step(-DAY)}>
          {t('replay.dayBack')}
        </button>
        <button type="button" className="quiet" disabled={!on} onClick={() => replay.step(DAY)}>
          {t('replay.dayOn')}
        </button>
        <button type="button" className="quiet" onClick={share}>
          {t('replay.share')}
        </button>
      </div>
      <Bookmarks full={full} onClose={onClose} />
    </Sheet>
  );
}

function Bookmarks({ full, onClose }: { full: (ms: number) => string; onClose: () => void }) {
  const { t } = useText();
  const { replay, view } = useApp();
  const area = useView((s) => s.area);
  const [marks, setMarks] = useState<readonly Bookmark[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another turn asks again
  useEffect(() => {
    const stop = new AbortController();
    fetchBookmarks(stop.signal).then(
      (m) => {
        setMarks(m);
        setError(null);
      },
      (e) => !stop.signal.aborted && setError(wordsOf(e)),
    );
    return () => stop.abort();
  }, [turn]);
  const doing = async (what: Promise<unknown>) => {
    try {
      await what;
      setTurn((n) => n + 1);
      return true;
    } catch (e) {
      setError(wordsOf(e));
      return false;
    }
  };
  const save = async (e: FormEvent) => {
    e.preventDefault();
    if (await doing(saveBookmark(Math.floor(replay.at()), name.trim(), area))) setName('');
  };
  return (
    <section className="tm-marks" aria-label={t('replay.marks')}>
      <h3>{t('replay.marks')}</h3>
      <form className="tm-form" onSubmit={save}>
        <label>
          {t('replay.markName')}
          <input value={name} maxLength={80} onChange={(e) => setName(e.target.value)} />
        </label>
        <button type="submit" className="quiet" disabled={!name.trim()}>
          {t('replay.markSave')}
        </button>
      </form>
      {error && (
        <p className="p2" role="alert">
          {t('replay.markFailed', { rule: error })}{' '}
          <button type="button" className="quiet" onClick={() => setTurn((n) => n + 1)}>
            {t('retry')}
          </button>
        </p>
      )}
      {marks?.length === 0 && <p className="t3">{t('replay.markNone')}</p>}
      <ul>
        {marks?.map((m) => (
          <li key={m.id}>
            <button
              type="button"
              className="tm-mark"
              onClick={() => {
                if (m.area) view.setState({ area: m.area, camera: null });
                replay.seek(m.at, false);
                onClose();
              }}
            >
              <b>{m.name}</b>
              <small>{t('replay.markBy', { at: full(m.at), who: m.by })}</small>
            </button>
            <button
              type="button"
              className="quiet"
              aria-label={t('replay.markDelete', { name: m.name })}
              onClick={() => doing(removeBookmark(m.id))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
