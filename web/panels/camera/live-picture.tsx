import { useCallback, useEffect, useRef, useState } from 'react';
import { useServer } from '../../app-context.ts';
import { type Account, endView, type OpenView, openView } from '../../cameras-api.ts';
import { useText } from '../../design/use-text.ts';
import { ApiError } from '../../http.ts';
import { useRealNow } from '../../store/clock.ts';
import { type LiveWish, useLive } from './live.tsx';
import { playView, type StreamState } from './stream.ts';

/** Before a stream: being recorded, refused, without a media server; or over. */
type State = StreamState | { readonly is: 'opening' | 'unset' | 'ended' } | { readonly is: 'refused'; readonly rule: string };

/** It is said that a view ends soon so long before, ms. */
const SOON_MS = 60_000;
/** A picture that does not move for so long stands still, ms. */
const FROZEN_MS = 3000;

/** One live picture: opened (and recorded) when it is shown, closed when it goes. */
export function LivePicture({ wish }: { wish: LiveWish }) {
  const { t } = useText();
  const live = useLive();
  const camera = useServer((s) => s.world.cameras.get(wish.camera));
  const video = useRef<HTMLVideoElement>(null);
  const { state, until, again, renew } = useView(wish, video);
  const movedAt = useMovement(video, state.is === 'live');
  const now = useRealNow();
  const left = until === null ? null : until - now;
  const frozen = state.is === 'live' && movedAt !== null && Date.now() - movedAt > FROZEN_MS;
  const showing = state.is === 'live';
  return (
    <figure className="cm-live" data-state={frozen ? 'frozen' : state.is} data-camera={wish.camera}>
      <figcaption>
        <b>{camera?.name ?? wish.camera}</b>
        <button
          type="button"
          onClick={() => live.close(wish.camera)}
          aria-label={t('cameras.close', { name: camera?.name ?? wish.camera })}
        >
          ×
        </button>
      </figcaption>
      <div className="cm-frame">
        <video ref={video} muted autoPlay playsInline aria-label={t('cameras.pictureOf', { name: camera?.name ?? wish.camera })} />
        {!showing && <Words state={state} again={again} />}
      </div>
      <p className="cm-status" role="status">
        {showing ? (
          <LiveLine state={state} frozenS={frozen && movedAt !== null ? (Date.now() - movedAt) / 1000 : null} />
        ) : (
          t('cameras.recorded')
        )}
        {left !== null && left < SOON_MS && left > 0 && (
          <button type="button" className="plain" onClick={renew}>
            {t('cameras.renew', { s: Math.ceil(left / 1000) })}
          </button>
        )}
      </p>
    </figure>
  );
}

/** 实时 · 延迟 n 秒, or since when the picture stands still. */
function LiveLine({ state, frozenS }: { state: Extract<State, { is: 'live' }>; frozenS: number | null }) {
  const { t } = useText();
  if (frozenS !== null) return <span className="cm-late">◆ {t('cameras.frozen', { s: Math.round(frozenS) })}</span>;
  const { delayS } = state;
  if (delayS === null) return <span>{t('cameras.live')}</span>;
  return <span>{delayS < 1 ? t('cameras.liveAtOnce') : t('cameras.liveLate', { s: delayS.toFixed(1) })}</span>;
}

/** In the picture's place, why there is none, and what can be done. */
function Words({ state, again }: { state: State; again: () => void }) {
  const { t } = useText();
  const text = {
    opening: () => t('cameras.opening'),
    connecting: () => t('cameras.connecting'),
    live: () => '',
    silent: () => t('cameras.silent'),
    unplayable: () => t('cameras.unplayable'),
    failed: () => t('cameras.failed', { rule: 'rule' in state ? state.rule : '' }),
    unset: () => t('cameras.unset'),
    ended: () => t('cameras.ended'),
    refused: () => t('cameras.refused', { rule: 'rule' in state ? state.rule : '' }),
  }[state.is]();
  const retry = state.is === 'silent' || state.is === 'failed' || state.is === 'ended';
  return (
    <div className="cm-words">
      <p>{text}</p>
      {retry && (
        <button type="button" onClick={again}>
          {t(state.is === 'ended' ? 'cameras.goOn' : 'retry')}
        </button>
      )}
    </div>
  );
}

/** Open a view of the server's, play it, end both. `again`: as long as the view lasts, without another entry. */
function useView({ camera, incident, alarm }: LiveWish, video: { readonly current: HTMLVideoElement | null }) {
  const set = useServer((s) => Boolean(s.world.centre?.media?.hls || s.world.centre?.media?.whep));
  const offset = useServer((s) => s.clockOffset);
  const [view, setView] = useState<OpenView | null>(null);
  const [state, setState] = useState<State>({ is: set ? 'opening' : 'unset' });
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (!set) return setState({ is: 'unset' });
    const account: Account = { incident, alarm };
    let gone = false;
    let opened: OpenView | null = null;
    setState({ is: 'opening' });
    openView(camera, account).then(
      (v) => {
        opened = v;
        if (gone) void endView(v.view);
        else setView(v);
      },
      (error) => !gone && setState(refused(error)),
    );
    return () => {
      gone = true;
      setView(null);
      if (opened) void endView(opened.view);
    };
  }, [set, camera, incident, alarm]);

  const id = view?.view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a renewed view is the same stream; `attempt` begins it anew
  useEffect(() => {
    if (!view || !video.current) return;
    return playView(video.current, view, setState);
  }, [id, attempt]);

  const until = view?.until ?? null;
  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(
      () => {
        setView(null);
        setState({ is: 'ended' });
      },
      until - (Date.now() + offset),
    );
    return () => clearTimeout(timer);
  }, [until, offset]);

  const renew = useCallback(() => {
    openView(camera, { incident, alarm }, id).then(setView, (error) => setState(refused(error)));
  }, [camera, incident, alarm, id]);
  const again = useCallback(() => (id === undefined ? renew() : setAttempt((n) => n + 1)), [id, renew]);
  return { state, until, again, renew };
}

function refused(error: unknown): State {
  if (error instanceof ApiError && error.field === 'centre.media') return { is: 'unset' };
  const rule = error instanceof Error ? error.message : String(error);
  return error instanceof ApiError && error.status === 403 ? { is: 'refused', rule } : { is: 'failed', rule };
}

/** When the picture last moved on, by this screen's clock; null = not yet. */
function useMovement(video: { readonly current: HTMLVideoElement | null }, playing: boolean): number | null {
  const [at, setAt] = useState<number | null>(null);
  useEffect(() => {
    const element = video.current;
    if (!playing || !element) return setAt(null);
    let shown = -1;
    const look = () => {
      if (element.currentTime === shown) return;
      shown = element.currentTime;
      setAt(Date.now());
    };
    const timer = setInterval(look, 1000);
    look();
    return () => clearInterval(timer);
  }, [video, playing]);
  return at;
}
