import { meanKmh } from '../../../../model/track.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { duration, grouped } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import type { Way } from './on-map.ts';
import type { TrackPlayer } from './player.ts';

const columns = ['unit', 'km', 'moving', 'mean', 'stops', 'silent', 'fixes'] as const;

/** What each track comes to; choosing one shows its stays, silences and fixes. */
export function TrackList({ ways, chosen, onFixes }: { ways: readonly Way[]; chosen: string | null; onFixes: (unit: string) => void }) {
  const { t } = useText();
  const { view } = useApp();
  const units = useServer((s) => s.world.units);
  return (
    <table className="qt tk-list">
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col" className={c === 'unit' ? '' : 'tk-n'}>
              {t(`tracks.col.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ways.map(({ row: { unit, figures: f } }) => {
          const mean = meanKmh(f);
          const is = unit === chosen;
          return (
            <tr key={unit} className={is ? 'sel' : ''}>
              <td>
                <button type="button" aria-pressed={is} onClick={() => narrow(view, { unit: is ? undefined : unit })}>
                  <b>{units.get(unit)?.name ?? unit}</b>
                </button>
              </td>
              <td className="tk-n fig" title={f.implausible ? t('tracks.implausible', { n: f.implausible }) : undefined}>
                {(f.metres / 1000).toFixed(2)}
              </td>
              <td className="tk-n fig">{duration(f.movingMs)}</td>
              <td className="tk-n fig">{mean === null ? '—' : mean.toFixed(1)}</td>
              <td className="tk-n fig">{`${f.stops.length} · ${duration(f.stoppedMs)}`}</td>
              <td className="tk-n fig">{`${f.gaps.length} · ${duration(f.silentMs)}`}</td>
              <td className="tk-n">
                <button
                  type="button"
                  className="plain fig"
                  aria-label={t('tracks.fixesOf', { n: grouped(f.fixes) })}
                  onClick={() => onFixes(unit)}
                >
                  {grouped(f.fixes)}
                </button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Stays and silences of one unit: pressing one brings the player there. */
export function Stays({ way, player }: { way: Way; player: TrackPlayer }) {
  const { t, at, span } = useText();
  const name = useServer((s) => s.world.units.get(way.row.unit)?.name ?? way.row.unit);
  const { stops, gaps } = way.row.figures;
  const rows = [...stops.map((s) => ({ ...s, kind: 'stop' as const })), ...gaps.map((g) => ({ ...g, kind: 'gap' as const }))];
  return (
    <section className="tk-stays" aria-label={t('tracks.stopsHead', { name })}>
      <h3>{t('tracks.stopsHead', { name })}</h3>
      {rows.length === 0 && <p className="empty">{t('tracks.noStops')}</p>}
      <ul>
        {rows
          .sort((a, b) => a.from - b.from)
          .map((r) => (
            <li key={`${r.kind} ${r.from}`}>
              <button type="button" className={`tk-stay tk-${r.kind}`} onClick={() => player.seek(r.from)}>
                <span className="fig">
                  {t(r.kind === 'stop' ? 'tracks.stopMark' : 'tracks.gapMark', { from: at(r.from).hm, to: at(r.to).hm })}
                </span>
                <b className="fig">{span(r.to - r.from)}</b>
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}
