import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { LngLat } from '../../model/brand.ts';
import type { MapTracks } from '../map-contract.ts';
import { trackFeatures, trackLayers } from './layers/tracks.ts';
import { escapeXml as esc } from './marks/text.ts';
import type { Tokens } from './tokens.ts';

const NS = 'http://www.w3.org/2000/svg';
type Project = (at: LngLat) => readonly [number, number];
/** Names beside heads and times beside stays are written for so many; beyond, only for the chosen unit. */
const MOST_LABELS = 12;

/** 轨迹: the ways as MapLibre lines, set when they are asked for; stays and heads as a few SVG marks that follow the player. */
export class TracksView {
  private readonly svg = document.createElementNS(NS, 'svg');
  private readonly stops = document.createElementNS(NS, 'g');
  private readonly heads = document.createElementNS(NS, 'g');
  private tracks: MapTracks | null = null;
  private tokens: Tokens | null = null;
  private styled = false;
  private leave = () => {};
  private drawn = '';

  constructor(
    private readonly map: MapLibreMap,
    root: HTMLElement,
    private readonly project: Project,
  ) {
    this.svg.setAttribute('class', 'tk-marks');
    this.svg.setAttribute('aria-hidden', 'true');
    this.svg.append(this.stops, this.heads);
    root.append(this.svg);
    map.on('dragstart', () => this.tracks?.onFollowEnd());
  }

  remove() {
    this.leave();
    this.svg.remove();
  }

  set(tracks: MapTracks | null) {
    if (tracks === this.tracks) return;
    const lines = tracks?.tracks !== this.tracks?.tracks;
    this.tracks = tracks;
    this.leave();
    this.leave = tracks?.subscribe(() => this.move()) ?? (() => {});
    if (this.styled) this.paint(lines);
    this.drawStops();
    this.move();
  }

  /** After every new style. */
  restyle(tokens: Tokens) {
    this.tokens = tokens;
    this.styled = true;
    this.paint(true);
  }
  /** The style is gone until `restyle`. */
  lost() {
    this.styled = false;
  }

  private paint(lines: boolean) {
    const { map, tracks, tokens } = this;
    const old = map.getStyle().layers.filter((l) => 'source' in l && l.source === 'tracks');
    for (const layer of old) map.removeLayer(layer.id);
    const source = map.getSource<GeoJSONSource>('tracks');
    if (!tracks || !tokens) {
      if (source) map.removeSource('tracks');
      return;
    }
    if (!source) map.addSource('tracks', { type: 'geojson', data: trackFeatures(tracks), tolerance: 0.2 });
    else if (lines) source.setData(trackFeatures(tracks));
    for (const layer of trackLayers(tracks, tokens)) map.addLayer(layer);
  }

  private drawStops() {
    const { tracks } = this;
    const stops = tracks?.stops ?? [];
    const few = stops.length <= MOST_LABELS;
    this.stops.innerHTML = stops
      .map((s) => {
        const is = s.unit === tracks?.chosen;
        return `<g class="tk-stop${is ? ' on' : ''}"><circle r="5"/>${few || is ? `<text x="9" y="4">${esc(s.label)}</text>` : ''}</g>`;
      })
      .join('');
    this.place(this.tokens?.u ?? 1);
  }

  /** Where everybody is at the player's moment. */
  private move() {
    const { tracks } = this;
    const heads = tracks?.heads() ?? [];
    const few = heads.length <= MOST_LABELS;
    const key = heads.map((h) => `${h.unit} ${h.silent} ${h.unit === tracks?.chosen}`).join();
    if (key !== this.drawn) {
      this.drawn = key;
      this.heads.innerHTML = heads
        .map((h) => {
          const is = h.unit === tracks?.chosen;
          const name = few || is ? `<text class="name" x="13" y="5">${esc(h.label)}</text>` : '';
          return `<g class="tk-head${is ? ' on' : ''}${h.silent ? ' silent' : ''}"><circle r="9"/><text class="mark" y="4">${esc(h.mark)}</text>${name}</g>`;
        })
        .join('');
    }
    const u = this.tokens?.u ?? 1;
    for (const [i, h] of heads.entries()) this.at(this.heads.children[i], h.at, u);
    const followed = tracks?.follow ? heads.find((h) => h.unit === tracks.follow) : undefined;
    if (followed) this.map.jumpTo({ center: [followed.at[0], followed.at[1]] });
  }

  /** With every movement of the camera. */
  place(u: number) {
    for (const [i, s] of (this.tracks?.stops ?? []).entries()) this.at(this.stops.children[i], s.at, u);
    for (const [i, h] of (this.tracks?.heads() ?? []).entries()) this.at(this.heads.children[i], h.at, u);
  }

  private at(element: Element | undefined, at: LngLat, u: number) {
    const [x, y] = this.project(at);
    element?.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${u})`);
  }
}
