import './facilities/facilities.css';
import { useEffect, useState } from 'react';
import { facilityKinds, serviceTabs } from '../../../model/facility.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { FacilityList } from './facilities/list.tsx';
import { TabMatrix } from './facilities/matrix.tsx';
import { Tours, useOnMap } from './facilities/tours.tsx';
import { readParams, shows, useCounted, useFacilities } from './facilities/use-facilities.ts';
import { useMapBeside } from './map-slot.ts';

const layers = { layers: { incidents: false, units: false, cameras: false } } as const;

/** 感知 · 设施: what is open, up and taken now, what has changed about each, and the tours past them. */
export function FacilitiesTab() {
  const { t } = useText();
  const { latest } = useApp();
  const { figures, now, registered } = useFacilities();
  const counted = useCounted();
  const tours = useServer((s) => s.world.tours);
  const params = readParams(useView((s) => s.params));
  const fresh = useFreshness(latest.frameAt, PERIOD.readings);
  useMapBeside(params.show === 'matrix' ? null : layers);
  const byId = new Map(figures.map((f) => [f.facility.id, f]));
  const chosen = params.show === 'list' && params.chosen !== undefined ? byId.get(params.chosen) : undefined;
  useOnMap(params.show === 'tours' && params.tour !== undefined ? tours.get(params.tour) : undefined, chosen);
  const down = figures.flatMap((f) => f.offers).filter((o) => o.machine?.up === false).length;
  const open = figures.filter((f) => f.open).length;
  const alarms = figures.filter((f) => f.alarms.length > 0).length;
  return (
    <Panel
      id="facilities"
      className="fc"
      title={t('facilities.title')}
      n={figures.length}
      sub={t('facilities.sub', { open, down, alarms })}
      fresh={fresh}
    >
      <Filters />
      {registered === 0 ? (
        <p className="empty">{t('facilities.none')}</p>
      ) : params.show === 'tours' ? (
        <Tours figures={byId} now={now} />
      ) : figures.length === 0 ? (
        <p className="empty">{t('facilities.nothing')}</p>
      ) : params.show === 'matrix' ? (
        <TabMatrix figures={figures} now={now} />
      ) : (
        <FacilityList figures={figures} counted={counted} now={now} />
      )}
    </Panel>
  );
}

function Filters() {
  const { t } = useText();
  const { view } = useApp();
  const p = readParams(useView((s) => s.params));
  return (
    <search className="fc-filters" aria-label={t('facilities.filter.label')}>
      <fieldset className="fc-switch">
        <legend className="sr">{t('facilities.show.label')}</legend>
        {shows.map((s) => (
          <button type="button" key={s} aria-pressed={s === p.show} onClick={() => narrow(view, { show: s === 'list' ? undefined : s })}>
            {t(`facilities.show.${s}`)}
          </button>
        ))}
      </fieldset>
      {p.show !== 'tours' && (
        <>
          <label className={p.kind ? 'set' : ''}>
            {t('facilities.filter.kind')}
            <select value={p.kind ?? ''} onChange={(e) => narrow(view, { fkind: e.target.value })}>
              <option value="">{t('facilities.filter.all')}</option>
              {facilityKinds.map((k) => (
                <option key={k} value={k}>
                  {t(`facilities.kind.${k}`)}
                </option>
              ))}
            </select>
          </label>
          <label className={p.tab ? 'set' : ''}>
            {t('facilities.filter.tab')}
            <select value={p.tab ?? ''} onChange={(e) => narrow(view, { ftab: e.target.value })}>
              <option value="">{t('facilities.filter.all')}</option>
              {serviceTabs.map((s) => (
                <option key={s} value={s}>
                  {t(`facilities.tab.${s}`)}
                </option>
              ))}
            </select>
          </label>
          <button
            type="button"
            className="fc-toggle"
            aria-pressed={p.open}
            onClick={() => narrow(view, { open: p.open ? undefined : 'now' })}
          >
            {t('facilities.filter.open')}
          </button>
          <TextFilter value={p.q} />
        </>
      )}
    </search>
  );
}

/** Text waits for a pause in typing, so that each letter is no step of its own in the history. */
function TextFilter({ value }: { value: string }) {
  const { t } = useText();
  const { view } = useApp();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => narrow(view, { fq: text.trim() }), 350);
    return () => clearTimeout(timer);
  }, [text, value, view]);
  return (
    <label className={value ? 'set' : ''}>
      {t('facilities.filter.q')}
      <input type="search" value={text} maxLength={60} onChange={(e) => setText(e.target.value)} />
    </label>
  );
}
