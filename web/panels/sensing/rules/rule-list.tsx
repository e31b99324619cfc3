import { type AlarmRule, priorityOfRule, ruleKey } from '../../../../model/alarm-rule.ts';
import { sensorKindOf } from '../../../../model/centre.ts';
import type { Hours } from '../../../../model/hours.ts';
import type { RuleInfo } from '../../../alarm-rules-api.ts';
import { heldBy, useApp, useServer, useStop } from '../../../app-context.ts';
import { grouped, plainNumber } from '../../../design/format.ts';
import { PriorityGlyph } from '../../../design/glyphs.tsx';
import { useText } from '../../../design/use-text.ts';
import { narrow, toTab } from '../../../store/view-store.ts';
import { figureText, testText } from '../../alarm-words.ts';
import { actorName } from '../../dossier/log-text.ts';
import { useMay } from '../../dossier/rights.ts';

export interface KindRules {
  readonly kind: string;
  readonly sensors: number;
  readonly rules: readonly { readonly rule: AlarmRule; readonly standing: number; readonly info: RuleInfo | undefined }[];
}
const columns = ['rule', 'test', 'priority', 'delay', 'hours', 'overrides', 'standing', 'state', 'set'] as const;

/** Rules by kind of sensor: what each asks for in words, what hangs on it, who set it when. */
export function RuleList({ groups, chosen }: { groups: readonly KindRules[]; chosen: string | undefined }) {
  const { t, say } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const allowed = useMay('edit-rules', null);
  const stop = useStop();
  return (
    <table className="ru-list">
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col" className={`ru-c-${c}`}>
              {t(`alarmRules.col.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((g) => {
        const kind = sensorKindOf(world.centre, g.kind);
        const name = kind ? say(kind.name) : g.kind;
        return (
          <tbody key={g.kind}>
            <tr className="ru-kind">
              <th scope="rowgroup" colSpan={columns.length}>
                <span>
                  <b>{name}</b>
                  <span className="fig">{t('alarmRules.sensors', { n: grouped(g.sensors) })}</span>
                  {g.rules.length === 0 && <span>{t('alarmRules.noRules')}</span>}
                  {allowed && (
                    <button
                      type="button"
                      className="plain"
                      {...heldBy(stop)}
                      aria-label={t('alarmRules.addTo', { kind: name })}
                      onClick={() => narrow(view, { rule: `${g.kind}/` })}
                    >
                      {t('alarmRules.add')}
                    </button>
                  )}
                </span>
              </th>
            </tr>
            {g.rules.map((r) => (
              <Row key={r.rule.code} {...r} chosen={ruleKey(r.rule) === chosen} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}

function Row({ rule, standing, info, chosen }: KindRules['rules'][number] & { chosen: boolean }) {
  const { t, say, language, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const context = { t, world, language };
  const kind = sensorKindOf(world.centre, rule.kind);
  const priority = priorityOfRule(rule);
  const name = say(rule.name);
  const deadband = 'deadband' in rule.test ? rule.test.deadband : 0;
  const set =
    info && info.setAt !== null
      ? t('alarmRules.setBy', {
          at: `${at(info.setAt).date} ${at(info.setAt).hm}`,
          who: actorName({ world, t, language }, info.setBy ?? ''),
        })
      : t('alarmRules.simple');
  return (
    <tr className={`${chosen ? 'ru-chosen' : ''} ${rule.enabled ? '' : 'ru-off'}`}>
      <td className="ru-c-rule">
        <button
          type="button"
          aria-label={t('alarmRules.openRule', { name })}
          aria-current={chosen || undefined}
          onClick={() => narrow(view, { rule: ruleKey(rule) })}
        >
          {name}
        </button>
        <small>{rule.code}</small>
      </td>
      <td className="ru-c-test">
        {testText(context, rule.test, kind)}
        {deadband > 0 && (
          <small>{t('alarmWord.deadband', { value: figureText({ value: plainNumber(deadband), unit: kind?.unit ?? '' }) })}</small>
        )}
        {rule.latch && <small>{t('alarmWord.latches')}</small>}
      </td>
      <td className="ru-c-priority">
        <span>
          <PriorityGlyph priority={priority} u={16} />P{priority} {t(`priority.p${priority}`)}
        </span>
      </td>
      <td className="ru-c-delay fig">
        {rule.onDelayS || rule.offDelayS
          ? t('alarmRules.delays', { on: plainNumber(rule.onDelayS), off: plainNumber(rule.offDelayS) })
          : t('alarmRules.noDelay')}
      </td>
      <td className="ru-c-hours fig">
        <HoursText hours={rule.hours} />
      </td>
      <td className="ru-c-overrides fig">
        {rule.overrides.length ? t('alarmRules.nOverrides', { n: rule.overrides.length }) : t('alarmRules.none')}
      </td>
      <td className="ru-c-standing fig" data-label={t('alarmRules.col.standing')}>
        {standing > 0 ? (
          <button
            type="button"
            aria-label={t('alarmRules.openAlarms', { name, n: standing })}
            onClick={() => toTab(view, 'alarms', { kind: rule.kind, rule: rule.code })}
          >
            {grouped(standing)}
          </button>
        ) : (
          0
        )}
      </td>
      <td className="ru-c-state">{rule.enabled ? t('alarmRules.on') : t('alarmRules.off')}</td>
      <td className="ru-c-set">{set}</td>
    </tr>
  );
}

/** 每天 22:00–06:00, 周一、二 08:00–18:00; 全天 where there are none. */
function HoursText({ hours }: { hours: Hours }) {
  const { t } = useText();
  if (hours.length === 0) return t('alarmRules.always');
  const comma = t('alarmRules.dayComma');
  return hours
    .map((h) =>
      h.days.length === 7
        ? t('alarmRules.daily', h)
        : t('alarmRules.perDays', { ...h, days: h.days.map((d) => t(`alarmRules.day.d${d as 1}`)).join(comma) }),
    )
    .join(t('alarmRules.comma'));
}
