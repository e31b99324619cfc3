import type { LngLat } from '../../../model/brand.ts';
import { textWidth } from './geometry.ts';
import { escapeXml as esc } from './text.ts';

export interface Distress {
  readonly unit: string;
  readonly name: string;
}
/** Beside the disc and ring of the unit layer, u. */
const BESIDE = 22;
const textOf = (d: Distress) => `SOS ${d.name}`;
const widthOf = (d: Distress) => textWidth(textOf(d), 18) + 20;

/** SOS units by name, above every other mark: whoever asks for help is found without pointing at anything. */
export class SosView {
  private readonly group = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  private shown: readonly Distress[] = [];

  constructor(svg: SVGSVGElement) {
    this.group.setAttribute('class', 'map-marks-sos');
    svg.append(this.group);
  }

  set(units: readonly Distress[]) {
    if (units.length === this.shown.length && units.every((d, i) => d.unit === this.shown[i]!.unit && d.name === this.shown[i]!.name))
      return;
    this.shown = units;
    this.group.innerHTML = units
      .map((d) => {
        const text = textOf(d);
        const w = widthOf(d);
        return `<g data-sos="${esc(d.unit)}"><circle class="flash" r="26"/><g><rect class="box1" y="-15" width="${w}" height="30"/><text class="sosl" x="10" y="6">${esc(text)}</text></g></g>`;
      })
      .join('');
  }

  /** @param width of the map, CSS pixels: where a name would be cut off at its edge it stands on the other side of the unit */
  place(placeOf: (unit: string) => LngLat | undefined, project: (at: LngLat) => readonly [number, number], u: number, width: number) {
    this.shown.forEach((d, i) => {
      const at = placeOf(d.unit);
      const g = this.group.children[i] as SVGGElement;
      g.setAttribute('visibility', at ? 'visible' : 'hidden');
      if (!at) return;
      const [x, y] = project(at);
      g.setAttribute('transform', `translate(${Math.round(x)} ${Math.round(y)}) scale(${u})`);
      const w = widthOf(d);
      const left = x + (BESIDE + w) * u > width && x > (BESIDE + w) * u;
      g.lastElementChild!.setAttribute('transform', `translate(${left ? -BESIDE - w : BESIDE} 0)`);
    });
  }
}
