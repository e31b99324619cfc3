import { useMemo, useState } from 'react';
import { areaLabel } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import { whoAnswers } from '../../model/responsibility.ts';
import { treeOf } from '../../model/world.ts';
import { useServer } from '../app-context.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { useText } from '../design/use-text.ts';
import { usePeople } from './people-list.tsx';

/** Whom an incident calls first; 三包 (who cares for residents, shops and organisations) and the rest come after them. */
const called = ['micro-worker', 'grid-worker', 'police', 'fire', 'doctor', 'lawyer', 'community-lead'];
const rankOf = (post: string) => {
  const k = called.indexOf(post);
  return k < 0 ? called.length : k;
};

/** 责任公示牌 of a place and, for a category of matter, its department: the nearest holder of each post, and posts nobody holds. Of a longer list `few` stand first, the rest on request. */
export function DutyBoard({ area, category, few }: { area: AreaCode | null; category?: string; few?: number }) {
  const { t, say } = useText();
  const duties = useServer((s) => s.world.duties);
  const areas = useServer((s) => s.world.areas);
  const centre = useServer((s) => s.world.centre);
  const fresh = useFreshness();
  const who = useMemo(() => whoAnswers({ duties, areas, centre }, area, category), [duties, areas, centre, area, category]);
  const list = useMemo(() => {
    const nearest = who.answers.filter((a, k) => who.answers.findIndex((b) => b.post === a.post) === k);
    const vacant = who.vacant.filter((v) => !nearest.some((a) => a.post === v.post)).map((v) => ({ ...v, person: '' }));
    return [...nearest, ...vacant].sort((a, b) => rankOf(a.post) - rankOf(b.post));
  }, [who]);
  const { people, refused } = usePeople(useMemo(() => list.map((d) => d.person).filter(Boolean), [list]));
  const [all, setAll] = useState(false);
  const shown = few === undefined || all ? list.length : few;
  const label = area ? areaLabel(treeOf({ areas }), area) : t('queue.outside');
  const whose = [label, who.department && t('dossier.whoDepartment', { name: say(who.department.name) })].filter(Boolean).join(' · ');
  const sub = (
    <>
      <span>{whose}</span>
      {few !== undefined && list.length > few && (
        <button type="button" className="plain fold" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('dossier.fewer') : t('dossier.allPosts', { n: list.length })}
        </button>
      )}
    </>
  );
  return (
    <Panel id="duty" title={t('dossier.who')} sub={sub} fresh={fresh}>
      {list.length === 0 ? (
        <p className="t3">{t('dossier.whoNone')}</p>
      ) : (
        <ul className="plate">
          {list.map((d, k) => {
            const person = people.get(d.person);
            return (
              <li key={`${d.post} ${d.person}`} className={k < shown ? '' : 'rest'}>
                <span>{t(`post.${d.post as 'police'}`, { defaultValue: d.post })}</span>
                <b>{d.person ? (person?.name ?? (refused ? t('dossier.needsAuth') : d.person)) : t('dossier.vacant')}</b>
                <em className="fig">{person?.telTail ? t('dossier.tel', { tail: person.telTail }) : '\u00a0'}</em>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
