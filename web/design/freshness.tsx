import type { ReactNode } from 'react';
import { useServer } from '../app-context.ts';
import { useHeardAt, useRealNow } from '../store/clock.ts';
import { isCut } from '../store/server-store.ts';
import { useText } from './use-text.ts';

/** 更新周期, ms: how often each lane is expected to bring news. After three of them a panel is stale. */
export const PERIOD = { ledger: 5000, positions: 10_000, readings: 60_000 } as const;

export interface Freshness {
  readonly at: number;
  readonly ageMs: number;
  readonly stale: boolean;
  readonly cut: boolean;
}

/** `dataAt` epoch ms by the server's clock; leave it out for what the ledger stream itself brings. */
export function useFreshness(dataAt?: number, periodMs: number = PERIOD.ledger): Freshness {
  const now = useRealNow();
  const heardAt = useHeardAt();
  const cut = useServer(isCut);
  const at = dataAt ?? heardAt;
  const ageMs = Math.max(0, now - at);
  return { at, ageMs, stale: at > 0 && (cut || ageMs > 3 * periodMs), cut };
}

/** 数据龄, top right of every panel. */
export function Age({ of }: { of: Freshness }) {
  const { t, ago, span, at } = useText();
  if (of.at === 0) return <span className="age late">{t('age.none')}</span>;
  if (of.cut) return <span className="age late">{t('age.at', { at: at(of.at).hms })}</span>;
  return (
    <span className={of.stale ? 'age late' : 'age'}>
      <i />
      {of.stale ? t('age.late', { age: span(of.ageMs) }) : ago(of.ageMs)}
    </span>
  );
}

/** A panel: a short thick rule, a title, how many, how old. */
export function Panel(props: {
  id: string;
  title: string;
  n?: ReactNode;
  sub?: ReactNode;
  fresh: Freshness;
  className?: string;
  children: ReactNode;
}) {
  return (
    <section className={`panel ${props.className ?? ''} ${props.fresh.stale ? 'stale' : ''}`} aria-labelledby={`${props.id}-title`}>
      <div className="ph">
        <h2 id={`${props.id}-title`}>{props.title}</h2>
        {props.n !== undefined && <span className="n">{props.n}</span>}
        {props.sub !== undefined && <span className="sub">{props.sub}</span>}
        <Age of={props.fresh} />
      </div>
      {props.children}
    </section>
  );
}
