import { type Incident, isOpen } from '../../../model/incident.ts';
import { duration } from '../../design/format.ts';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { useLimitText } from './limit-text.ts';
import { stagesOf } from './stages.ts';

export function Stepper({ incident: i }: { incident: Incident }) {
  const { t, at } = useText();
  const limit = useLimitText();
  const now = useNow();
  return (
    <ol className="st6" aria-label={t('dossier.steps')}>
      {stagesOf(i).map((s) => (
        <li
          key={s.key}
          className={s.status === 'done' ? 'd' : s.status === 'current' ? 'd c' : 'f'}
          aria-current={s.status === 'current' && isOpen(i) ? 'step' : undefined}
        >
          <i />
          <b>{t(`stage.${s.key}`)}</b>
          <span className="fig">{s.at === null ? '—' : at(s.at).hms}</span>
          <em className="fig">
            {s.status === 'current' && s.since !== null && isOpen(i)
              ? t('dossier.since', { d: duration(Math.max(0, now - s.since)) })
              : s.took !== null
                ? duration(s.took)
                : s.key === 'report'
                  ? t(`source.${i.source}`)
                  : ''}
            {s.clock && (s.status === 'current' ? ' · ' : '')}
            {s.clock && t('dossier.within', { limit: limit(s.clock) })}
          </em>
        </li>
      ))}
    </ol>
  );
}

/** What holds it up or must be decided: an extension asked for, 挂账, a call for help, a merger. */
export function Attention({ incident: i, title }: { incident: Incident; title: (id: string) => string }) {
  const { t, at } = useText();
  const lines = [
    i.extension &&
      t('dossier.attention.extension', {
        more: t('clocks.limit', { n: i.extension.n, unit: t(`clocks.unit.${i.extension.unit}`) }),
        reason: i.extension.reason,
      }),
    i.suspension &&
      t('dossier.attention.suspended', {
        at: `${at(i.suspension.reviewAt).date} ${at(i.suspension.reviewAt).hm}`,
        reason: i.suspension.reason,
      }),
    i.helpAskedAt !== null && isOpen(i) && t('dossier.attention.help', { at: at(i.helpAskedAt).hm }),
    i.into !== null && t('dossier.attention.merged', { title: title(i.into) }),
  ].filter((line): line is string => typeof line === 'string');
  if (lines.length === 0) return null;
  return (
    <ul className="attention">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
