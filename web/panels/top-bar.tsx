import { areaLabel } from '../../model/area.ts';
import { treeOf } from '../../model/world.ts';
import { useApp, useLiveServer, useReplay, useServer, useView } from '../app-context.ts';
import { duration } from '../design/format.ts';
import { PriorityGlyph, SpeakerGlyph, TransportGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useLiveHeardAt, useLiveNow, useRealNow } from '../store/clock.ts';
import { isCut } from '../store/server-store.ts';
import { type Scene, toScene } from '../store/view-store.ts';

export const scenes = ['overview', 'incidents', 'patrol', 'sensing', 'service', 'review'] as const;
const pages: ReadonlySet<string> = new Set<Scene>(['overview', 'incidents', 'patrol', 'sensing']);
/** Whether a scene has a page yet. */
export const isOpenScene = (key: (typeof scenes)[number]): key is Scene => pages.has(key);

/** Masthead with place, scenes, and how the screen stands to its server. `sound`: what the loudspeaker may do now. */
export function TopBar({ sound, onSound }: { sound: 'on' | 'muted' | 'blocked'; onSound: () => void }) {
  const { t, say } = useText();
  const centre = useServer((s) => s.world.centre);
  return (
    <header className="top">
      <div className="mast">
        <h1 className="serif">{centre ? t('centreTitle', { name: say(centre.name) }) : t('noCentre')}</h1>
        <Breadcrumb />
      </div>
      <Scenes />
      <div className="sys">
        <LinkState />
        <SoundState sound={sound} onSound={onSound} />
        <Preferences />
        <DateAndClock />
      </div>
    </header>
  );
}

function Breadcrumb() {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const shown = useView((s) => s.area);
  const chosen = useView((s) => (s.selection?.kind === 'incident' ? s.selection.id : null));
  const at = (chosen && world.incidents.get(chosen)?.area) || shown;
  const tree = treeOf(world);
  const path = at ? tree.path(at) : tree.root ? [tree.root] : [];
  const here = path.at(-1);
  const count = (level: string) => [...world.areas.values()].filter((a) => a.level === level).length;
  const go = (code: typeof at) => view.setState({ area: code === tree.root?.code ? null : code, camera: null, selection: null });
  return (
    <nav className="crumb" aria-label={t('crumb.label')}>
      {path.map((a, i) => (
        <span key={a.code} className="step">
          {i > 0 && <i aria-hidden="true">/</i>}
          {a === here ? (
            <b aria-current="location">{i > 1 ? areaLabel(tree, a.code) : a.name}</b>
          ) : (
            <button type="button" onClick={() => go(a.code)}>
              {a.name}
            </button>
          )}
        </span>
      ))}
      {path.length === 1 && (
        <>
          <i aria-hidden="true">/</i>
          <span>
            {t('crumb.communities')} <em>{count('community')}</em>
          </span>
          <i aria-hidden="true">/</i>
          <span>
            {t('crumb.grids')} <em>{count('grid')}</em>
          </span>
          <i aria-hidden="true">/</i>
          <span>
            {t('crumb.micros')} <em>{count('micro')}</em>
          </span>
        </>
      )}
    </nav>
  );
}

function Scenes() {
  const { t } = useText();
  const { view } = useApp();
  const open = useServer((s) => s.world.incidents.size);
  const shown = useView((s) => s.scene);
  return (
    <nav className="scenes" aria-label={t('scenes.label')}>
      {scenes.map((key) => {
        const name = t(`scenes.${key}`);
        if (isOpenScene(key)) {
          const on = key === shown;
          return (
            <button
              type="button"
              key={key}
              className={on ? 'on' : ''}
              aria-current={on ? 'page' : undefined}
              onClick={() => toScene(view, key)}
            >
              {name}
              {key === 'incidents' && open > 0 && <sup>{open}</sup>}
            </button>
          );
        }
        const why = t('scenes.later', { name });
        return (
          <button type="button" key={key} aria-disabled="true" title={why} onClick={() => view.setState({ notice: why })}>
            {name}
          </button>
        );
      })}
    </nav>
  );
}

