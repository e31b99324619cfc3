import './clip.css';
import { useState } from 'react';
import { may } from '../../../model/access.ts';
import { areaLabel } from '../../../model/area.ts';
import { type AreaCode, areaCode } from '../../../model/brand.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { refusalOf } from '../../http.ts';
import { localMs, localText } from '../patrol/tracks/asked.ts';
import { Sheet } from '../sheet.tsx';
import { clipBytes, saveAs, sizeText } from './clip-file.ts';

/** Without a time given, so much before and after the moment shown, ms. */
const AROUND_MS = 30 * 60_000;
const MOST_MS = 24 * 3_600_000;
const maskedOf = ['people', 'texts', 'units', 'homes', 'outside'] as const;
type Made =
  | { readonly state: 'idle' | 'making' }
  | { readonly state: 'done'; readonly name: string; readonly bytes: number }
  | { readonly state: 'failed'; readonly rule: string };

/** 导出片段: time, place and form of an after-action clip, what is not in it, and what came of it. */
export function ClipSheet({ from: given, to: until }: { from?: number; to?: number }) {
  const { t } = useText();
  const { clock, live } = useApp();
  const world = useServer((s) => s.world);
  const actor = useServer((s) => s.actor);
  const shownArea = useView((s) => s.area);
  const tree = treeOf(world);
  const offset = world.centre?.utcOffsetMinutes ?? 0;
  const [[from, to], setSpan] = useState<readonly [number, number]>(() => {
    const real = live.clock.shown();
    const moment = clock.shown();
    return [given ?? moment - AROUND_MS, Math.min(real, until ?? moment + AROUND_MS)];
  });
  const own = actor && tree.byCode.has(actor.area) ? actor.area : (tree.root?.code ?? null);
  const [area, setArea] = useState<AreaCode | null>(shownArea && tree.byCode.has(shownArea) ? shownArea : own);
  const [format, setFormat] = useState<'html' | 'json'>('html');
  const [made, setMade] = useState<Made>({ state: 'idle' });
  const places = [...world.areas.values()].filter((a) => a.level === 'street' || a.level === 'community' || a.code === area);
  const verdict = actor && area ? may(actor, 'export-history', area, tree) : null;
  const wrong = to <= from ? t('clip.bad') : to - from > MOST_MS ? t('clip.tooLong') : null;

  async function make() {
    if (area === null) return;
    setMade({ state: 'making' });
    try {
      const query = new URLSearchParams({ from: String(from), to: String(to), area, format });
      const answer = await fetch(`/api/v1/film/clip?${query}`);
      if (!answer.ok) return setMade({ state: 'failed', rule: (await refusalOf(answer)).rule });
      const { name, bytes } = await saveAs(answer, `clip.${format}`);
      setMade({ state: 'done', name, bytes });
    } catch (e) {
      setMade({ state: 'failed', rule: e instanceof Error ? e.message : String(e) });
    }
  }

  return (
    <Sheet title={t('clip.title')} sub={t('clip.most')} className="cp">
      <p>{t('clip.intro')}</p>
      <div className="cp-fields">
        {(
          [
            ['from', from],
            ['to', to],
          ] as const
        ).map(([end, ms]) => (
          <label className="f" key={end}>
            {t(`clip.${end}`)}
            <input
              type="datetime-local"
              value={localText(ms, offset)}
              onChange={(e) => {
                const next = localMs(e.target.value, offset);
                if (next !== null) setSpan(end === 'from' ? [next, to] : [from, Math.min(next, live.clock.shown())]);
              }}
            />
          </label>
        ))}
        <label className="f">
          {t('clip.area')}
          <select value={area ?? ''} onChange={(e) => setArea(areaCode(e.target.value))}>
            {places.map((a) => (
              <option key={a.code} value={a.code}>
                {areaLabel(tree, a.code)}
              </option>
            ))}
          </select>
        </label>
        <label className="f">
          {t('clip.format')}
          <select value={format} onChange={(e) => setFormat(e.target.value === 'json' ? 'json' : 'html')}>
            <option value="html">{t('clip.html')}</option>
            <option value="json">{t('clip.json')}</option>
          </select>
        </label>
      </div>
      <h3>{t('clip.masked')}</h3>
      <ul className="cp-masked">
        {maskedOf.map((key) => (
          <li key={key}>{t(`clip.maskedList.${key}`)}</li>
        ))}
      </ul>
      <p className="t3">{t('clip.audited')}</p>
      {wrong && <p role="alert">{wrong}</p>}
      {verdict && !verdict.ok && <p role="alert">{t('clip.denied', { rule: verdict.rule })}</p>}
      <p className="cp-act">
        <button
          type="button"
          className="cp-make"
          disabled={wrong !== null || !verdict?.ok || made.state === 'making'}
          onClick={() => void make()}
        >
          {t(made.state === 'making' ? 'clip.making' : 'clip.make')}
        </button>
        <span className="t3">
          {t('clip.estimate', {
            size: sizeText(clipBytes({ ms: to - from, units: world.units.size, share: shareOf(world.areas.size, area ? below(area) : 0) })),
          })}
        </span>
      </p>
      <p aria-live="polite">
        {made.state === 'done' && t('clip.done', { name: made.name, size: sizeText(made.bytes) })}
        {made.state === 'failed' && t('clip.failed', { rule: made.rule })}
      </p>
    </Sheet>
  );

  function below(code: AreaCode): number {
    return tree.children(code).reduce((n, child) => n + below(child.code), 1);
  }
}
const shareOf = (all: number, some: number) => (all > 0 ? some / all : 1);
