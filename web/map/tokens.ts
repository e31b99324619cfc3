/** The design variables the map is drawn with, read from the page so that tokens.css stays their only home. */
const colours = [
  'bg', 'surface-1', 'text-1', 'text-2', 'text-3', 'text-stale', 'accent', 'track', 'hairline',
  'p1', 'p2', 'p3', 'p4', 'p1-fill', 'p2-fill', 'p3-fill', 'p4-fill', 'on-p1',
  'map-ground', 'map-block', 'map-bld-far', 'map-road', 'map-water', 'map-park', 'map-label', 'map-halo',
  'map-street', 'map-community', 'map-grid', 'map-micro', 'map-roof', 'map-wall',
  'q1', 'q2', 'q3', 'q4', 'q5',
] as const; // biome-ignore format: a table
export type ColourName = (typeof colours)[number];

export interface Tokens {
  /** one design unit in CSS pixels: 1 on a 1080-high wall, 2 on a 2160-high one */
  readonly u: number;
  readonly theme: 'dark' | 'light';
  readonly colour: Readonly<Record<ColourName, string>>;
}

/**
 * Values in force at an element. `--u` is a length expression, so it is measured, not parsed.
 * @throws Error naming the first variable that is missing.
 */
export function readTokens(element: HTMLElement, theme: 'dark' | 'light'): Tokens {
  const style = getComputedStyle(element);
  const probe = document.createElement('i');
  probe.style.cssText = 'position:absolute;visibility:hidden;height:0;width:calc(100 * var(--u, 1px))';
  element.append(probe);
  const u = probe.getBoundingClientRect().width / 100 || 1;
  probe.remove();
  const colour = {} as Record<ColourName, string>;
  for (const name of colours) {
    const value = style.getPropertyValue(`--${name}`).trim();
    if (!value) throw new Error(`map: the design variable --${name} is missing`);
    colour[name] = value;
  }
  return { u, theme, colour };
}

export const sameTokens = (a: Tokens, b: Tokens) =>
  a.theme === b.theme && Math.abs(a.u - b.u) < 1e-3 && colours.every((name) => a.colour[name] === b.colour[name]);

/** `#rrggbb` (or `#rgb`) -> [r, g, b], each 0 … 1. @throws Error for any other notation. */
export function rgb(hex: string): [number, number, number] {
  const m = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex.trim());
  if (!m) throw new Error(`map: colour ${hex} is not #rrggbb`);
  const h = (m[1] as string).length === 3 ? [...(m[1] as string)].map((c) => c + c).join('') : (m[1] as string);
  return [0, 2, 4].map((i) => Number.parseInt(h.slice(i, i + 2), 16) / 255) as [number, number, number];
}
