import { useMemo } from 'react';
import { careKindOf } from '../../../../model/centre.ts';
import { useApp, useServer, useView } from '../../../app-context.ts';
import { grouped } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { FindField } from '../../find-field.tsx';
import { type CareShow, careShows, readCareParams } from './use-cares.ts';

/** 待访 逾期 宽限 …, each with how many; then kind, who answers, and words. */
export function CareFilters({ counts }: { counts: Readonly<Record<CareShow, number>> }) {
  const { t, say } = useText();
  const { view } = useApp();
  const centre = useServer((s) => s.world.centre);
  const cares = useServer((s) => s.world.cares);
  const units = useServer((s) => s.world.units);
  const params = useView((s) => s.params);
  const p = readCareParams(params);
  const answering = useMemo(() => {
    const ids = new Set([...cares.values()].flatMap((c) => (c.unit ? [c.unit] : [])));
    return [...ids].map((id) => [id, units.get(id)?.name ?? id] as const).sort((a, b) => a[1].localeCompare(b[1], 'zh'));
  }, [cares, units]);
  const set = (key: string) => (e: { target: { value: string } }) => narrow(view, { [key]: e.target.value, record: undefined });
  const any = ['show', 'kind', 'unit', 'q', 'record'].some((k) => params[k]);
  const recordOf = p.record && say(careKindOf(centre, p.kind ?? '')?.name ?? { zh: '', en: '' });
  return (
    <search className="cr-filters" aria-label={t('cares.filters')}>
      {p.record ? (
        <p className="cr-record">
          <b>{t(`cares.figures.shown.${p.record}`, { name: recordOf })}</b>
          <button type="button" className="plain" onClick={() => narrow(view, { record: undefined, kind: undefined })}>
            {t('cares.figures.back')} ×
          </button>
        </p>
      ) : (
        <fieldset className="cr-states">
          <legend className="sr">{t('cares.states')}</legend>
          {careShows.map((s) => (
            <button
              key={s}
              type="button"
              data-care-state={s}
              aria-pressed={p.show === s}
              className={counts[s] > 0 ? '' : 'cr-zero'}
              onClick={() => narrow(view, { show: s === 'due' ? undefined : s })}
            >
              {t(`cares.state.${s}`)} <b className="fig">{grouped(counts[s])}</b>
            </button>
          ))}
        </fieldset>
      )}
      <label className={`f ${p.kind ? 'set' : ''}`}>
        {t('cares.kind')}
        <select value={p.kind ?? ''} onChange={set('kind')}>
          <option value="">{t('cares.anyone')}</option>
          {(centre?.careKinds ?? []).map((k) => (
            <option key={k.code} value={k.code}>
              {say(k.name)}
            </option>
          ))}
        </select>
      </label>
      <label className={`f ${p.unit ? 'set' : ''}`}>
        {t('cares.unit')}
        <select value={p.unit ?? ''} onChange={set('unit')}>
          <option value="">{t('cares.anyone')}</option>
          {answering.map(([id, name]) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <FindField value={p.q} label={t('cares.find')} />
      {any && (
        <button
          type="button"
          className="plain"
          onClick={() => narrow(view, { show: undefined, kind: undefined, unit: undefined, q: undefined, record: undefined })}
        >
          {t('cares.clear')}
        </button>
      )}
    </search>
  );
}
