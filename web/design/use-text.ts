import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bilingual } from '../../model/brand.ts';
import { useServer, useView } from '../app-context.ts';
import { atCentre, metres, span } from './format.ts';

/** Translation together with the centre's clock and the wall's units. */
export function useText() {
  const { t } = useTranslation();
  const language = useView((s) => s.language);
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  return useMemo(() => {
    const spanText = (ms: number) => {
      const { key, n } = span(ms);
      return t(`unit.${key}`, { n }).trim();
    };
    return {
      t,
      language,
      say: (b: Bilingual) => b[language],
      at: (ms: number) => atCentre(ms, offset),
      span: spanText,
      ago: (ms: number) => t('age.ago', { age: spanText(ms) + (language === 'zh' && span(ms).key === 's' ? ' ' : '') }),
      metres: (m: number) => {
        const { key, n } = metres(m);
        return t(`unit.${key}`, { n });
      },
    };
  }, [t, language, offset]);
}
