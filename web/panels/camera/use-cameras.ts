import { useEffect, useState } from 'react';
import { useMoment } from '../../app-context.ts';
import { type CameraList, type CameraRow, fetchCameras } from '../../cameras-api.ts';

/** How often states of cameras are asked for, ms: they change rarely, and a camera that is gone shows when it is looked through. */
export const CAMERAS_MS = 30_000;

export interface Cameras {
  readonly list: CameraList | null;
  readonly byId: ReadonlyMap<string, CameraRow>;
  readonly failed: string | null;
}
const none: Cameras = { list: null, byId: new Map(), failed: null };

/** The catalogue with its states, asked for again while `active`, and for each moment of the past that is shown. What was last heard stays when an answer fails. */
export function useCameras(active = true): Cameras {
  const [cameras, setCameras] = useState(none);
  const moment = useMoment(CAMERAS_MS);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another moment has another answer
  useEffect(() => {
    if (!active) return;
    const gone = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    async function ask() {
      try {
        const list = await fetchCameras(gone.signal);
        setCameras({ list, byId: new Map(list.cameras.map((c) => [c.id, c])), failed: null });
      } catch (error) {
        if (!gone.signal.aborted) setCameras((c) => ({ ...c, failed: error instanceof Error ? error.message : String(error) }));
      }
      if (!gone.signal.aborted) timer = setTimeout(() => void ask(), CAMERAS_MS);
    }
    void ask();
    return () => {
      gone.abort();
      clearTimeout(timer);
    };
  }, [active, moment]);
  return cameras;
}
