import { type SensorKind, sensorKindOf } from '../../../../model/centre.ts';
import { useServer } from '../../../app-context.ts';
import { MINUS, plainNumber } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import type { Draft, ValueDraft } from './draft.ts';
import { Field, SelectField, TextField } from './fields.tsx';

const tests = ['high', 'low', 'state', 'rate', 'no-data', 'both'] as const;

/** The condition: what the readings must be for the rule to raise. */
export function TestFields({ draft, kind, change }: { draft: Draft; kind: SensorKind; change: (to: Partial<Draft>) => void }) {
  const { t, say } = useText();
  const kinds = useServer((s) => s.world.centre?.sensorKinds) ?? [];
  const take = (test: Draft['test']) => change({ test, ...(test === 'high' || test === 'low' || test === 'state' ? { is: test } : {}) });
  return (
    <>
      <SelectField
        field="test"
        label={t('alarmRule.test')}
        value={draft.test}
        options={tests.map((is) => [is, t(`alarmRule.is.${is}`)] as const)}
        onChange={take}
      />
      {(draft.test === 'high' || draft.test === 'low' || draft.test === 'state') && (
        <ValueFields field="test" value={{ ...draft, is: draft.test }} kind={kind} change={change} />
      )}
      {draft.test === 'rate' && (
        <>
          <TextField
            figure
            field="test.limit"
            label={t('alarmRule.rateLimit')}
            value={draft.limit}
            unit={t('alarmRule.unit.perMin', { unit: kind.unit })}
            onChange={(limit) => change({ limit })}
          />
          <TextField
            figure
            field="test.windowS"
            label={t('alarmRule.window')}
            value={draft.windowS}
            unit={t('alarmRule.unit.s')}
            onChange={(windowS) => change({ windowS })}
          />
          <SelectField
            field="test.direction"
            label={t('alarmRule.direction')}
            value={draft.direction}
            options={(['rising', 'falling', 'either'] as const).map((d) => [d, t(`alarmRule.${d}`)] as const)}
            onChange={(direction) => change({ direction })}
          />
        </>
      )}
      {draft.test === 'no-data' && (
        <TextField
          figure
          field="test.intervals"
          label={t('alarmRule.intervals')}
          value={draft.intervals}
          unit={t('alarmRule.intervalUnit')}
          onChange={(intervals) => change({ intervals })}
        />
      )}
      {draft.test === 'both' && (
        <>
          <fieldset className="ru-sub">
            <legend>{t('alarmRule.here')}</legend>
            <ValueKind field="test.here.is" value={draft} kind={kind} change={change} />
            <ValueFields field="test.here" value={draft} kind={kind} change={change} />
          </fieldset>
          <fieldset className="ru-sub">
            <legend>{t('alarmRule.there')}</legend>
            <SelectField
              field="test.kind"
              label={t('alarmRule.otherKind')}
              value={draft.otherKind}
              options={[['', t('alarmRule.choose')], ...kinds.map((k) => [k.code, say(k.name)] as const)]}
              onChange={(otherKind) => change({ otherKind, there: { ...draft.there, values: [] } })}
            />
            <OtherValue draft={draft} change={change} />
          </fieldset>
        </>
      )}
    </>
  );
}

function OtherValue({ draft, change }: { draft: Draft; change: (to: Partial<Draft>) => void }) {
  const centre = useServer((s) => s.world.centre);
  const kind = sensorKindOf(centre, draft.otherKind);
  const set = (to: Partial<ValueDraft>) => change({ there: { ...draft.there, ...to } });
  return (
    <>
      <ValueKind field="test.there.is" value={draft.there} kind={kind} change={set} />
      <ValueFields field="test.there" value={draft.there} kind={kind} change={set} />
    </>
  );
}

/** A minus as the wall writes it. */
const figure = (n: number) => plainNumber(n).replace('-', MINUS);

interface ValueProps {
  readonly field: string;
  readonly value: ValueDraft;
  readonly kind: SensorKind | undefined;
  readonly change: (to: Partial<ValueDraft>) => void;
}
function ValueKind({ field, value, change }: ValueProps) {
  const { t } = useText();
  return (
    <SelectField
      field={field}
      label={t('alarmRule.test')}
      value={value.is}
      options={(['high', 'low', 'state'] as const).map((is) => [is, t(`alarmRule.is.${is}`)] as const)}
      onChange={(is) => change({ is })}
    />
  );
}

/** A limit with its deadband, or the states by their names. */
function ValueFields({ field, value, kind, change }: ValueProps) {
  const { t } = useText();
  if (value.is === 'state') return <StateFields field={field} value={value} kind={kind} change={change} />;
  const unit = kind?.unit ?? '';
  const clears = Number(value.limit) + (value.is === 'high' ? -1 : 1) * Number(value.deadband);
  const showsEnd = value.limit.trim() !== '' && Number(value.deadband) > 0 && Number.isFinite(clears);
  const range = kind?.range ? `${figure(kind.range.min)} … ${figure(kind.range.max)} ${unit}` : undefined;
  return (
    <>
      <TextField
        figure
        field={`${field}.limit`}
        label={t('alarmRule.limit')}
        value={value.limit}
        unit={unit}
        hint={range}
        onChange={(limit) => change({ limit })}
      />
      <TextField
        figure
        field={`${field}.deadband`}
        label={t('alarmRule.deadband')}
        value={value.deadband}
        unit={unit}
        hint={showsEnd ? t('alarmRule.deadbandHint', { value: `${plainNumber(clears)} ${unit}`.trim() }) : undefined}
        onChange={(deadband) => change({ deadband })}
      />
    </>
  );
}

function StateFields({ field, value, kind, change }: ValueProps) {
  const { t, say } = useText();
  if (!kind?.states)
    return (
      <TextField
        field={`${field}.values`}
        label={t('alarmRule.stateValues')}
        value={value.values.join(', ')}
        onChange={(s) =>
          change({
            values: s
              .split(/[,，\s]+/)
              .filter((x) => x !== '')
              .map(Number)
              .filter(Number.isFinite),
          })
        }
      />
    );
  const toggle = (v: number, on: boolean) =>
    change({ values: on ? [...value.values, v].sort((a, b) => a - b) : value.values.filter((x) => x !== v) });
  return (
    <Field field={`${field}.values`} label={t('alarmRule.states')} wide>
      {({ id, disabled }) => (
        <span className="ru-states" id={id}>
          {kind.states!.map((s) => (
            <label key={s.value} className="ru-check">
              <input
                type="checkbox"
                disabled={disabled}
                checked={value.values.includes(s.value)}
                onChange={(e) => toggle(s.value, e.target.checked)}
              />
              {say(s.name)}
            </label>
          ))}
        </span>
      )}
    </Field>
  );
}
