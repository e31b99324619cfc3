/** So long the event loop is held at most. */
const SLICE_MS = 5;

/** Called between pieces of work: lets others have their turn after five milliseconds. */
export function slices(): () => Promise<void> | void {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return;
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        since = performance.now();
        resolve();
      });
    });
  };
}
