import type { ReactNode } from 'react';
import { useReplay } from '../app-context.ts';
import { useText } from '../design/use-text.ts';
import { addressOf, type SavedFile } from '../http.ts';

/** A link that saves a file: of the moment the page shows, never of now under a frame of the past. Its name says the moment. */
export function SaveLink({ file, className, children }: { file: SavedFile; className: string; children: ReactNode }) {
  const { t, at } = useText();
  // the address follows the moment, also while the film runs
  const then = useReplay((s) => (s.on ? s.at : null));
  const href = addressOf(file);
  if (href === null) return <span className="t3">{t('replay.unavailable')}</span>;
  const title = then === null ? undefined : t('replay.file', { at: `${at(then).date} ${at(then).hms}` });
  return (
    <a className={className} href={href} download title={title}>
      {children}
    </a>
  );
}
