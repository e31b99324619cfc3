import type { LngLat } from '../../../model/brand.ts';
import { textWidth } from './geometry.ts';
import { escapeXml as esc } from './text.ts';

export interface Distress {
  readonly unit: string;
  readonly name: string;
}
/** Beside the disc and ring of the unit layer, u. */
const BESIDE = 22;

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
        const text = `SOS ${d.name}`;
        const w = textWidth(text, 18) + 20;
        return `<g data-sos="${esc(d.unit)}"><circle class="flash" r="26"/><rect class="box1" x="${BESIDE}" y="-15" width="${w}" height="30"/><text class="sosl" x="${BESIDE + 10}" y="6">${esc(text)}</text></g>`;
      })
      .join('');
  }

  place(placeOf: (unit: string) => LngLat | undefined, project: (at: LngLat) => readonly [number, number], u: number) {
    this.shown.forEach((d, i) => {
      const at = placeOf(d.unit);
      const g = this.group.children[i] as SVGGElement;
      g.setAttribute('visibility', at ? 'visible' : 'hidden');
      if (!at) return;
      const [x, y] = project(at);
      g.setAttribute('transform', `translate(${Math.round(x)} ${Math.round(y)}) scale(${u})`);
    });
  }
}
