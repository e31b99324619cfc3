import { useEffect, useState } from 'react';
import type { Incident } from '../../../model/incident.ts';
import { incidentOf } from '../../../model/world.ts';
import { useApp, useServer } from '../../app-context.ts';
import type { Similar as Found } from '../../commands.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useReasons } from './reasons.ts';
import { useSteps } from './rights.ts';

/** 疑似重复, with the reasons, and what has been merged into this one. */
export function Similar({ incident: i, onMerge }: { incident: Incident; onMerge: (into: string) => void }) {
  const { t, metres } = useText();
  const { commands, view } = useApp();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  const reasons = useReasons();
  const merges = useSteps(i).includes('merge');
  const [found, setFound] = useState<readonly Found[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is similar depends on where, what and when, not on later steps
  useEffect(() => {
    if (!merges) return setFound([]);
    const stop = new AbortController();
    commands
      .similar({ lngLat: i.lngLat, category: i.category, title: i.title, at: i.at, except: i.id }, stop.signal)
      .then(setFound)
      .catch(() => stop.signal.aborted || setFound([]));
    return () => stop.abort();
  }, [commands, i.id, merges]);
  if (found.length === 0 && i.merged.length === 0) return null;
  const open = (id: string) => view.setState({ selection: { kind: 'incident', id } });
  return (
    <Panel
      id="similar"
      title={t('similar.title')}
      n={found.length}
      sub={i.merged.length ? t('similar.merged', { n: i.merged.length }) : t('similar.sub')}
      fresh={fresh}
    >
      <ul className="sim">
        {found.slice(0, 4).map((f) => (
          <li key={f.incident}>
            <button type="button" className="plain name" onClick={() => open(f.incident)}>
              {f.title}
            </button>
            <span>
              {f.reasons.length > 0 ? reasons(f.reasons) : t('similar.apart', { metres: metres(f.metres), minutes: Math.round(f.minutes) })}
            </span>
            <button
              type="button"
              className="small"
              aria-label={t('similar.mergeOf', { title: f.title })}
              onClick={() => onMerge(f.incident)}
            >
              {t('similar.merge')}
            </button>
          </li>
        ))}
        {i.merged.map((id) => (
          <li key={id}>
            <button type="button" className="plain name" onClick={() => open(id)}>
              {incidentOf(world, id)?.title ?? id}
            </button>
            <span>{t('state.merged')}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
