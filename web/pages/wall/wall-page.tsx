import { Suspense } from 'react';
import { MapPanel } from './map-panel.tsx';

export function WallPage() {
  return (
    <Suspense fallback={null}>
      <MapPanel />
    </Suspense>
  );
}
