import './time.css';
import { useEffect } from 'react';
import { partsOfAlarm } from '../../../model/alarm.ts';
import { ruleOf } from '../../../model/alarm-rules.ts';
import { useApp, useLiveServer, useReplay } from '../../app-context.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { Said } from './state-line.tsx';
import { Transport } from './transport.tsx';
import { useMore } from './use-more.tsx';

/** 回放: what lies over every scene while the past is shown. A frame, a label, the title of the page, a bar of keys, and what rings now. */
export function ReplayFrame() {
  const { t, at: clock } = useText();
  const on = useReplay((s) => s.on);
  const at = useReplay((s) => s.at);
  const speed = useReplay((s) => s.speed);
  const playing = useReplay((s) => s.playing);
  const phase = useReplay((s) => s.phase);
  const c = clock(at);
  const label = t('replay.at', { at: `${c.date} ${c.hms}` });
  useTitle(on ? label : null);
  useEffect(() => {
    const html = document.documentElement;
    html.classList.toggle('tm-on', on);
    html.classList.toggle('tm-seeking', on && phase !== 'shown' && phase !== 'waiting');
  }, [on, phase]);
  if (!on) return null;
  return (
    <>
      <div className="tm-frame" aria-hidden="true" />
      <p className="tm-label" aria-hidden="true">
        {label} {playing && t('replay.speed', { n: speed })}
      </p>
      <Bar label={label} />
      <Ringing />
    </>
  );
}

/** The keys where the strip is not in sight: every other scene, and under a dossier. */
function Bar({ label }: { label: string }) {
  const { t } = useText();
  const { replay } = useApp();
  const more = useMore();
  return (
    <section className="tm-bar" aria-label={t('replay.label')}>
      <b className="tm-when">{label}</b>
      <Transport />
      <Said />
      {more.button}
      <button type="button" className="bk tm-live" onClick={replay.live}>
        {t('replay.live')}
      </button>
      {more.sheet}
    </section>
  );
}

/** The moment stands before whatever the page is called, also when another scene is opened while it stands still. */
function useTitle(label: string | null) {
  useEffect(() => {
    const title = document.querySelector('title');
    if (label === null || !title) return;
    const before = `${label} · `;
    const mark = () => {
      if (!document.title.startsWith(before)) document.title = before + document.title;
    };
    mark();
    const renamed = new MutationObserver(mark);
    renamed.observe(title, { childList: true });
    return () => {
      renamed.disconnect();
      if (document.title.startsWith(before)) document.title = document.title.slice(before.length);
    };
  }, [label]);
}

/** 新 P1 仍响铃并浮出: what rings now, named, with the way to it. */
function Ringing() {
  const { t, at: clock, say } = useText();
  const { replay, view } = useApp();
  const world = useLiveServer((s) => s.world);
  const ringing = [
    ...[...world.alarms.values()].flatMap((a) => {
      if (a.priority !== 1 || a.state !== 'unack') return [];
      const kind = world.sensors.get(a.sensor)?.kind ?? '';
      const name = ruleOf(world, kind, partsOfAlarm(a.id).rule)?.name;
      return [{ kind: 'alarm' as const, id: a.id, at: a.raisedAt, name: name ? say(name) : a.id }];
    }),
    ...[...world.incidents.values()].flatMap((i) =>
      i.priority === 1 && i.state === 'reported' && !i.alarm
        ? [{ kind: 'incident' as const, id: i.id, at: i.reportedAt, name: i.title }]
        : [],
    ),
  ].sort((a, b) => b.at - a.at);
  const newest = ringing[0];
  if (!newest) return null;
  return (
    <p className="tm-p1" role="alert">
      <PriorityGlyph priority={1} u={16} />
      <b>{t('replay.liveP1', { name: newest.name })}</b>
      <span className="fig">{clock(newest.at).hms}</span>
      {ringing.length > 1 && <span>{t('replay.liveP1More', { n: ringing.length })}</span>}
      <button
        type="button"
        onClick={() => {
          replay.live();
          view.setState({ scene: 'overview', selection: { kind: newest.kind, id: newest.id } });
        }}
      >
        {t('replay.liveP1Go')}
      </button>
    </p>
  );
}
