import { useEffect, useState } from 'react';
import type { Incident } from '../../../model/incident.ts';
import { incidentOf } from '../../../model/world.ts';
import { useApp, useServer } from '../../app-context.ts';

/** An incident by id ('' = none): from the world while it is held there, else fetched once. `missing`: the server knows none of this id. */
export function useIncident(id: string): { readonly incident: Incident | undefined; readonly missing: boolean } {
  const { commands } = useApp();
  const held = useServer((s) => incidentOf(s.world, id));
  const loaded = useServer((s) => s.loaded);
  const [past, setPast] = useState<{ id: string; incident: Incident | null } | null>(null);
  const wanted = loaded && id !== '' && !held;
  useEffect(() => {
    if (!wanted) return;
    const stop = new AbortController();
    commands
      .incident(id, stop.signal)
      .then((incident) => setPast({ id, incident }))
      .catch(() => stop.signal.aborted || setPast({ id, incident: null }));
    return () => stop.abort();
  }, [commands, id, wanted]);
  const own = past?.id === id ? past : null;
  return { incident: held ?? own?.incident ?? undefined, missing: own !== null && own.incident === null };
}
