import { useEffect, useState } from 'react';
import type { SavedView, SavedViews } from '../../../model/incident-list.ts';
import { formatIncidentQuery } from '../../../model/incident-query.ts';
import { heldBy, useApp, useStop, useView } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { fetchViews, incidentsCsv, removeView, saveView } from '../../incidents-api.ts';
import { parseAddress } from '../../store/address.ts';
import { ask } from '../../store/view-store.ts';
import { SaveLink } from '../save-link.tsx';

/** 常用视图: a query kept under a name, opened as a link would open it; and the same list as a file. */
export function ViewPicker() {
  const { t } = useText();
  const { view } = useApp();
  const query = useView((s) => s.query);
  const stop = useStop();
  const [views, setViews] = useState<readonly SavedView[]>([]);
  const [naming, setNaming] = useState<string | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    fetchViews(stop.signal)
      .then((a) => setViews(a.views))
      .catch(() => {
        // no views are no reason to hide the list; saving says what is wrong
      });
    return () => stop.abort();
  }, []);
  const now = formatIncidentQuery(query).toString();
  const current = views.find((v) => v.query === now)?.name;
  const change = async (answer: Promise<SavedViews>, done: string, failed: (rule: string) => string) => {
    try {
      setViews((await answer).views);
      setNaming(null);
      view.setState({ notice: done });
    } catch (e) {
      view.setState({ notice: failed(e instanceof Error ? e.message : String(e)) });
    }
  };
  const save = (name: string) =>
    change(saveView(name, query), t('events.view.saved', { name }), (rule) => t('events.view.failed', { rule }));
  const remove = (name: string) =>
    change(removeView(name), t('events.view.removed', { name }), (rule) => t('events.view.notRemoved', { rule }));
  return (
    <div className="views">
      {views.length > 0 && (
        <label className="f">
          <span>{t('events.view.label')}</span>
          <select
            value={current ?? ''}
            onChange={(e) => {
              const chosen = views.find((v) => v.name === e.target.value);
              if (chosen) ask(view, parseAddress({ pathname: '/incidents', search: `?${chosen.query}` }).query ?? {}, 'list');
            }}
          >
            <option value="">{t('events.view.pick')}</option>
            {views.map((v) => (
              <option key={v.name}>{v.name}</option>
            ))}
          </select>
        </label>
      )}
      {current !== undefined && naming === null && (
        <button type="button" className="quiet" {...heldBy(stop)} onClick={() => void remove(current)}>
          {t('events.view.remove')}
        </button>
      )}
      {naming === null ? (
        <button type="button" className="quiet" {...heldBy(stop)} onClick={() => setNaming('')}>
          {t('events.view.save')}
        </button>
      ) : (
        <form
          onSubmit={(e) => {
            e.preventDefault();
            if (naming.trim()) void save(naming.trim());
          }}
        >
          <label className="f">
            <span>{t('events.view.name')}</span>
            {/* biome-ignore lint/a11y/noAutofocus: the field was just asked for by its button */}
            <input autoFocus value={naming} maxLength={40} onChange={(e) => setNaming(e.target.value)} />
          </label>
          <button type="submit" className="quiet" disabled={!naming.trim()}>
            {t('events.view.keep')}
          </button>
          <button type="button" className="quiet" onClick={() => setNaming(null)}>
            {t('events.cancel')}
          </button>
        </form>
      )}
      <SaveLink className="quiet" file={incidentsCsv(query)}>
        CSV
      </SaveLink>
    </div>
  );
}
