import { may } from '../../../model/access.ts';
import { alarmId, calm, stateOf } from '../../../model/alarm.ts';
import type { AlarmAct } from '../../../model/alarm-forms.ts';
import { type AlarmRule, priorityOfRule, ruleKey } from '../../../model/alarm-rule.ts';
import { ruleForSensor, rulesByKind } from '../../../model/alarm-rules.ts';
import { alarmRights } from '../../../model/alarm-step.ts';
import { areaLabel } from '../../../model/area.ts';
import { type Sensor, treeOf } from '../../../model/world.ts';
import { heldBy, useApp, useServer, useStop } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { isCut } from '../../store/server-store.ts';
import { toTab } from '../../store/view-store.ts';
import { actOnAlarms, asks } from '../alarm-acts.ts';
import { ruleText } from '../alarm-words.ts';

/** 规则: those that hold for a sensor, what it has otherwise than its kind, how its alarm stands, and what may be done to it. */
export function DeviceRules({ sensor }: { sensor: Sensor }) {
  const { t } = useText();
  const { view } = useApp();
  const centre = useServer((s) => s.world.centre);
  const rules = useServer((s) => s.world.rules);
  const fresh = useFreshness();
  const own = rulesByKind({ centre, rules }).get(sensor.kind) ?? [];
  return (
    <Panel
      id="rules-of"
      title={t('device.rules')}
      n={own.length}
      fresh={fresh}
      sub={
        <button type="button" className="plain" onClick={() => toTab(view, 'rules', { kind: sensor.kind })}>
          {t('device.allRules')}
        </button>
      }
    >
      {own.length === 0 ? (
        <p className="empty">{t('device.noRules')}</p>
      ) : (
        <ul className="dm-rules">
          {own.map((r) => (
            <Rule key={ruleKey(r)} rule={r} sensor={sensor} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

/** Which of its overrides say something about this sensor: its own, and those of the places around it. */
function overridesOf(rule: AlarmRule, sensor: Sensor, around: readonly string[]) {
  return rule.overrides.filter((o) => o.sensor === sensor.id || (o.area !== undefined && around.includes(o.area)));
}

function Rule({ rule, sensor }: { rule: AlarmRule; sensor: Sensor }) {
  const { t, say, at, language } = useText();
  const app = useApp();
  const world = useServer((s) => s.world);
  const actor = useServer((s) => s.actor);
  const cut = useServer(isCut);
  const stop = useStop();
  const tree = treeOf(world);
  const held = ruleForSensor(world, rule, sensor);
  const around = sensor.area === null ? [] : tree.path(sensor.area).map((a) => a.code as string);
  const id = alarmId(sensor.id, rule.code);
  const alarm = world.alarms.get(id);
  const condition = alarm ?? calm;
  const state = stateOf(condition);
  const c = { t, world, language };
  const fits: Partial<Record<AlarmAct, boolean>> = {
    acknowledge: !condition.acked,
    reset: condition.latched,
    shelve: !condition.shelf && !condition.outOfService,
    unshelve: condition.shelf !== null,
    remove: !condition.outOfService,
    return: condition.outOfService !== null,
  };
  const acts = (Object.keys(fits) as AlarmAct[]).filter(
    (act) => fits[act] && !cut && actor && may(actor, alarmRights[act], alarm?.area ?? sensor.area, tree).ok,
  );
  const act = (what: AlarmAct) => {
    if (asks(what)) app.view.setState({ sheet: { kind: 'alarm-act', act: what, alarms: [id] } });
    else void actOnAlarms(app, t, [id], { act: what });
  };
  return (
    <li>
      <div className="dm-rule">
        <PriorityGlyph priority={priorityOfRule(held)} u={14} hollow={!condition.active} />
        <b>{say(rule.name)}</b>
        <span>{held.enabled ? ruleText(c, held) : t('device.off')}</span>
      </div>
      {overridesOf(rule, sensor, around).map((o) => (
        <p key={o.sensor ?? o.area} className="dm-over">
          {t('device.override', { who: o.sensor ? t('device.thisDevice') : areaLabel(tree, o.area!), usual: ruleText(c, rule) })}
        </p>
      ))}
      <div className="dm-acts">
        <button type="button" className="plain" disabled={!alarm} onClick={() => app.view.setState({ selection: { kind: 'alarm', id } })}>
          {t(`alarmState.${state}`)}
        </button>
        {condition.shelf && (
          <span>
            {t('device.shelfUntil', {
              at: `${at(condition.shelf.until).date} ${at(condition.shelf.until).hm}`,
              reason: condition.shelf.reason,
            })}
          </span>
        )}
        {condition.outOfService && <span>{condition.outOfService.reason}</span>}
        {acts.map((a) => (
          <button type="button" key={a} className="quiet" {...heldBy(stop)} onClick={() => act(a)}>
            {t(`alarmAct.${a}`)}
          </button>
        ))}
      </div>
    </li>
  );
}
