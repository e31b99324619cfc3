import { useMemo } from 'react';
import { unitRoles } from '../../../model/ledger.ts';
import { type UnitState, unitStates } from '../../../model/patrol.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { FindField } from '../find-field.tsx';
import { StateMark } from './state-mark.tsx';
import { NO_TEAM, type UnitRow, unitFilterOf } from './unit-rows.ts';

/** Each status with how many there are of it: a way to the list of just those. */
export function StateFilter({ counts, all }: { counts: Readonly<Record<UnitState, number>>; all: number }) {
  const { t } = useText();
  const { view } = useApp();
  const params = useView((s) => s.params);
  const chosen = unitFilterOf(params).state;
  return (
    <fieldset className="pt-states">
      <legend className="sr">{t('patrolUnits.states')}</legend>
      <button type="button" aria-pressed={chosen === null} onClick={() => narrow(view, { state: undefined })}>
        {t('patrolUnits.all')} <b className="fig">{grouped(all)}</b>
      </button>
      {unitStates.map((s) => (
        <button
          key={s}
          type="button"
          data-unit-state={s}
          aria-pressed={chosen === s}
          className={counts[s] > 0 ? `pt-f-${s}` : 'pt-zero'}
          onClick={() => narrow(view, { state: chosen === s ? undefined : s })}
        >
          <StateMark state={s} />
          {t(`unitState.${s}`)} <b className="fig">{grouped(counts[s])}</b>
        </button>
      ))}
    </fieldset>
  );
}

/** 角色 班组 and words; the place is in the head of the scene. */
export function UnitFilters({ rows }: { rows: readonly UnitRow[] }) {
  const { t } = useText();
  const { view } = useApp();
  const units = useServer((s) => s.world.units);
  const params = useView((s) => s.params);
  const known = useMemo(() => [...new Set([...units.values()].map((u) => u.team ?? ''))].sort(), [units]);
  const roles = useMemo(() => unitRoles.filter((r) => rows.some((row) => row.unit.role === r)), [rows]);
  const set = (key: string) => (e: { target: { value: string } }) => narrow(view, { [key]: e.target.value });
  const any = ['state', 'role', 'team', 'q'].some((k) => params[k]);
  return (
    <search className="pt-filters">
      <label className={`f ${params.role ? 'set' : ''}`}>
        {t('patrolUnits.role')}
        <select value={params.role ?? ''} onChange={set('role')}>
          <option value="">{t('patrolUnits.all')}</option>
          {roles.map((r) => (
            <option key={r} value={r}>
              {t(`roles.${r}`)}
            </option>
          ))}
        </select>
      </label>
      <label className={`f ${params.team ? 'set' : ''}`}>
        {t('patrolUnits.team')}
        <select value={params.team ?? ''} onChange={set('team')}>
          <option value="">{t('patrolUnits.all')}</option>
          {known.map((team) => (
            <option key={team} value={team || NO_TEAM}>
              {team || t('patrolUnits.noTeam')}
            </option>
          ))}
        </select>
      </label>
      <FindField value={params.q} label={t('patrolUnits.find')} />
      {any && (
        <button
          type="button"
          className="plain"
          onClick={() => narrow(view, { state: undefined, role: undefined, team: undefined, q: undefined })}
        >
          {t('patrolUnits.clear')}
        </button>
      )}
    </search>
  );
}
