/** The clip's clock: a moment between two ends, standing or going at a multiple of true time. */
export const speeds = [1, 8, 60] as const;
export type Speed = (typeof speeds)[number];

export class Player {
  playing = false;
  speed: Speed = 8;
  private last = 0;

  constructor(
    private readonly from: number,
    private readonly to: number,
    private readonly onChange: () => void,
    public at: number = from,
  ) {}

  seek(at: number) {
    this.at = Math.max(this.from, Math.min(this.to, at));
    this.onChange();
  }
  /** From the beginning where it stands at the end. */
  toggle() {
    this.playing = !this.playing;
    if (this.playing && this.at >= this.to) this.at = this.from;
    this.last = performance.now();
    if (this.playing) requestAnimationFrame(this.step);
    this.onChange();
  }
  faster(speed: Speed) {
    this.speed = speed;
    this.onChange();
  }
  private readonly step = (now: number) => {
    if (!this.playing) return;
    this.at = Math.min(this.to, this.at + Math.max(0, now - this.last) * this.speed);
    this.last = now;
    if (this.at >= this.to) this.playing = false;
    else requestAnimationFrame(this.step);
    this.onChange();
  };
}