/** 实时 0.4 s, 滞后, 断线 00:42: always a word beside the mark. Opens 数据来源. */
function LinkState() {
  const { t, at, span } = useText();
  const { view } = useApp();
  const now = useLiveNow();
  const phase = useLiveServer((s) => s.phase);
  const heardAt = useLiveHeardAt();
  const frozenAt = useLiveServer((s) => s.frozenAt);
  const attempts = useLiveServer((s) => s.attempts);
  const lag = useLiveServer((s) => s.status?.lagMs ?? 0);
  const cut = useLiveServer(isCut);
  const age = heardAt ? Math.max(0, now - heardAt) + lag : 0;
  const past = useReplay((s) => s.on);
  const speed = useReplay((s) => s.speed);
  const playing = useReplay((s) => s.playing);
  const shown = at(useReplay((s) => s.at));
  const gone = duration(Math.max(0, now - (frozenAt ?? now)));
  const demo = useLiveServer((s) => s.demo);
  return (
    <button type="button" className="st link" title={t('link.open')} onClick={() => view.setState({ sheet: { kind: 'sources' } })}>
      {cut ? (
        <span className="live p2">
          <PriorityGlyph priority={2} u={12} />
          <b>{phase === 'refused' ? t('link.refused') : t(`link.${phase as 'disconnected' | 'reconnecting'}`, { age: gone })}</b>
        </span>
      ) : past ? (
        <span className="live tm-word">
          <TransportGlyph kind={playing ? 'play' : 'pause'} />
          <b>
            {t('replay.label')} {playing && t('replay.speed', { n: speed })}
          </b>
        </span>
      ) : phase === 'connecting' ? (
        <span className="live late">
          <i />
          <b>{t('link.connecting')}</b>
        </span>
      ) : (
        <span className={`live ${phase === 'stale' || age > 2000 ? 'late' : ''}`}>
          <i />
          <b>{phase === 'stale' ? t('link.stale', { age: span(age) }) : t('link.live')}</b>
          {phase !== 'stale' && <span className="fig">{span(age)}</span>}
        </span>
      )}
      <span className="line2">
        {cut && attempts > 0 ? (
          t('link.attempt', { n: attempts })
        ) : past ? (
          `${shown.date} ${shown.hm}`
        ) : demo ? (
          <span title={t('demoTitle')}>{t('demo')}</span>
        ) : (
          t('sources.title')
        )}
      </span>
    </button>
  );
}

function SoundState({ sound, onSound }: { sound: 'on' | 'muted' | 'blocked'; onSound: () => void }) {
  const { t, at } = useText();
  const mutedUntil = useView((s) => s.mutedUntil);
  const offset = useLiveServer((s) => s.clockOffset);
  return (
    <button type="button" className="st sound" title={sound === 'blocked' ? t('sound.blockedTitle') : t('sound.toggle')} onClick={onSound}>
      <span className={sound === 'blocked' ? 'live p2' : 'live'}>
        <SpeakerGlyph off={sound !== 'on'} />
        <b>{t(sound === 'on' ? 'sound.on' : sound === 'muted' ? 'sound.off' : 'sound.blocked')}</b>
      </span>
      <span className="line2">
        {sound === 'muted' ? t('sound.until', { at: at(mutedUntil + offset).hm }) : sound === 'blocked' ? t('sound.turnOn') : '\u00a0'}
      </span>
    </button>
  );
}

function Preferences() {
  const { t } = useText();
  const { view } = useApp();
  const language = useView((s) => s.language);
  const theme = useView((s) => s.theme);
  return (
    <div className="st prefs">
      <button
        type="button"
        lang={language === 'zh' ? 'en' : 'zh-CN'}
        onClick={() => view.setState({ language: language === 'zh' ? 'en' : 'zh' })}
      >
        {t('language.other')}
      </button>
      <button type="button" onClick={() => view.setState({ theme: theme === 'dark' ? 'light' : 'dark' })}>
        {t(theme === 'dark' ? 'theme.toLight' : 'theme.toDark')}
      </button>
    </div>
  );
}

function DateAndClock() {
  const { t, at } = useText();
  const c = at(useRealNow());
  return (
    <>
      <div className="st date">
        <b>{t('date', { month: c.month, day: c.day })}</b>
        <span className="line2">{t(`weekday.d${c.weekday as 0 | 1 | 2 | 3 | 4 | 5 | 6}`)}</span>
      </div>
      <time className="clock">
        {c.hm}
        <small>:{c.s}</small>
      </time>
    </>
  );
}
