import { useContext, useId, useMemo } from 'react';
import type { Priority } from '../../../../model/centre.ts';
import { useServer } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import type { Draft, OverrideDraft } from './draft.ts';
import { CheckField, FormContext, SelectField, TextField } from './fields.tsx';
import { HoursFields } from './hours-fields.tsx';

/** Names offered while one types; the id itself is always taken. */
const OFFERED = 300;
const empty: OverrideDraft = {
  of: 'sensor',
  id: '',
  limit: '',
  deadband: '',
  onDelayS: '',
  offDelayS: '',
  priority: '',
  hours: null,
  enabled: '',
};

/** 例外: what one device, or a place with all below it, has otherwise than the rule. */
export function Overrides({ draft, unit, change }: { draft: Draft; unit: string; change: (to: Partial<Draft>) => void }) {
  const { t } = useText();
  const { locked } = useContext(FormContext);
  const sensors = useServer((s) => s.world.sensors);
  const names = useId();
  const offered = useMemo(() => [...sensors.values()].filter((s) => s.kind === draft.kind).slice(0, OFFERED), [sensors, draft.kind]);
  const { overrides } = draft;
  const set = (n: number, to: Partial<OverrideDraft>) => change({ overrides: overrides.map((o, i) => (i === n ? { ...o, ...to } : o)) });
  return (
    <>
      <datalist id={names}>
        {offered.map((s) => (
          <option key={s.id} value={s.id}>
            {s.name}
          </option>
        ))}
      </datalist>
      {overrides.map((o, n) => (
        <OverrideFields
          // biome-ignore lint/suspicious/noArrayIndexKey: an override has no identity but its place
          key={n}
          n={n}
          of={o}
          test={draft.test}
          unit={unit}
          names={names}
          set={(to) => set(n, to)}
          remove={() => change({ overrides: overrides.filter((_, i) => i !== n) })}
        />
      ))}
      <p className="ru-row">
        <button type="button" className="plain" disabled={locked} onClick={() => change({ overrides: [...overrides, empty] })}>
          {t('alarmRule.override.add')}
        </button>
        <small>{t('alarmRule.override.hint')}</small>
      </p>
    </>
  );
}

interface OverrideProps {
  readonly n: number;
  readonly of: OverrideDraft;
  readonly test: Draft['test'];
  readonly unit: string;
  readonly names: string;
  readonly set: (to: Partial<OverrideDraft>) => void;
  readonly remove: () => void;
}
function OverrideFields({ n, of: o, test, unit, names, set, remove }: OverrideProps) {
  const { t } = useText();
  const { locked } = useContext(FormContext);
  const areas = useServer((s) => s.world.areas);
  const sensor = useServer((s) => (o.of === 'sensor' ? s.world.sensors.get(o.id) : undefined));
  const at = `overrides.${n}`;
  const same = t('alarmRule.override.asRule');
  const limits = test === 'high' || test === 'low';
  return (
    <fieldset className="ru-sub ru-override">
      <legend>{t('alarmRule.override.n', { n: n + 1 })}</legend>
      <SelectField
        field={`${at}.of`}
        label={t('alarmRule.override.of')}
        value={o.of}
        options={(['sensor', 'area'] as const).map((of) => [of, t(`alarmRule.override.${of}`)] as const)}
        onChange={(of) => set({ of, id: '' })}
      />
      {o.of === 'sensor' ? (
        <TextField
          wide
          field={`${at}.sensor`}
          label={t('alarmRule.override.device')}
          value={o.id}
          list={names}
          hint={sensor?.name}
          onChange={(id) => set({ id: id.trim() })}
        />
      ) : (
        <SelectField
          wide
          field={`${at}.area`}
          label={t('alarmRule.override.place')}
          value={o.id}
          options={[['', t('alarmRule.choose')], ...[...areas.values()].map((a) => [a.code as string, `${a.name} ${a.code}`] as const)]}
          onChange={(id) => set({ id })}
        />
      )}
      {(limits || test === 'rate') && (
        <TextField
          figure
          field={`${at}.limit`}
          label={test === 'rate' ? t('alarmRule.rateLimit') : t('alarmRule.limit')}
          value={o.limit}
          placeholder={same}
          unit={test === 'rate' ? t('alarmRule.unit.perMin', { unit }) : unit}
          onChange={(limit) => set({ limit })}
        />
      )}
      {limits && (
        <TextField
          figure
          field={`${at}.deadband`}
          label={t('alarmRule.deadband')}
          value={o.deadband}
          placeholder={same}
          unit={unit}
          onChange={(deadband) => set({ deadband })}
        />
      )}
      <TextField
        figure
        field={`${at}.onDelayS`}
        label={t('alarmRule.onDelay')}
        value={o.onDelayS}
        placeholder={same}
        unit={t('alarmRule.unit.s')}
        onChange={(onDelayS) => set({ onDelayS })}
      />
      <TextField
        figure
        field={`${at}.offDelayS`}
        label={t('alarmRule.offDelay')}
        value={o.offDelayS}
        placeholder={same}
        unit={t('alarmRule.unit.s')}
        onChange={(offDelayS) => set({ offDelayS })}
      />
      <SelectField
        field={`${at}.priority`}
        label={t('alarmRule.priority')}
        value={o.priority === '' ? '' : (String(o.priority) as '1')}
        options={[['', same], ...(['1', '2', '3', '4'] as const).map((p) => [p, `P${p}`] as const)]}
        onChange={(p) => set({ priority: p === '' ? '' : (Number(p) as Priority) })}
      />
      <SelectField
        field={`${at}.enabled`}
        label={t('alarmRules.col.state')}
        value={o.enabled}
        options={[
          ['', same],
          ['on', t('alarmRules.on')],
          ['off', t('alarmRules.off')],
        ]}
        onChange={(enabled) => set({ enabled })}
      />
      <CheckField
        label={t('alarmRule.override.hours')}
        checked={o.hours !== null}
        onChange={(own) => set({ hours: own ? [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }] : null })}
      />
      {o.hours && <HoursFields field={`${at}.hours`} label={t('alarmRule.hours')} hours={o.hours} onChange={(hours) => set({ hours })} />}
      <button
        type="button"
        className="plain ru-remove"
        disabled={locked}
        aria-label={t('alarmRule.override.removeOf', { n: n + 1 })}
        onClick={remove}
      >
        {t('alarmRule.override.remove')}
      </button>
    </fieldset>
  );
}
