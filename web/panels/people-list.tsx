import { useEffect, useMemo, useState } from 'react';
import type { Answerer } from '../../model/responsibility.ts';
import { useApp } from '../app-context.ts';
import type { Person } from '../commands.ts';
import { useText } from '../design/use-text.ts';

/** Names of staff from the vault, asked for when they are looked at and never streamed. `refused`: this visitor may not read them. */
export function usePeople(ids: readonly string[]): { readonly people: ReadonlyMap<string, Person>; readonly refused: boolean } {
  const { commands } = useApp();
  const wanted = [...new Set(ids)].sort().join(',');
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
  return { people, refused };
}

/** Post, name and the end of the telephone number, one a row. */
export function PeopleList({ answers }: { answers: readonly Answerer[] }) {
  const { t } = useText();
  const { people, refused } = usePeople(useMemo(() => answers.map((a) => a.person), [answers]));
  return (
    <ul className="posts">
      {answers.map((a) => {
        const person = people.get(a.person);
        return (
          <li key={`${a.post} ${a.person}`}>
            <span>{t(`post.${a.post}`, { defaultValue: a.post })}</span>
            <b>{person?.name ?? (refused ? t('dossier.needsAuth') : a.person)}</b>
            <em className="fig">{person?.telTail ? t('dossier.tel', { tail: person.telTail }) : ''}</em>
          </li>
        );
      })}
    </ul>
  );
}
