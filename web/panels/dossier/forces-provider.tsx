import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { distanceM } from '../../../geo/distance.ts';
import type { LngLat } from '../../../model/brand.ts';
import { type Candidate, rankCandidates, type Sighting, shortlist, type Way } from '../../../model/candidates.ts';
import { STATUS_ONLINE } from '../../../model/frame.ts';
import { type Incident, isOpen } from '../../../model/incident.ts';
import type { World } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { duration } from '../../design/format.ts';
import { useText } from '../../design/use-text.ts';
import type { MapRoute } from '../../map-contract.ts';
import { useNowEvery } from '../../store/clock.ts';
import type { LatestStore } from '../../store/latest.ts';
import { type Forces, ForcesContext } from './forces-context.ts';

/** How often the list is asked for again while the dossier is open, ms. */
const AGAIN_MS = 15_000;

/** The list by straight lines, for as long as the server gives none. */
export function straightCandidates(world: World, latest: LatestStore, i: Incident, now: number): Candidate[] {
  const seen = new Map<string, Sighting>();
  for (const u of world.units.values()) {
    const at = latest.at[u.ix] ?? 0;
    if (at === 0) continue;
    const lngLat: LngLat = [(latest.lng[u.ix] as number) / 1e7, (latest.lat[u.ix] as number) / 1e7];
    seen.set(u.id, { lngLat, at, online: ((latest.status[u.ix] ?? 0) & STATUS_ONLINE) !== 0 });
  }
  const ways = new Map<string, Way>(
    shortlist(world, i, seen, now).map((u) => {
      const from = seen.get(u.id)!.lngLat;
      return [u.id, { metres: distanceM(from, i.lngLat), by: 'straight', path: [from, i.lngLat] }];
    }),
  );
  return rankCandidates(world, i, seen, ways, now);
}

/** Those on their way, and before a dispatch whoever would be sent. */
export function routesOf(
  i: Incident,
  forces: Pick<Forces, 'candidates' | 'chosen'>,
  words: (c: Candidate) => Pick<MapRoute, 'head' | 'note'>,
): MapRoute[] {
  if (!isOpen(i) || i.state === 'handled' || i.state === 'verified' || i.state === 'suspended') return [];
  const coming = new Set(i.crew.filter((c) => c.arrivedAt === null).map((c) => c.unit));
  if (i.crew.length === 0 && forces.chosen) coming.add(forces.chosen.unit);
  return forces.candidates
    .filter((c) => coming.has(c.unit) && c.path.length > 1)
    .map((c) => ({ id: c.unit, path: c.path, by: c.by, ...words(c) }));
}

/**
 * Fetches who should go, keeps the visitor's pick, and puts the ways on the map. Without an incident it provides nothing, so that a
 * page can keep it in one place while incidents are chosen and left.
 */
export function ForcesProvider({ incident, children }: { incident: Incident | undefined; children: ReactNode }) {
  const forces = useForcesOf(incident);
  useRoutes(incident, forces);
  return <ForcesContext.Provider value={forces}>{children}</ForcesContext.Provider>;
}

function useForcesOf(i: Incident | undefined): Forces | null {
  const { commands, latest } = useApp();
  const world = useServer((s) => s.world);
  const id = i && isOpen(i) ? i.id : null;
  const turn = useNowEvery(AGAIN_MS);
  const [listed, setListed] = useState<{ incident: string; at: number; candidates: readonly Candidate[] } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [picked, setPicked] = useState<{ incident: string; unit: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again at every turn and whenever somebody is sent or comes
  useEffect(() => {
    if (id === null) return;
    const stop = new AbortController();
    commands
      .candidates(id, stop.signal)
      .then((list) => {
        setListed({ incident: id, ...list });
        setFailed(null);
      })
      .catch(() => stop.signal.aborted || setFailed(id));
    return () => stop.abort();
  }, [commands, id, turn, i?.crew]);
  const own = listed?.incident === id ? listed : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: by straight lines every turn is often enough
  const straight = useMemo(
    () => (i && id !== null && failed === id && !own ? straightCandidates(world, latest, i, turn) : []),
    [id, failed, own, i, turn],
  );
  return useMemo<Forces | null>(() => {
    if (!i) return null;
    const candidates = own ? own.candidates : straight;
    const free = candidates.filter((c) => !i.crew.some((m) => m.unit === c.unit));
    const unit = picked?.incident === i.id ? picked.unit : null;
    const first = free[0];
    return {
      incident: i.id,
      candidates,
      by: own || failed !== i.id ? 'road' : 'straight',
      at: own?.at ?? turn,
      first,
      chosen: free.find((c) => c.unit === unit) ?? first,
      pick: (next) => setPicked({ incident: i.id, unit: next }),
    };
  }, [own, straight, failed, picked, i, turn]);
}

/** The ways go to the map through the view: panels and map do not know each other. */
function useRoutes(i: Incident | undefined, forces: Forces | null) {
  const { view } = useApp();
  const { t, metres, language } = useText();
  const hovered = useView((s) => (s.hover?.kind === 'unit' ? s.hover.id : null));
  useEffect(() => {
    if (!i || !forces) return;
    const looked = forces.candidates.find((c) => c.unit === hovered);
    const shown = i.crew.length === 0 && looked ? { ...forces, chosen: looked } : forces;
    const routes = routesOf(i, shown, (c) => ({
      head: `${language === 'zh' ? t(`roleMark.${c.role}`) : t(`roles.${c.role}`)} ${c.name}`,
      note: c.by === 'road' ? `${duration(c.minutes * 60_000)}  ${metres(c.metres)}` : `${t('dossier.straight')} ${metres(c.metres)}`,
    }));
    view.setState({ routes });
  }, [forces, i, hovered, language, t, metres, view]);
  const chosen = i?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ways of one incident are no ways to the next
  useEffect(() => () => view.setState({ routes: [] }), [view, chosen]);
}
