import { buildLocator, type Locator } from '../../geo/locate.ts';
import type { PlacesData } from '../map-contract.ts';

const locators = new WeakMap<PlacesData, Locator>();

/** Which leaf area holds a point, by the same rule as on the server; made once for each version of the boundaries. */
export function locatorOf(places: PlacesData): Locator {
  let locator = locators.get(places);
  if (!locator) {
    locator = buildLocator(
      places.boundaries.features.map((f) => ({ code: f.properties.code, parent: f.properties.parent, geometry: f.geometry })),
    );
    locators.set(places, locator);
  }
  return locator;
}
