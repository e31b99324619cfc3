const LAST = 'genglou.renewed';
/** A part that is missing again so soon after a reload is missing for good: reloading would only flicker. */
const PAUSE_MS = 60_000;

/**
 * A page that stays open while a new build takes the place of the old one looks for parts that are no longer there. It is loaded anew,
 * at the address it shows; `vite:preloadError` is what the bundler's loader says then.
 */
export function renewWhenReplaced(window: Pick<Window, 'addEventListener' | 'location' | 'sessionStorage'>, now: () => number) {
  window.addEventListener('vite:preloadError', (event) => {
    const last = Number(window.sessionStorage.getItem(LAST) ?? 0);
    if (now() - last < PAUSE_MS) return;
    window.sessionStorage.setItem(LAST, String(now()));
    event.preventDefault();
    window.location.reload();
  });
}
