import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { ViewStore } from '../store/view-store.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'wall';
    resources: { wall: typeof zh };
  }
}

/** Start in the view's language and follow it. */
export async function startI18n(view: ViewStore): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: view.getState().language,
    fallbackLng: 'zh',
    defaultNS: 'wall',
    resources: { zh: { wall: zh }, en: { wall: en } },
    interpolation: { escapeValue: false },
    showSupportNotice: false,
  } as Parameters<typeof i18next.init>[0]);
  view.subscribe((now, before) => {
    if (now.language !== before.language) void i18next.changeLanguage(now.language);
  });
}
