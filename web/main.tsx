import '@fontsource-variable/noto-sans-sc/wght.css';
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-500.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '@fontsource/ibm-plex-sans-condensed/latin-400.css';
import '@fontsource/ibm-plex-sans-condensed/latin-500.css';
import '@fontsource/ibm-plex-sans-condensed/latin-600.css';
import '@fontsource/noto-serif-sc/700.css';
import './design/tokens.css';
import './design/base.css';
import i18next from 'i18next';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import type { AppParts } from './app-context.ts';
import { createCommands } from './commands.ts';
import { showPast } from './http.ts';
import { startI18n } from './i18n/i18n.ts';
import { connect } from './link.ts';
import { renewWhenReplaced } from './renew.ts';
import { filmApi } from './replay/film-api.ts';
import { createReplay, type Sources } from './replay/replay.ts';
import { toldWords } from './replay/told.ts';
import { bindAddress, parseAddress } from './store/address.ts';
import { createClock } from './store/clock.ts';
import { LatestStore } from './store/latest.ts';
import { bindMemory, recall } from './store/memory.ts';
import { createServerStore } from './store/server-store.ts';
import { createViewStore } from './store/view-store.ts';

const server = createServerStore();
const latest = new LatestStore();
const view = createViewStore({ ...recall(window.localStorage), ...parseAddress(window.location) });
bindAddress(view, window);
renewWhenReplaced(window, Date.now);
bindMemory(view, window.localStorage, document.documentElement);
await startI18n(view);
connect(server, latest, { url: window.location.origin });

const live: Sources = { server, latest, clock: createClock(server), commands: createCommands() };
const words = i18next.t;
const offset = () => server.getState().world.centre?.utcOffsetMinutes ?? 0;
const replay = createReplay({
  live,
  view,
  film: filmApi,
  tell: (told) => view.setState({ notice: toldWords(told, words, offset()) }),
  refused: () => words('replay.refused'),
});
showPast({
  at: () => (replay.state.getState().on ? replay.state.getState().at : null),
  unavailable: () => words('replay.unavailable'),
  refused: () => words('replay.refused'),
});
const parts: AppParts = { ...live, view, live, replay };
const root = document.getElementById('root');
if (root) createRoot(root).render(<App parts={parts} />);
