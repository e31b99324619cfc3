import { languages } from '../i18n/language.ts';
import type { ViewState, ViewStore } from './view-store.ts';

/** What a screen remembers between visits: language, theme and mute. A store that cannot be read or written is ignored. */
export function recall(storage: Pick<Storage, 'getItem'>): Partial<ViewState> {
  const out: { -readonly [K in keyof ViewState]?: ViewState[K] } = {};
  try {
    const language = languages.find((l) => l === storage.getItem('genglou.language'));
    if (language) out.language = language;
    if (storage.getItem('genglou.theme') === 'light') out.theme = 'light';
  } catch {
    // private windows may refuse: the defaults are right
  }
  return out;
}

export function bindMemory(view: ViewStore, storage: Pick<Storage, 'setItem'>, html: HTMLElement): () => void {
  const show = (s: ViewState) => {
    html.lang = s.language === 'zh' ? 'zh-CN' : 'en';
    html.dataset.theme = s.theme;
  };
  show(view.getState());
  return view.subscribe((now, before) => {
    if (now.language === before.language && now.theme === before.theme) return;
    show(now);
    try {
      storage.setItem('genglou.language', now.language);
      storage.setItem('genglou.theme', now.theme);
    } catch {
      // see recall
    }
  });
}
