import { metresPerPixel } from './mercator.ts';

/** The longest round distance (1, 2, 3 or 5 times a power of ten, metres) whose bar is at most `maxPx` long. */
export function scaleBar(lat: number, zoom: number, maxPx: number): { px: number; label: string } {
  const mpp = metresPerPixel(lat, zoom);
  const most = maxPx * mpp;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = ([5, 3, 2, 1].find((k) => k * power <= most) ?? 1) * power;
  return { px: metres / mpp, label: metres >= 1000 ? `${metres / 1000} km` : `${metres} m` };
}

/** Bottom right: what the boundaries are worth (演示边界) and how long a metre is. */
export class ScaleView {
  readonly element = document.createElement('div');
  private readonly note = document.createElement('span');
  private readonly text = document.createElement('span');
  private readonly bar = document.createElement('i');

  constructor(parent: HTMLElement) {
    this.element.className = 'map-scale';
    this.note.className = 'map-scale-note';
    const box = document.createElement('div');
    box.className = 'map-scale-bar';
    box.append(this.text, this.bar);
    this.element.append(this.note, box);
    parent.append(this.element);
  }
  draw(note: string, lat: number, zoom: number, u: number) {
    const { px, label } = scaleBar(lat, zoom, 150 * u);
    if (this.note.textContent !== note) this.note.textContent = note;
    if (this.text.textContent !== label) this.text.textContent = label;
    this.bar.style.width = `${Math.round(px)}px`;
  }
}
