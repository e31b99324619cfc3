import 'maplibre-gl/dist/maplibre-gl.css';
import './map.css';
import { GPUInitializationError } from 'maplibre-gl';
import { useEffect, useRef, useState } from 'react';
import type { MapViewProps } from '../map-contract.ts';
import { MapScene } from './scene.ts';
import { words } from './words.ts';

const noWebGl = Symbol('no WebGL 2');

/**
 * The map. React mounts it once and hands on props; what moves or ticks never passes through here. The root carries
 * `data-map-state`: `loading`, `idle` (everything is drawn) or `error` (with `data-map-error`); `data-shaded`: places coloured by a measure,
 * `data-stretches`: stretches of way drawn behind units. A map that cannot be drawn says why in its place.
 */
export function MapView(props: MapViewProps) {
  const root = useRef<HTMLDivElement>(null);
  const scene = useRef<MapScene | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const [failure, setFailure] = useState<string | typeof noWebGl | null>(null);

  useEffect(() => {
    const element = root.current;
    if (!element) return;
    try {
      scene.current = new MapScene(element, latest.current, setFailure);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      element.replaceChildren();
      element.dataset.mapState = 'error';
      element.dataset.mapError = reason;
      setFailure(error instanceof GPUInitializationError ? noWebGl : reason);
    }
    return () => {
      scene.current?.remove();
      scene.current = null;
    };
  }, []);

  useEffect(() => {
    scene.current?.update(props);
  });

  const w = words(props.language);
  return (
    <>
      <div ref={root} className="map-root" role="application" aria-label={w.map} data-map-state="loading" />
      {failure !== null && (
        <p className="map-failed" role="status">
          {failure === noWebGl ? w.noWebGl : w.failed(failure)}
        </p>
      )}
    </>
  );
}
