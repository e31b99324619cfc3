import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alarm } from '../../../model/alarm.ts';
import type { AlarmAct } from '../../../model/alarm-forms.ts';
import { listAlarms } from '../../../model/alarm-groups.ts';
import { useApp } from '../../app-context.ts';
import { begin } from '../../panels/alarm-acts.ts';
import { floodSince, wallRows } from '../../panels/alarm-panel.tsx';
import { cellWords } from '../../panels/sensing/matrix-figures.ts';
import { isOpenScene, scenes } from '../../panels/top-bar.tsx';
import { STEP_BY_MS } from '../../replay/replay.ts';
import { shownNow } from '../../store/server-store.ts';
import { toScene } from '../../store/view-store.ts';

/** Rows of the queue in the order they are shown. */
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((el) => el.offsetParent !== null);

/** The wall's keys (GUIDE §9). While a dossier is open N, D, W, S, E and O are its own commands (command-bar.tsx), else they are the alarm's; Enter presses what has the focus. */
export function useKeys(toggleSound: () => void) {
  const app = useApp();
  const { t } = useTranslation();
  useEffect(() => {
    const { view, server, replay } = app;

    const move = (by: 1 | -1) => {
      const list = rows();
      if (list.length === 0) return;
      const selected = view.getState().selection;
      const focused = list.indexOf(document.activeElement as HTMLElement);
      const at = focused >= 0 ? focused : list.findIndex((el) => el.dataset.row === selected?.id);
      list[at < 0 ? (by > 0 ? 0 : list.length - 1) : (at + by + list.length) % list.length]?.focus();
    };

    const up = () => {
      const v = view.getState();
      if (v.sheet) return view.setState({ sheet: null });
      if (v.selection) {
        const { id } = v.selection;
        view.setState({ selection: null });
        rows()
          .find((el) => el.dataset.row === id)
          ?.focus();
        return;
      }
      if (v.scene === 'sensing' && v.tab === 'matrix' && cellWords.some((w) => v.params[w])) return view.setState({ params: {} });
      if (v.area) {
        const { areas } = server.getState().world;
        const parent = areas.get(v.area)?.parent;
        view.setState({ area: parent && areas.get(parent)?.parent ? parent : null, camera: null });
      }
    };

    const standing = (ids: Iterable<string | undefined>) => {
      const { alarms } = server.getState().world;
      return [...ids].flatMap((id) => (id === undefined ? [] : (alarms.get(id) ?? [])));
    };
    /** Alarms behind elements of the panel; a group in a flood stands for its members. */
    const behind = (elements: readonly (HTMLElement | null)[]): Alarm[] => {
      const wanted = new Set(elements.flatMap((el) => el?.dataset.alarmGroup ?? []));
      const s = server.getState();
      const rows = wanted.size ? wallRows(s.world, listAlarms(s.world), floodSince(s.world, shownNow(s)) !== null) : [];
      const members = rows.flatMap((r) => ('members' in r && wanted.has(r.key) ? r.members : []));
      return [...standing(elements.map((el) => el?.dataset.alarm)), ...members];
    };
    /** What is meant without a word: the row in focus, else what is chosen. */
    const meant = (): Alarm[] => {
      const focused = behind([document.activeElement as HTMLElement | null]);
      if (focused.length) return focused;
      const v = view.getState().selection;
      return standing([
        v?.kind === 'alarm' ? v.id : v?.kind === 'incident' ? (server.getState().world.incidents.get(v.id)?.alarm ?? undefined) : undefined,
      ]);
    };
    const listed = () =>
      [...document.querySelectorAll<HTMLElement>('[data-alarm], [data-alarm-group]')].filter((el) => el.offsetParent !== null);
    const ack = (all: boolean) => {
      const rows = all ? listed() : [document.activeElement as HTMLElement | null];
      // a row stands for who is behind it when the answer comes, too
      const now = () => behind(rows);
      if (all) return begin(app, t, 'acknowledge', now(), now);
      const chosen = meant().filter((a) => !a.acked);
      // where no alarms are listed, only the one in view is acknowledged
      const first =
        chosen.length === 0 && view.getState().scene === 'overview'
          ? listAlarms(server.getState().world)
              .filter((a) => !a.acked)
              .slice(0, 1)
          : [];
      begin(app, t, 'acknowledge', chosen.length ? chosen : first, now);
    };
    /** An act on the alarm in focus or chosen; an open dossier has these keys for its own steps. */
    const act = (what: AlarmAct) => {
      const { selection, scene } = view.getState();
      if (selection?.kind === 'incident') return;
      const chosen = meant();
      const first = what === 'shelve' && scene === 'overview' ? listAlarms(server.getState().world).slice(0, 1) : [];
      if (chosen.length || first.length) begin(app, t, what, chosen.length ? chosen : first);
    };
    const intake = () => {
      if (server.getState().past) return view.setState({ notice: t('replay.refused') });
      const [alarm] = view.getState().selection?.kind === 'incident' ? [] : meant();
      const made = alarm && [...server.getState().world.incidents.values()].find((i) => i.alarm === alarm.id);
      if (made) return view.setState({ selection: { kind: 'incident', id: made.id } });
      view.setState({ intake: alarm ? { lngLat: alarm.lngLat, alarm: alarm.id } : { lngLat: null } });
    };

    const fullscreen = () =>
      document.fullscreenElement ? void document.exitFullscreen() : void document.documentElement.requestFullscreen?.().catch(() => {});

    const actions: Record<string, () => void> = {
      j: () => move(1),
      k: () => move(-1),
      escape: up,
      a: () => ack(false),
      s: () => act('shelve'),
      r: () => act('reset'),
      n: () => act('note'),
      o: () => act(meant().every((a) => a.outOfService) ? 'return' : 'remove'),
      m: toggleSound,
      i: intake,
      l: () => (replay.state.getState().on ? replay.live() : view.setState({ notice: t('notice.live') })),
      f: fullscreen,
      '?': () => view.setState({ sheet: view.getState().sheet?.kind === 'keys' ? null : { kind: 'keys' } }),
    };
    /** 时间机: where the strip is in sight, or the past is shown; not in what takes these keys itself. */
    const travel = (e: KeyboardEvent): (() => void) | undefined => {
      if (view.getState().scene !== 'overview' && !replay.state.getState().on) return;
      const target = e.target as HTMLElement | null;
      // the strip takes its own keys and stops them there: what comes from it is not taken
      const taken =
        e.key === ' ' ? 'button, a, summary, [tabindex="0"]:not(.tm-slider)' : '[role="application"], [role="grid"], [role="tablist"]';
      if (target?.closest?.(taken)) return;
      if (e.key === ' ') return replay.toggle;
      if (e.key === 'ArrowLeft') return () => (e.shiftKey ? replay.toEvent('prev') : replay.step(-STEP_BY_MS));
      if (e.key === 'ArrowRight') return () => (e.shiftKey ? replay.toEvent('next') : replay.step(STEP_BY_MS));
    };
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
      if ((e.target as HTMLElement | null)?.closest?.('input, textarea, select')) return;
      const key = e.key.toLowerCase();
      if (view.getState().intake) return;
      if (view.getState().sheet && key !== 'escape' && key !== '?') return;
      const scene = '123456'.indexOf(key);
      if (key.length === 1 && scene >= 0) {
        const key = scenes[scene]!;
        if (isOpenScene(key)) toScene(view, key);
        else view.setState({ notice: t('scenes.later', { name: t(`scenes.${key}`) }) });
        return;
      }
      const action = travel(e) ?? (key === 'a' && e.shiftKey ? () => ack(true) : actions[key]);
      if (!action) return;
      e.preventDefault();
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [app, t, toggleSound]);
}
