/**
 * Hands deck.gl an animation frame only when something asked for one: its own loop wakes 60 times a second to find nothing
 * to do. Give it as `animationFrameProvider`; call `want()` when there is something to draw.
 */
export class FrameGate {
  private callback: ((time: number) => void) | null = null;
  private wanted = 0;
  private id: number | null = null;

  /** `before` runs ahead of every frame, e.g. to mark what must be drawn. */
  constructor(private readonly before: () => void = () => {}) {}

  readonly requestAnimationFrame = (callback: (time: number) => void): number => {
    this.callback = callback;
    this.arm();
    return 1;
  };
  readonly cancelAnimationFrame = () => {
    this.callback = null;
    if (this.id !== null) cancelAnimationFrame(this.id);
    this.id = null;
  };
  /** Ask for `frames` frames from now on. */
  want(frames = 1) {
    this.wanted = Math.max(this.wanted, frames);
    this.arm();
  }
  private arm() {
    if (!this.callback || this.wanted === 0 || this.id !== null) return;
    this.id = requestAnimationFrame((time) => {
      this.id = null;
      this.wanted--;
      const { callback } = this;
      this.callback = null;
      this.before();
      callback?.(time);
    });
  }
}
