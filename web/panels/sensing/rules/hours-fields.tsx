import { useContext } from 'react';
import { useText } from '../../../design/use-text.ts';
import type { SpanDraft } from './draft.ts';
import { FormContext, useWrong } from './fields.tsx';

const week = [1, 2, 3, 4, 5, 6, 7] as const;
const night: SpanDraft = { days: [...week], from: '22:00', to: '06:00' };

/** 生效时段: spans of the week, none = always. `field`: where they stand in the rule. */
export function HoursFields(props: {
  field: string;
  label: string;
  hours: readonly SpanDraft[];
  onChange: (hours: readonly SpanDraft[]) => void;
}) {
  const { t } = useText();
  const { locked } = useContext(FormContext);
  const { hours, onChange } = props;
  const set = (n: number, to: Partial<SpanDraft>) => onChange(hours.map((h, i) => (i === n ? { ...h, ...to } : h)));
  return (
    <fieldset className="ru-sub ru-hours" disabled={locked}>
      <legend>{props.label}</legend>
      {hours.map((h, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity but their place
        <div className="ru-span" key={n}>
          <span className="ru-days">
            {week.map((d) => (
              <label key={d} className="ru-check">
                <input
                  type="checkbox"
                  checked={h.days.includes(d)}
                  onChange={(e) =>
                    set(n, { days: e.target.checked ? [...h.days, d].sort((a, b) => a - b) : h.days.filter((x) => x !== d) })
                  }
                />
                {t(`alarmRules.day.d${d}`)}
              </label>
            ))}
          </span>
          <input
            className="fig"
            aria-label={t('alarmRule.from')}
            value={h.from}
            maxLength={5}
            onChange={(e) => set(n, { from: e.target.value })}
          />
          –
          <input
            className="fig"
            aria-label={t('alarmRule.to')}
            value={h.to}
            maxLength={5}
            onChange={(e) => set(n, { to: e.target.value })}
          />
          <button
            type="button"
            className="plain"
            aria-label={t('alarmRule.removeSpan', { n: n + 1 })}
            onClick={() => onChange(hours.filter((_, i) => i !== n))}
          >
            {t('alarmRule.override.remove')}
          </button>
          <SpanWrong field={`${props.field}.${n}`} />
        </div>
      ))}
      <p className="ru-row">
        <button type="button" className="plain" onClick={() => onChange([...hours, { days: [...week], from: '08:00', to: '18:00' }])}>
          {t('alarmRule.addSpan')}
        </button>
        <button type="button" className="plain" onClick={() => onChange([...hours, night])}>
          {t('alarmRule.night')}
        </button>
        <small>{t('alarmRule.hoursHint')}</small>
      </p>
    </fieldset>
  );
}

function SpanWrong({ field }: { field: string }) {
  const days = useWrong(`${field}.days`);
  const from = useWrong(`${field}.from`);
  const to = useWrong(`${field}.to`);
  const why = days ?? from ?? to;
  return why ? <small className="ru-why">{why}</small> : null;
}
