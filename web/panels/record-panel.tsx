import { type ReactNode, useState } from 'react';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { useText } from '../design/use-text.ts';

export interface RecordRow {
  readonly key: string;
  /** epoch ms */
  readonly at: number;
  readonly who: string;
  readonly what: ReactNode;
  readonly said: string;
  /** kind of the entry it tells of */
  readonly kind?: string;
}

/** A record of what happened, newest first: some rows, all of them when asked for and on paper. */
export function RecordPanel(p: {
  readonly id: string;
  readonly title: string;
  /** how many there are, or that they could not be had */
  readonly count: string;
  readonly rows: readonly RecordRow[];
  readonly few: number;
  readonly children?: ReactNode;
}) {
  const { t, at } = useText();
  const fresh = useFreshness();
  const [all, setAll] = useState(false);
  const today = at(p.rows[0]?.at ?? 0).date;
  return (
    <Panel
      id={p.id}
      title={p.title}
      sub={
        <>
          <span>{p.count}</span>
          {p.rows.length > p.few && (
            <button type="button" className="plain fold" aria-expanded={all} onClick={() => setAll(!all)}>
              {t(all ? 'dossier.fewer' : 'dossier.all')}
            </button>
          )}
        </>
      }
      fresh={fresh}
    >
      {p.children}
      <ul className={`log ${all ? 'all' : ''}`}>
        {p.rows.map((r, k) => (
          <li key={r.key} className={k >= p.few ? 'rest' : ''} data-kind={r.kind}>
            <span className="fig">{at(r.at).date === today ? at(r.at).hms : `${at(r.at).date} ${at(r.at).hm}`}</span>
            <b title={r.who}>{r.who}</b>
            <span>
              {r.what}
              {r.said && <q>{r.said}</q>}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
