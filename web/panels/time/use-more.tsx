import { useState } from 'react';
import { useText } from '../../design/use-text.ts';
import { MomentSheet } from './moment-sheet.tsx';

/** ⋯: any moment, and bookmarks. */
export function useMore() {
  const { t } = useText();
  const [open, setOpen] = useState(false);
  const button = (
    <button
      type="button"
      className="tm-open"
      aria-label={t('replay.more')}
      title={t('replay.more')}
      aria-expanded={open}
      onClick={() => setOpen(!open)}
    >
      ⋯
    </button>
  );
  return { button, sheet: open && <MomentSheet onClose={() => setOpen(false)} /> };
}
