import './wall/wall.css';
import './wall/panels.css';
import './wall/dossier.css';
import './wall/layouts.css';
import './sensing/sensing.css';
import './sensing/device.css';
import { type ComponentType, type LazyExoticComponent, type ReactNode, Suspense, useState } from 'react';
import { useServer, useView } from '../app-context.ts';
import { useText } from '../design/use-text.ts';
import type { Selection } from '../map-contract.ts';
import { Detail } from '../panels/detail.tsx';
import { Dossier } from '../panels/dossier.tsx';
import { LinkBanner } from '../panels/link-banner.tsx';
import { AreaFilter } from '../panels/sensing/area-filter.tsx';
import { type MapAsk, MapSlot } from '../panels/sensing/map-slot.ts';
import { TopBar } from '../panels/top-bar.tsx';
import { useTitle } from './use-title.ts';
import { useKeys } from './wall/keys.ts';
import { useSound } from './wall/sound.ts';
import { Notice, Sheets, Skeleton } from './wall/wall-page.tsx';

/** Tabs of a scene. Each comes when it is first opened; one that wants the map beside it asks with `useMapBeside`. */
export type SceneTabs<T extends string> = Readonly<Record<T, LazyExoticComponent<ComponentType>>>;

interface Props<T extends string> {
  /** of the scene, beside the frame's own */
  readonly className?: string;
  readonly tabs: SceneTabs<T>;
  readonly tab: T;
  readonly onTab: (tab: T) => void;
  readonly nameOf: (tab: T) => string;
  readonly navLabel: string;
  /** whether this tab is narrowed to a place */
  readonly placed?: boolean;
  /** what stands in the map's section once a tab has asked for it */
  readonly map: (ask: MapAsk | null) => ReactNode;
  /** another page for what is chosen than that of every scene, with the class it asks of the frame; null = none */
  readonly chosen?: (selection: Selection) => { readonly page: ReactNode; readonly side: string } | null;
}

/** A scene of tabs (巡防, 感知): its bar, the tab that is open, the map beside it, and what is chosen. */
export function TabbedPage<T extends string>({ className = '', tabs, tab, onTab, nameOf, navLabel, placed = true, map, chosen }: Props<T>) {
  const { t } = useText();
  const sound = useSound();
  useKeys(sound.toggle);
  const loaded = useServer((s) => s.loaded);
  const selection = useView((s) => s.selection);
  const [ask, setAsk] = useState<MapAsk | null>(null);
  // a map context is not given back when it is taken down: once there, it stays, out of sight
  const [mapped, setMapped] = useState(false);
  if (ask && !mapped) setMapped(true);
  const name = nameOf(tab);
  useTitle(name);
  const Tab: ComponentType = tabs[tab];
  const own = selection ? (chosen?.(selection) ?? null) : null;
  const side = own?.side ?? (selection ? 'sx-side' : '');
  return (
    <div className={`page sx ${className} ${ask ? 'sx-mapped' : ''} ${side} ${loaded ? '' : 'loading'}`}>
      <a className="skip" href="#sx-work">
        {t('sensing.skip')}
      </a>
      <TopBar sound={sound.state} onSound={sound.toggle} />
      {loaded ? (
        <MapSlot.Provider value={setAsk}>
          <main className="sx-work" id="sx-work" tabIndex={-1}>
            <div className="sx-head">
              <nav aria-label={navLabel}>
                {(Object.keys(tabs) as T[]).map((s) => (
                  <button
                    type="button"
                    key={s}
                    className={s === tab ? 'on' : ''}
                    aria-current={s === tab ? 'page' : undefined}
                    onClick={() => onTab(s)}
                  >
                    {nameOf(s)}
                  </button>
                ))}
              </nav>
              {placed && <AreaFilter />}
            </div>
            <div className="sx-tab">
              <Suspense fallback={<p className="empty">{t('sensing.loading')}</p>}>
                <Tab />
              </Suspense>
            </div>
          </main>
          {mapped && (
            <section className="map sx-map" aria-label={t('map.label')} hidden={!ask}>
              {map(ask)}
            </section>
          )}
          {selection?.kind === 'incident' ? (
            <Dossier key={selection.id} id={selection.id} />
          ) : own ? (
            own.page
          ) : selection ? (
            <Detail selection={selection} />
          ) : null}
        </MapSlot.Provider>
      ) : (
        <Skeleton />
      )}
      <Sheets />
      <LinkBanner />
      <Notice />
    </div>
  );
}
