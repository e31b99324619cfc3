import './tracks/tracks.css';
import { useEffect, useMemo, useState } from 'react';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import type { MapTracks } from '../../map-contract.ts';
import { useNowEvery } from '../../store/clock.ts';
import { useMapBeside } from '../sensing/map-slot.ts';
import { askedOf } from './tracks/asked.ts';
import { Chooser } from './tracks/chooser.tsx';
import { Exports } from './tracks/exports.tsx';
import { Fixes } from './tracks/fixes.tsx';
import { headsAt, trackOf, wayOf } from './tracks/on-map.ts';
import { createTrackPlayer } from './tracks/player.ts';
import { PlayerBar } from './tracks/player-bar.tsx';
import { SpanFields } from './tracks/span-fields.tsx';
import { Stays, TrackList } from './tracks/track-list.tsx';
import { useTracks } from './tracks/use-tracks.ts';

const layers = { units: false, sensors: false, cameras: false, density: false, incidents: false } as const;
/** Stays and silences of so many units are marked on the bar while none is chosen. */
const MARKED = 5;
/** What is asked for until now is asked for anew so often, ms. */
const RENEW_MS = 5 * 60_000;

/** 巡防 · 轨迹: where units were in a time gone by, drawn whole and played at their true times, all together. */
export function TracksTab() {
  const { t, at, span } = useText();
  const { clock } = useApp();
  const params = useView((s) => s.params);
  const world = useServer((s) => s.world);
  const past = useServer((s) => s.past);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const renewed = useNowEvery(RENEW_MS);
  const now = useMemo(() => Math.max(renewed, clock.shown()), [renewed, clock]);
  const asked = askedOf(params, now, offset);
  const { units, from, to, by, chosen } = asked;
  const fetched = useTracks(units, from, to);
  const answer = fetched.state === 'here' ? fetched.answer : fetched.state === 'loading' ? fetched.last : null;
  const ways = useMemo(() => answer?.tracks.map(wayOf) ?? [], [answer]);
  const [player] = useState(() => createTrackPlayer());
  useEffect(() => player.close, [player]);
  const first = ways.reduce((least, w) => Math.min(least, w.row.at[0] ?? least), Number.POSITIVE_INFINITY);
  const last = ways.reduce((most, w) => Math.max(most, w.row.at.at(-1) ?? most), Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (first <= last) player.load(first, last);
  }, [player, first, last]);
  const [follow, setFollow] = useState<string | null>(null);
  const [fixesOf, setFixesOf] = useState<string | null>(null);

  const lines = useMemo(() => ways.map(trackOf), [ways]);
  const tracks = useMemo((): MapTracks => {
    const told = (unit: string) => {
      const u = world.units.get(unit);
      return { mark: u ? t(`roleMark.${u.role}`) : '', label: u?.name ?? unit };
    };
    return {
      tracks: lines,
      by,
      chosen,
      follow,
      onFollowEnd: () => setFollow(null),
      stops: ways.flatMap(({ row }) => row.figures.stops.map((s) => ({ unit: row.unit, at: s.lngLat, label: span(s.to - s.from) }))),
      heads: () => headsAt(ways, player.state.getState().at, told),
      subscribe: (l) => player.state.subscribe(l),
    };
  }, [lines, ways, by, chosen, follow, player, world.units, t, span]);
  useMapBeside(useMemo(() => ({ layers, tracks }), [tracks]));

  const fresh = useFreshness(answer?.to, Math.max(PERIOD.positions, RENEW_MS));
  const names = (ids: readonly string[]) => ids.map((id) => world.units.get(id)?.name ?? id).join(' ');
  const way = ways.find((w) => w.row.unit === chosen);
  const within = Math.max(0, ...ways.map((w) => w.row.within));
  return (
    <Panel
      id="tracks"
      className="tk"
      title={t('tracks.title')}
      n={ways.length}
      sub={t('tracks.shownTo', { at: `${at(to).date} ${at(to).hm}` })}
      fresh={fresh}
    >
      <Chooser picked={units} />
      <SpanFields asked={asked} />
      {past && <p className="t3">{t('tracks.past')}</p>}
      {units.length === 0 && <p className="empty">{t('tracks.askUnits')}</p>}
      {fetched.state === 'loading' && <p className="empty">{t('tracks.loading')}</p>}
      {fetched.state === 'failed' && <p role="alert">{t('tracks.failed', { rule: fetched.rule })}</p>}
      {answer && answer.silent.length > 0 && <p className="t3">{t('tracks.silent', { names: names(answer.silent) })}</p>}
      {answer && answer.withheld.length > 0 && <p className="t3">{t('tracks.withheld', { names: names(answer.withheld) })}</p>}
      {ways.length > 0 && (
        <>
          <PlayerBar player={player} marked={way ? [way] : ways.slice(0, MARKED)} />
          <div className="tk-scroll-x">
            <TrackList ways={ways} chosen={chosen} onFixes={(unit) => setFixesOf(unit === fixesOf ? null : unit)} />
          </div>
          {within > 0 && <p className="t3">{t('tracks.within', { n: within })}</p>}
          {way && (
            <>
              <p>
                <button
                  type="button"
                  className="plain"
                  aria-pressed={follow === way.row.unit}
                  onClick={() => setFollow(follow === way.row.unit ? null : way.row.unit)}
                >
                  {t(follow === way.row.unit ? 'tracks.unfollow' : 'tracks.follow')}
                </button>
              </p>
              <Stays way={way} player={player} />
            </>
          )}
          {fixesOf && <Fixes unit={fixesOf} from={from} to={Math.min(to, clock.shown())} onClose={() => setFixesOf(null)} />}
        </>
      )}
      {units.length > 0 && <Exports units={units.filter((id) => !answer?.withheld.includes(id))} from={from} to={Math.min(to, now)} />}
    </Panel>
  );
}
