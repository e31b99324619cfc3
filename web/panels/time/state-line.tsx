import { partsOfAlarm } from '../../../model/alarm.ts';
import { ruleOf } from '../../../model/alarm-rules.ts';
import { incidentOf } from '../../../model/world.ts';
import { useApp, useReplay, useServer } from '../../app-context.ts';
import { duration } from '../../design/format.ts';
import { useText } from '../../design/use-text.ts';
import { useLiveNow } from '../../store/clock.ts';

const kinds = ['incident.reported', 'incident.closed', 'alarm.raised'] as const;

/** 正在显示 14:26:08, and of the past how far it is behind, what was stepped to, and what went wrong. */
export function StateLine({ at }: { at: number }) {
  const { t, at: clock } = useText();
  const on = useReplay((s) => s.on);
  const c = clock(at);
  return (
    <div className={on ? 'pt tm-past' : 'pt'}>
      <small>{on ? `${t('replay.shown')} ${c.date}` : t('time.showing')}</small>
      {c.hms}
    </div>
  );
}

/** What is to be said of the replay now, in one line. */
export function Said() {
  const { t, at: clock, say } = useText();
  const { replay } = useApp();
  const s = useReplay((r) => r);
  const now = useLiveNow();
  const world = useServer((w) => w.world);
  if (s.phase === 'failed')
    return (
      <span className="tm-said p2" role="alert">
        {t('replay.failed', { rule: s.error ?? '' })}{' '}
        <button type="button" onClick={replay.retry}>
          {t('retry')}
        </button>
      </span>
    );
  if (s.phase === 'seeking') return <span className="tm-said">{t('replay.seeking', { at: clock(s.at).hms })}</span>;
  if (s.phase === 'waiting') return <span className="tm-said">{t('replay.waiting')}</span>;
  const event = s.event?.at === s.at ? s.event : null;
  const behind = t('replay.behind', { by: duration(now - s.at) });
  if (!event)
    return (
      <span className="tm-said">
        {behind} · {s.playing ? t('replay.readOnly') : t('replay.paused')}
        {s.source === 'rebuilt' && <span title={t('replay.rebuiltTitle')}> · {t('replay.rebuilt')}</span>}
      </span>
    );
  const alarm = world.alarms.get(event.subject);
  const rule = alarm && ruleOf(world, world.sensors.get(alarm.sensor)?.kind ?? '', partsOfAlarm(alarm.id).rule);
  const name = incidentOf(world, event.subject)?.title ?? (rule ? say(rule.name) : '');
  const kind = kinds.find((k) => k === event.kind) ?? (event.kind.includes('whistle') ? 'whistle' : 'other');
  return (
    <span className="tm-said" role="status">
      {t(`replay.events.${kind}`)} {name} · {behind}
    </span>
  );
}
