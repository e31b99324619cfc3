/** What is wrong with a piece of the page: what it is, by how much, and where. */
export type Fault = string;

/**
 * Faults a visitor sees at once, of the page as it stands; runs in the page. A page wider than its window; text below 12 px; text
 * beyond the window's edge that no scrolling brings in and no ellipsis tells of; a label that runs out of its own button or is cut off in it without an
 * ellipsis; text of less contrast than WCAG 2 AA asks (4.5 : 1; 3 : 1 from 24 px, or 18.66 px bold); with `touch`, a button or
 * field lower than 44 px. What stands on the map is not looked at.
 */
export function faultsOfLooks(touch: boolean): Fault[] {
  const faults = new Set<string>();
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) faults.add(`page ${over} px wider than its window`);

  type Colour = [r: number, g: number, b: number, a: number];
  const colours = new Map<string, Colour>();
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const colourOf = (css: string): Colour => {
    const known = colours.get(css);
    if (known || !canvas) return known ?? [0, 0, 0, 1];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
    const colour: Colour = [r, g, b, a / 255];
    colours.set(css, colour);
    return colour;
  };
  const on = (top: Colour, under: Colour): Colour => [
    top[0] * top[3] + under[0] * (1 - top[3]),
    top[1] * top[3] + under[1] * (1 - top[3]),
    top[2] * top[3] + under[2] * (1 - top[3]),
    1,
  ];
  /** relative luminance as WCAG 2 defines it */
  const luminance = (c: Colour) => {
    const [r = 0, g = 0, b = 0] = c.slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (el: Element): Colour => {
    const layers: Colour[] = [];
    for (let e: Element | null = el; e; e = e.parentElement) {
      const c = colourOf(getComputedStyle(e).backgroundColor);
      if (c[3] > 0) layers.push(c);
      if (c[3] === 1) break;
    }
    return layers.reduceRight<Colour>((under, top) => on(top, under), [255, 255, 255, 1]);
  };
  const scrolledIn = (el: Element) => {
    for (let e = el.parentElement; e; e = e.parentElement)
      if (
        getComputedStyle(e).textOverflow === 'ellipsis' ||
        (/auto|scroll/.test(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth)
      )
        return true;
    return false;
  };

  for (const el of document.querySelectorAll<HTMLElement>('body *')) {
    if (el instanceof SVGElement || el.closest('.map, .skip, .sr, [aria-hidden="true"]')) continue;
    if (!el.checkVisibility({ checkVisibilityCSS: true, checkOpacity: true })) continue;
    const box = el.getBoundingClientRect();
    const what = `<${el.tagName.toLowerCase()} class="${el.className}"> ${el.textContent?.trim().slice(0, 24)}`;
    if (touch && el.matches('button, select, input:not([type="checkbox"]):not([type="radio"]), summary') && box.height < 43.5)
      faults.add(`${Math.round(box.height)} px high to press: ${what}`);
    if (![...el.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent?.trim())) continue;
    const style = getComputedStyle(el);
    const size = Number.parseFloat(style.fontSize);
    if (size < 12) faults.add(`text of ${size} px: ${what}`);
    if ((box.right > innerWidth + 1 || box.left < -1) && !scrolledIn(el))
      faults.add(`at ${Math.round(box.left)} to ${Math.round(box.right)} px: ${what}`);
    if (el.matches('button') && style.textOverflow !== 'ellipsis' && style.display !== 'inline' && el.scrollWidth > el.clientWidth + 2)
      faults.add(`label ${el.scrollWidth - el.clientWidth} px too long: ${what}`);
    if (el.matches(':disabled, [aria-disabled="true"], :disabled *, [aria-disabled="true"] *')) continue;
    const under = behind(el);
    const [light = 1, dark = 1] = [luminance(on(colourOf(style.color), under)), luminance(under)].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faults.add(`contrast ${ratio.toFixed(2)}: ${what}`);
  }
  return [...faults];
}
