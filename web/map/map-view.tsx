import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import { useEffect, useRef } from 'react';
import type { MapViewProps } from '../map-contract.ts';
import { MapScene } from './scene.ts';
import { words } from './words.ts';

/**
 * The map. React mounts it once and hands on props; what moves or ticks never passes through here. The root carries
 * `data-map-state`: `loading`, `idle` (everything is drawn) or `error` (with `data-map-error`); `data-shaded`: places coloured by a measure,
 * `data-stretches`: stretches of way drawn behind units.
 */
export function MapView(props: MapViewProps) {
  const root = useRef<HTMLDivElement>(null);
  const scene = useRef<MapScene | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = root.current;
    if (!element) return;
    try {
      scene.current = new MapScene(element, latest.current);
    } catch (error) {
      element.dataset.mapState = 'error';
      element.dataset.mapError = error instanceof Error ? error.message : String(error);
    }
    return () => {
      scene.current?.remove();
      scene.current = null;
    };
  }, []);

  useEffect(() => {
    scene.current?.update(props);
  });

  return <div ref={root} className="map-root" role="application" aria-label={words(props.language).map} data-map-state="loading" />;
}
