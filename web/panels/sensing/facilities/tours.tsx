import { useEffect, useMemo } from 'react';
import type { Tour } from '../../../../model/facility.ts';
import type { FacilityFigures } from '../../../../model/facility-figures.ts';
import { tourLegs } from '../../../../model/tour-legs.ts';
import { useApp, useServer, useView } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import type { MapRoute } from '../../../map-contract.ts';
import { narrow } from '../../../store/view-store.ts';
import { readParams } from './use-facilities.ts';
import { useOpenText } from './words.tsx';

/** 示范环线: stops in order, each with what is so there now; the chosen one is drawn on the map. */
export function Tours({ figures, now }: { figures: ReadonlyMap<string, FacilityFigures>; now: number }) {
  const { t } = useText();
  const tours = useServer((s) => s.world.tours);
  const chosen = useView((s) => readParams(s.params).tour);
  if (tours.size === 0) return <p className="empty">{t('facilities.tours.none')}</p>;
  return (
    <div className="fc-tours">
      {[...tours.values()].map((tour) => (
        <TourCard key={tour.id} {...{ tour, figures, now }} on={chosen === tour.id} />
      ))}
    </div>
  );
}

function TourCard({ tour, figures, now, on }: { tour: Tour; figures: ReadonlyMap<string, FacilityFigures>; now: number; on: boolean }) {
  const { t, metres } = useText();
  const { view } = useApp();
  const openText = useOpenText();
  const legs = useMemo(() => tourLegs(tour), [tour]);
  const length = legs.reduce((sum, l) => sum + l.metres, 0);
  return (
    <section className="fc-tour" aria-label={tour.name}>
      <header>
        <h3>{tour.name}</h3>
        <span>{t('facilities.tours.stops', { n: tour.stops.length, length: metres(length) })}</span>
        <button type="button" aria-pressed={on} onClick={() => narrow(view, { tour: on ? undefined : tour.id })}>
          {t(on ? 'facilities.tours.offMap' : 'facilities.tours.onMap')}
        </button>
      </header>
      <ol>
        {tour.stops.map((stop, i) => {
          const f = stop.facility === undefined ? undefined : figures.get(stop.facility);
          const leg = legs[i];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a stop is its place in the order
            <li key={i}>
              <b className="fc-no">{i + 1}</b>
              <span>
                {f ? (
                  <button type="button" onClick={() => narrow(view, { show: undefined, fac: f.facility.id })}>
                    {stop.name}
                  </button>
                ) : (
                  stop.name
                )}
                {stop.note && <small>{stop.note}</small>}
              </span>
              <span>
                {f && (
                  <>
                    <i className={f.open ? 'fc-dot on' : 'fc-dot'} /> {openText(f, now)}
                  </>
                )}
                {f && f.alarms.length > 0 && <em className="fc-short"> {t('facilities.tours.alarms', { n: f.alarms.length })}</em>}
              </span>
              <small>{leg ? t('facilities.tours.leg', { length: metres(leg.metres) }) : t('facilities.tours.last')}</small>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What the tab has drawn on the map: the chosen tour with numbered stops, else the chosen facility. Ways go to the map through the view. */
export function useOnMap(tour: Tour | undefined, facility: FacilityFigures | undefined) {
  const { view } = useApp();
  const { metres, t } = useText();
  const place = facility?.facility;
  const note = place && t(`facilities.kind.${place.kind}`);
  const routes = useMemo((): MapRoute[] => {
    if (tour) {
      const legs = tourLegs(tour);
      return tour.stops.map((stop, i): MapRoute => {
        const leg = legs[i];
        return {
          id: `${tour.id} ${i}`,
          // the last stop of a tour that does not lead back has a place, but no way on
          path: leg && leg.path.length > 1 ? leg.path : [stop.lngLat, stop.lngLat],
          by: tour.path ? 'road' : 'straight',
          head: `${i + 1} ${stop.name}`,
          note: leg ? t('facilities.tours.leg', { length: metres(leg.metres) }) : t('facilities.tours.last'),
        };
      });
    }
    return place ? [{ id: place.id, path: [place.lngLat, place.lngLat], by: 'straight', head: place.name, note: note ?? '' }] : [];
  }, [tour, place, note, metres, t]);
  useEffect(() => {
    view.setState({ routes });
    return () => view.setState({ routes: [] });
  }, [view, routes]);
}
