import { useEffect, useMemo, useState } from 'react';
import { areaLabel } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import { treeOf, type World } from '../../model/world.ts';
import { useApp, useServer } from '../app-context.ts';
import type { Person } from '../commands.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { useText } from '../design/use-text.ts';

const posts = ['micro-worker', 'grid-worker', 'police', 'fire', 'lawyer', 'doctor', 'community-lead'] as const;
type Post = (typeof posts)[number];

/** Who answers for a place, post by post: the place's own duty first, else that of the nearest place above it. */
export function dutiesOf(world: World, area: AreaCode): { post: Post; person: string; area: AreaCode }[] {
  const upwards = [...treeOf(world).path(area)].reverse();
  return posts.flatMap((post) => {
    const at = upwards.find((a) => world.duties.has(`${a.code} ${post}`));
    const person = at && world.duties.get(`${at.code} ${post}`);
    return at && person ? [{ post, person, area: at.code }] : [];
  });
}

/** 责任公示牌. Names come from the vault when asked for, and are never streamed. */
export function DutyBoard({ area }: { area: AreaCode | null }) {
  const { t } = useText();
  const { commands } = useApp();
  const duties = useServer((s) => s.world.duties);
  const areas = useServer((s) => s.world.areas);
  const fresh = useFreshness();
  const list = useMemo(() => (area ? dutiesOf({ duties, areas } as World, area).slice(0, 5) : []), [duties, areas, area]);
  const wanted = list.map((d) => d.person).join(',');
  const [people, setPeople] = useState<ReadonlyMap<string, Person>>(new Map());
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    commands
      .people(wanted ? wanted.split(',') : [], stop.signal)
      .then((found) => {
        setPeople(found);
        setRefused(false);
      })
      .catch(() => stop.signal.aborted || setRefused(true));
    return () => stop.abort();
  }, [commands, wanted]);
  const label = area ? areaLabel(treeOf({ areas }), area) : t('queue.outside');
  return (
    <Panel id="duty" title={t('dossier.who')} sub={label} fresh={fresh}>
      {list.length === 0 ? (
        <p className="t3">{t('dossier.whoNone')}</p>
      ) : (
        <ul className="plate">
          {list.map((d) => {
            const person = people.get(d.person);
            return (
              <li key={d.post}>
                <span>{t(`post.${d.post}`)}</span>
                <b>{person?.name ?? (refused ? t('dossier.needsAuth') : d.person)}</b>
                <em className="fig">{person?.telTail ? t('dossier.tel', { tail: person.telTail }) : '\u00a0'}</em>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
