import { useStore } from 'zustand';
import { useText } from '../../../design/use-text.ts';
import type { Way } from './on-map.ts';
import { speeds, type TrackPlayer } from './player.ts';

/** 回放条: true time, with the stays and silences of the chosen unit (of all, while they are few) marked on it. */
export function PlayerBar({ player, marked }: { player: TrackPlayer; marked: readonly Way[] }) {
  const { t, at: clock } = useText();
  const { from, to, at, speed, playing } = useStore(player.state);
  const share = (ms: number) => `${(Math.max(0, Math.min(1, (ms - from) / Math.max(1, to - from))) * 100).toFixed(2)}%`;
  const moment = `${clock(at).date} ${clock(at).hms}`;
  const marks = marked.flatMap(({ row: { unit, figures } }) => [
    ...figures.stops.map((s) => ({ ...s, unit, kind: 'stop' as const })),
    ...figures.gaps.map((g) => ({ ...g, unit, kind: 'gap' as const })),
  ]);
  return (
    <div className="tk-bar">
      <button type="button" className="tk-play" onClick={player.toggle}>
        {t(playing ? 'tracks.pause' : 'tracks.play')}
      </button>
      {speeds.map((n) => (
        <button
          type="button"
          key={n}
          className={`tk-speed ${n === speed ? 'on' : ''}`}
          aria-pressed={n === speed}
          aria-label={t('tracks.speed', { n })}
          onClick={() => player.pace(n)}
        >
          {n}×
        </button>
      ))}
      <output className="tk-at fig">{moment}</output>
      <div className="tk-scrub">
        <div className="tk-marks-row" aria-hidden="true">
          {marks.map((m) => (
            <i
              key={`${m.unit} ${m.kind} ${m.from}`}
              className={`tk-mark-${m.kind}`}
              title={t(m.kind === 'stop' ? 'tracks.stopMark' : 'tracks.gapMark', { from: clock(m.from).hm, to: clock(m.to).hm })}
              style={{ left: share(m.from), width: `calc(${share(m.to)} - ${share(m.from)})` }}
            />
          ))}
        </div>
        <input
          type="range"
          min={from}
          max={to}
          step={1000}
          value={at}
          aria-label={t('tracks.scrub')}
          aria-valuetext={t('tracks.moment', { at: moment })}
          onChange={(e) => player.seek(Number(e.target.value))}
        />
        <p className="tk-ends">
          <span>{`${clock(from).date} ${clock(from).hm}`}</span>
          <span>{`${clock(to).date} ${clock(to).hm}`}</span>
        </p>
      </div>
    </div>
  );
}
