import { useEffect } from 'react';

/** Paper is white: while the page is printed it wears the light theme, whichever the screen has. */
export function usePrintTheme() {
  useEffect(() => {
    const html = document.documentElement;
    let before: string | undefined;
    const on = () => {
      before = html.dataset.theme;
      html.dataset.theme = 'light';
    };
    const off = () => {
      if (before !== undefined) html.dataset.theme = before;
    };
    window.addEventListener('beforeprint', on);
    window.addEventListener('afterprint', off);
    return () => {
      window.removeEventListener('beforeprint', on);
      window.removeEventListener('afterprint', off);
    };
  }, []);
}
