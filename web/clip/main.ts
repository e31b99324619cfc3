import { CLIP_VERSION, type Clip, type ClipKind } from '../../model/clip.ts';
import { atCentre } from '../design/format.ts';
import tokens from '../design/tokens.css?inline';
import css from './clip.css?inline';
import { Picture } from './picture.ts';
import { Player, speeds } from './player.ts';
import { openClip, type ShownThing } from './shown.ts';
import { kinds, type Language, priorities, roles, shapes, words } from './words.ts';

/**
 * 复盘片段 as a page of its own: it reads the clip out of the file it stands in and asks for nothing. Its style is adopted, not written into
 * the page, so that the page's policy need allow no style at all.
 */
const MOST_EVENTS = 100;

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  props: Partial<HTMLElementTagNameMap[K]> & { className?: string } = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const e = Object.assign(document.createElement(name), props);
  e.append(...children);
  return e;
}
const button = (text: string, onclick: () => void) => element('button', { type: 'button', onclick }, text);

function read(): Clip | null {
  try {
    const clip = JSON.parse(document.getElementById('clip')?.textContent ?? '') as Clip;
    return clip.version === CLIP_VERSION ? clip : null;
  } catch {
    return null;
  }
}

function start(clip: Clip) {
  let language: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
  const shown = openClip(clip);
  const time = (ms: number) => {
    const t = atCentre(ms, clip.utcOffsetMinutes);
    return `${t.date} ${t.hms}`;
  };

  const title = element('h1');
  const when = element('span', { className: 'when' });
  const span = element('span');
  const note = element('p', { className: 'note' });
  const tongue = button('', () => {
    language = language === 'zh' ? 'en' : 'zh';
    speak();
  });
  const canvas = element('canvas');
  canvas.setAttribute('role', 'img');
  const whole = button('', () => picture.whole());
  whole.className = 'whole';
  const legend = element('p', { className: 'cl-legend' });
  const now = element('section');
  const course = element('section');
  const play = button('', () => player.toggle());
  const back = button('', () => toEvent(-1));
  const on = button('', () => toEvent(1));
  const pace = speeds.map((s) => button(`${s}×`, () => player.faster(s)));
  const scrub = element('input', { type: 'range', min: '0', max: String(clip.to - clip.from), step: '1000', value: '0' });
  scrub.addEventListener('input', () => player.seek(clip.from + Number(scrub.value)));

  const player = new Player(clip.from, clip.to, () => render());
  const picture = new Picture(canvas, clip, shown, () => picture.draw(player.at, language));

  document.body.className = 'cl';
  document.body.replaceChildren(
    element('header', { className: 'cl-head' }, title, when, span, tongue, note),
    element('main', { className: 'cl-map' }, canvas, whole, legend),
    element('aside', { className: 'cl-side', tabIndex: 0 }, now, course),
    element(
      'footer',
      { className: 'cl-strip' },
      play,
      ...pace,
      back,
      on,
      element('span', { className: 'ends' }, time(clip.from)),
      scrub,
      element('span', { className: 'ends' }, time(clip.to)),
    ),
  );

  function toEvent(by: 1 | -1) {
    const { events } = clip;
    const n = shown.told(player.at);
    const next = by > 0 ? events[n] : events.slice(0, n).findLast((e) => e.at < player.at);
    if (next) player.seek(next.at);
  }

  const priorityText = (p: number) => `${shapes[p - 1]} ${priorities[language][p - 1]}`;
  const incidentText = (n: number) => (language === 'zh' ? clip.incidents[n]!.title : `${clip.incidents[n]!.category.en}`);
  const line = (thing: ShownThing, name: string, of: { place: string; coarse?: true }) =>
    element(
      'li',
      {},
      `${priorityText(thing.priority)} ${name} `,
      element('span', { className: 'place' }, of.coarse ? `${of.place} · ${words[language].coarse}` : of.place),
    );

  /** What hangs on the language alone. */
  function speak() {
    const w = words[language];
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = `${clip.area.name} ${time(clip.from)} · ${w.product}`;
    title.textContent = `${clip.centre[language]} · ${clip.area.name}`;
    span.textContent = `${time(clip.from)} – ${time(clip.to)} · ${w.made} ${time(clip.madeAt)}`;
    note.textContent = [w.masked, clip.boundaryNote].filter(Boolean).join(' · ');
    tongue.textContent = w.language;
    whole.textContent = w.whole;
    legend.textContent = [
      shapes.map((s, i) => `${s} ${priorities[language][i]}`).join('　'),
      `□ ${w.alarm}`,
      `○ ${w.unit}（${Object.values(roles)
        .map((r) => `${r.mark} ${r[language]}`)
        .join(' ')}）`,
      `${w.within} ${clip.within} m`,
    ].join('　');
    scrub.setAttribute('aria-label', w.scrub);
    back.textContent = w.before;
    on.textContent = w.after;
    for (const [i, b] of pace.entries()) b.setAttribute('aria-label', `${w.speed} ${speeds[i]}×`);
    drawnEvents = -1;
    render();
  }

  let drawnEvents = -1;
  let drawnNow = '';
  function render() {
    const w = words[language];
    const { at } = player;
    when.textContent = `${w.replay} ${time(at)}`;
    play.textContent = player.playing ? w.pause : w.play;
    pace.forEach((b, i) => {
      b.className = speeds[i] === player.speed ? 'on' : '';
      b.setAttribute('aria-pressed', String(speeds[i] === player.speed));
    });
    scrub.value = String(at - clip.from);
    scrub.setAttribute('aria-valuetext', time(at));
    picture.draw(at, language);
    const [units, incidents, alarms] = [shown.units(at), shown.incidents(at), shown.alarms(at)];
    const said = `${w.units} ${units.length} · ${w.incidents} ${incidents.length} · ${w.alarms} ${alarms.length}`;
    canvas.setAttribute('aria-label', `${w.map}: ${said}`);
    const key = [language, units.length, ...incidents.map((i) => `i${i.index}.${i.priority}`), ...alarms.map((a) => `a${a.index}`)].join();
    if (key !== drawnNow) {
      drawnNow = key;
      const things = [
        ...incidents.map((i) => line(i, incidentText(i.index), clip.incidents[i.index]!)),
        ...alarms.map((a) => line(a, `${w.alarm} ${clip.alarms[a.index]!.name[language]}`, clip.alarms[a.index]!)),
      ];
      now.replaceChildren(
        element('h2', {}, w.now),
        element('p', { className: 'place' }, said),
        things.length ? element('ul', {}, ...things) : element('p', { className: 'none' }, w.none),
      );
    }
    const n = shown.told(at);
    if (n === drawnEvents) return;
    drawnEvents = n;
    const rows = clip.events
      .slice(Math.max(0, n - MOST_EVENTS), n)
      .reverse()
      .map((e) => {
        const kind = kinds[e.kind as ClipKind][language];
        const name = e.incident !== undefined ? incidentText(e.incident) : clip.alarms[e.alarm!]!.name[language];
        return element(
          'li',
          {},
          button(`${atCentre(e.at, clip.utcOffsetMinutes).hms} ${kind} · ${name}`, () => player.seek(e.at)),
        );
      });
    course.replaceChildren(element('h2', {}, `${w.events} ${n} / ${clip.events.length}`), element('ol', {}, ...rows));
  }

  new ResizeObserver(() => picture.draw(player.at, language)).observe(canvas);
  speak();
}

const sheets = [tokens, css].map((text) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
});
document.adoptedStyleSheets = sheets;
const clip = read();
if (clip) start(clip);
else document.body.replaceChildren(element('p', {}, `${words.zh.broken} ${words.en.broken}`));
