import { type ReactNode, useEffect, useRef } from 'react';
import { useApp } from '../app-context.ts';
import { useText } from '../design/use-text.ts';

/**
 * A sheet over the wall: takes the focus, gives it back, closes with Escape or its button. Without `onClose` it is the one of the
 * view's `sheet`, which the wall's keys close.
 */
export function Sheet(props: { title: string; sub?: ReactNode; className?: string; onClose?: () => void; children: ReactNode }) {
  const { title, sub, className = '', onClose, children } = props;
  const { t } = useText();
  const { view } = useApp();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.focus();
    return () => before?.focus?.();
  }, []);
  const keepInside = (e: React.KeyboardEvent) => {
    if (e.key === 'Escape' && onClose) {
      e.stopPropagation();
      onClose();
    }
    if (e.key !== 'Tab' || !box.current) return;
    const stops = [...box.current.querySelectorAll<HTMLElement>('button:not(:disabled), a[href], input, select, textarea, [tabindex="0"]')];
    const first = stops[0];
    const last = stops.at(-1);
    if (e.shiftKey && (document.activeElement === first || document.activeElement === box.current)) {
      e.preventDefault();
      last?.focus();
    } else if (!e.shiftKey && document.activeElement === last) {
      e.preventDefault();
      first?.focus();
    }
  };
  return (
    <div
      ref={box}
      className={`sheet ${className}`}
      role="dialog"
      aria-modal="true"
      aria-labelledby="sheet-title"
      tabIndex={-1}
      onKeyDown={keepInside}
    >
      <div className="ph">
        <h2 id="sheet-title">{title}</h2>
        {sub && <span className="sub">{sub}</span>}
        <button type="button" className="plain close" onClick={onClose ?? (() => view.setState({ sheet: null }))}>
          {t('sources.close')} <kbd>Esc</kbd>
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <div className="body" tabIndex={0}>
        {children}
      </div>
    </div>
  );
}
