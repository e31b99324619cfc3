import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useApp } from '../../app-context.ts';
import { acknowledge } from '../../panels/acknowledge.ts';
import { sortAlarms } from '../../panels/alarm-panel.tsx';
import { isOpenScene, scenes } from '../../panels/top-bar.tsx';
import { toScene } from '../../store/view-store.ts';

/** Rows of the queue in the order they are shown. */
const rows = () => [...document.querySelectorAll<HTMLElement>('[data-row]')].filter((el) => el.offsetParent !== null);

/** The wall's keys (GUIDE §9). N, D, W, S, E and O belong to the dossier's own commands (command-bar.tsx); Enter presses what has the focus. */
export function useKeys(toggleSound: () => void) {
  const app = useApp();
  const { t } = useTranslation();
  useEffect(() => {
    const { view, server } = app;

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
      if (v.scene === 'sensing' && v.tab === 'matrix' && Object.keys(v.params).length) return view.setState({ params: {} });
      if (v.area) {
        const { areas } = server.getState().world;
        const parent = areas.get(v.area)?.parent;
        view.setState({ area: parent && areas.get(parent)?.parent ? parent : null, camera: null });
      }
    };

    const ack = () => {
      const { world } = server.getState();
      const focused = (document.activeElement as HTMLElement | null)?.dataset?.alarm;
      const v = view.getState().selection;
      const chosen = focused ?? (v?.kind === 'alarm' ? v.id : v?.kind === 'incident' ? world.incidents.get(v.id)?.alarm : undefined);
      const pick = chosen ? world.alarms.get(chosen) : undefined;
      // where no alarms are listed, only the one in view is acknowledged
      const first = view.getState().scene === 'overview' ? sortAlarms(world).find((a) => a.state === 'unack') : undefined;
      const alarm = pick && pick.state !== 'acked' ? pick : first;
      if (!alarm) return view.setState({ notice: t('notice.nothingToAck') });
      const kind = world.centre?.sensorKinds.find((k) => k.code === world.sensors.get(alarm.sensor)?.kind);
      void acknowledge(app, alarm.id, kind?.alarm[view.getState().language] ?? alarm.sensor, t);
    };

    const fullscreen = () =>
      document.fullscreenElement ? void document.exitFullscreen() : void document.documentElement.requestFullscreen?.().catch(() => {});

    const actions: Record<string, () => void> = {
      j: () => move(1),
      k: () => move(-1),
      escape: up,
      a: ack,
      m: toggleSound,
      i: () => view.setState({ intake: { lngLat: null } }),
      l: () => view.setState({ notice: t('notice.live') }),
      f: fullscreen,
      '?': () => view.setState({ sheet: view.getState().sheet?.kind === 'keys' ? null : { kind: 'keys' } }),
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
      const act = actions[key];
      if (!act) return;
      e.preventDefault();
      act();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [app, t, toggleSound]);
}
