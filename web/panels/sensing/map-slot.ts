import { createContext, useContext, useEffect } from 'react';
import type { Incident } from '../../../model/incident.ts';
import type { LayerKey, MapShade, MapTracks } from '../../map-contract.ts';

/** What a tab of scene 感知 wants of the map beside it. `layers`: shown or not while the tab is open, whatever the wall shows. */
export interface MapAsk {
  readonly layers?: Partial<Record<LayerKey, boolean>>;
  /** what to mark instead of all open incidents */
  readonly incidents?: ReadonlyMap<string, Incident>;
  /** places coloured by a measure */
  readonly shade?: MapShade;
  /** units whose ways are drawn when those of all are wanted */
  readonly trailUnits?: readonly string[];
  readonly tracks?: MapTracks;
}
export const MapSlot = createContext<(ask: MapAsk | null) => void>(() => {});

/** The page's map beside this tab, for as long as the tab is shown. What is no list of layers is the same object while nothing changes. */
export function useMapBeside(ask: MapAsk | null) {
  const set = useContext(MapSlot);
  const key = JSON.stringify(ask?.layers ?? null);
  const { incidents, shade, trailUnits, tracks } = ask ?? {};
  const wanted = ask !== null;
  useEffect(() => {
    const layers = JSON.parse(key) as MapAsk['layers'] | null;
    set(
      wanted
        ? {
            ...(layers && { layers }),
            ...(incidents && { incidents }),
            ...(shade && { shade }),
            ...(trailUnits && { trailUnits }),
            ...(tracks && { tracks }),
          }
        : null,
    );
    return () => set(null);
  }, [set, wanted, key, incidents, shade, trailUnits, tracks]);
}
