import { useEffect, useState } from 'react';
import type { Entry } from '../../model/ledger.ts';
import { useApp } from '../app-context.ts';

const MOST = 200;

/** The ledger's entries about each of these subjects, ascending; null = not fetched yet, or none asked for. Asked again when `changes` is another. */
export function useEntries(subjects: readonly string[], changes: unknown) {
  const { commands } = useApp();
  const [lists, setLists] = useState<readonly (readonly Entry[])[] | null>(null);
  const [failed, setFailed] = useState(false);
  const asked = subjects.join('\n'); // ids hold no line breaks
  // biome-ignore lint/correctness/useExhaustiveDependencies: what has changed has new entries in the ledger
  useEffect(() => {
    if (asked === '') return;
    const stop = new AbortController();
    Promise.all(asked.split('\n').map((subject) => commands.ledger({ subject, limit: MOST }, stop.signal)))
      .then((found) => {
        setLists(found);
        setFailed(false);
      })
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [commands, asked, changes]);
  return { lists, failed };
}
