import { useEffect, useRef, useState } from 'react';
import { areaLabel } from '../../model/area.ts';
import type { LngLat } from '../../model/brand.ts';
import type { Responsibility } from '../../model/responsibility.ts';
import { treeOf } from '../../model/world.ts';
import { heldBy, useApp, useServer, useStop } from '../app-context.ts';
import { useText } from '../design/use-text.ts';
import { PeopleList } from './people-list.tsx';

/** 此处由谁负责: a small card beside a point of the map, with the way to report something there. `screen`: px within the map. */
export function AskCard({ at, screen, onClose }: { at: LngLat; screen: readonly [number, number]; onClose: () => void }) {
  const { t, say } = useText();
  const { commands, view } = useApp();
  const stop = useStop();
  const world = useServer((s) => s.world);
  const [who, setWho] = useState<Responsibility | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const stop = new AbortController();
    commands
      .who(at, undefined, stop.signal)
      .then(setWho)
      .catch((e: unknown) => stop.signal.aborted || setFailed(e instanceof Error ? e.message : String(e)));
    return () => stop.abort();
  }, [commands, at]);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    return () => before?.focus?.();
  }, []);
  // beside the point where there is room, else on its other side
  useEffect(() => {
    const el = box.current;
    const room = el?.parentElement?.getBoundingClientRect();
    if (!el || !room) return;
    const x = screen[0] + 12 + el.offsetWidth > room.width ? screen[0] - 12 - el.offsetWidth : screen[0] + 12;
    el.style.left = `${Math.max(8, Math.min(x, room.width - el.offsetWidth - 8))}px`;
    el.style.top = `${Math.max(8, Math.min(screen[1], room.height - el.offsetHeight - 8))}px`;
  });
  const leaf = who?.path.at(-1);
  return (
    <div
      ref={box}
      className="ask"
      role="dialog"
      aria-label={t('ask.title')}
      tabIndex={-1}
      data-map-keepout
      onKeyDown={(e) => {
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        onClose();
      }}
    >
      <div className="askh">
        <b>{leaf ? areaLabel(treeOf(world), leaf.code) : who ? t('queue.outside') : t('ask.title')}</b>
        <button type="button" className="plain" onClick={onClose}>
          {t('sources.close')}
        </button>
      </div>
      {who && who.path.length > 0 && <p className="t3">{who.path.map((a) => a.name).join(' / ')}</p>}
      {failed && <p className="t3">{t('ask.failed', { rule: failed })}</p>}
      {!who && !failed && <p className="t3">{t('loading')}</p>}
      {who && who.answers.length === 0 && <p className="t3">{t('dossier.whoNone')}</p>}
      {who && <PeopleList answers={who.answers} />}
      {who?.department && <p className="t2">{t('ask.department', { name: say(who.department.name) })}</p>}
      <p className="fig t3">
        {at[0].toFixed(5)}, {at[1].toFixed(5)}
      </p>
      <button
        type="button"
        className="go"
        {...heldBy(stop)}
        onClick={() => {
          view.setState({ intake: { lngLat: at } });
          onClose();
        }}
      >
        {t('ask.report')}
      </button>
    </div>
  );
}
