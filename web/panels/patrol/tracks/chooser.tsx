import { useMemo, useState } from 'react';
import { treeOf } from '../../../../model/world.ts';
import { useApp, useServer, useView } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { MOST_UNITS } from './asked.ts';

/** 选力量: by name, number or team, within the place the scene is narrowed to; many at once. */
export function Chooser({ picked }: { picked: readonly string[] }) {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const area = useView((s) => s.area);
  const [find, setFind] = useState('');
  const [team, setTeam] = useState('');
  const teams = useMemo(() => [...new Set([...world.units.values()].flatMap((u) => u.team ?? []))].sort(), [world.units]);
  const tree = treeOf(world);
  const words = find.trim().toLowerCase();
  const chosen = new Set(picked);
  const shown = [...world.units.values()].filter(
    (u) =>
      chosen.has(u.id) ||
      ((team === '' || u.team === team) &&
        (area === null || (u.area !== null && tree.isWithin(u.area, area))) &&
        (words === '' || [u.name, u.id, u.team ?? ''].some((w) => w.toLowerCase().includes(words)))),
  );
  const put = (units: readonly string[]) => narrow(view, { units: units.slice(0, MOST_UNITS).join(',') });
  return (
    <fieldset className="tk-choose">
      <legend>{t('tracks.choose')}</legend>
      <div className="tk-find">
        <input
          type="search"
          value={find}
          placeholder={t('tracks.find')}
          aria-label={t('tracks.find')}
          onChange={(e) => setFind(e.target.value)}
        />
        {teams.length > 0 && (
          <select value={team} aria-label={t('tracks.team')} onChange={(e) => setTeam(e.target.value)}>
            <option value="">{t('tracks.anyTeam')}</option>
            {teams.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      <ul className="tk-units">
        {shown.map((u) => (
          <li key={u.id}>
            <label className={chosen.has(u.id) ? 'on' : ''}>
              <input
                type="checkbox"
                checked={chosen.has(u.id)}
                disabled={!chosen.has(u.id) && chosen.size >= MOST_UNITS}
                onChange={() => put(chosen.has(u.id) ? picked.filter((id) => id !== u.id) : [...picked, u.id])}
              />
              <b>{t(`roleMark.${u.role}`)}</b> {u.name} <small>{u.team ?? u.id}</small>
            </label>
          </li>
        ))}
        {shown.length === 0 && <li className="empty">{t('tracks.noUnits')}</li>}
      </ul>
      <p className="tk-picked">
        {t('tracks.picked', { n: chosen.size, most: MOST_UNITS })}
        {shown.length > chosen.size && (
          <button type="button" className="plain" onClick={() => put([...new Set([...picked, ...shown.map((u) => u.id)])])}>
            {t('tracks.pickAll', { n: Math.min(MOST_UNITS, shown.length) })}
          </button>
        )}
        {chosen.size > 0 && (
          <button type="button" className="plain" onClick={() => put([])}>
            {t('tracks.pickNone')}
          </button>
        )}
      </p>
    </fieldset>
  );
}
