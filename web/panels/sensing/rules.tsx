import { kindOfSource } from '../../../model/alarm-source.ts';
import { alarmKinds, sensorKindOf, UNIT_KIND } from '../../../model/centre.ts';
import './rules/rules.css';
import { useEffect, useMemo, useState } from 'react';
import { priorityOfRule, ruleKey } from '../../../model/alarm-rule.ts';
import { ruleOf, rulesByKind } from '../../../model/alarm-rules.ts';
import { fetchRules, type RuleInfo } from '../../alarm-rules-api.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { useMay } from '../dossier/rights.ts';
import { RuleEditor } from './rules/editor.tsx';
import { type KindRules, RuleList } from './rules/rule-list.tsx';

/** 感知 · 规则: the rules that raise alarms, by kind of sensor, and the one that is being written. */
export function RulesTab() {
  const { t, say } = useText();
  const { view } = useApp();
  const fresh = useFreshness();
  const world = useServer((s) => s.world);
  const params = useView((s) => s.params);
  const allowed = useMay('edit-rules', null);
  const { infos, failed } = useInfos();
  const groups = useGroups(infos, params.kind, params.on === '1');
  const all = groups.flatMap((g) => g.rules);
  const on = all.filter((r) => r.rule.enabled).length;
  const standing = all.reduce((n, r) => n + r.standing, 0);

  const [kindCode, code] = splitKey(params.rule);
  const kind = sensorKindOf(world.centre, kindCode);
  const known = kind && (code === '' || ruleOf(world, kind.code, code ?? '') !== undefined);
  return (
    <Panel
      id="rules"
      title={t('alarmRules.title')}
      n={all.length}
      sub={t('alarmRules.sub', { on, off: all.length - on, standing })}
      fresh={fresh}
      className={`ru ${params.rule === undefined ? '' : 'ru-open'}`}
    >
      <div className="ru-work">
        <div className="ru-left">
          <div className="ru-bar">
            <label className={`f ${params.kind ? 'set' : ''}`}>
              {t('alarmRules.kinds')}
              <select value={params.kind ?? ''} onChange={(e) => narrow(view, { kind: e.target.value })}>
                <option value="">{t('alarmRules.allKinds')}</option>
                {alarmKinds(world.centre).map((k) => (
                  <option key={k.code} value={k.code}>
                    {say(k.name)}
                  </option>
                ))}
              </select>
            </label>
            <label className="ru-check">
              <input
                type="checkbox"
                checked={params.on === '1'}
                onChange={(e) => narrow(view, { on: e.target.checked ? '1' : undefined })}
              />
              {t('alarmRules.onlyOn')}
            </label>
            {!allowed && <span className="ru-about">{t('alarmRules.readOnly')}</span>}
            {failed && <span className="ru-why">{t('alarmRules.failed', { rule: failed })}</span>}
          </div>
          {groups.length > 0 ? <RuleList groups={groups} chosen={params.rule} /> : <p className="empty">{t('alarmRules.empty')}</p>}
        </div>
        {params.rule !== undefined &&
          (kind && known ? (
            <RuleEditor key={params.rule} kind={kind} code={code || null} info={infos.get(params.rule)} />
          ) : (
            <section className="ru-editor">
              <p className="empty">{t('alarmRule.gone', { key: params.rule })}</p>
              <button type="button" className="plain" onClick={() => narrow(view, { rule: undefined })}>
                {t('alarmRule.back')}
              </button>
            </section>
          ))}
      </div>
    </Panel>
  );
}

/** `gas/high` -> its kind and code; `gas/` = a new rule of that kind. */
const splitKey = (key: string | undefined): [string?, string?] => (key === undefined ? [] : (key.split('/') as [string, string]));

/** Who set which rule when, asked again whenever a rule has changed. */
function useInfos() {
  const rules = useServer((s) => s.world.rules);
  const [infos, setInfos] = useState<ReadonlyMap<string, RuleInfo>>(new Map());
  const [failed, setFailed] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed set of rules is the reason to ask again
  useEffect(() => {
    const stop = new AbortController();
    fetchRules(stop.signal)
      .then((answer) => {
        setInfos(new Map(answer.rules.map((r) => [ruleKey(r.rule), r])));
        setFailed(null);
      })
      .catch((e: unknown) => stop.signal.aborted || setFailed(e instanceof Error ? e.message : String(e)));
    return () => stop.abort();
  }, [rules]);
  return { infos, failed };
}

/** Rules and standing alarms as the world has them now, kinds in the order of the centre. */
function useGroups(infos: ReadonlyMap<string, RuleInfo>, only: string | undefined, enabledOnly: boolean): KindRules[] {
  const world = useServer((s) => s.world);
  const { sensors, units, alarms, centre, rules } = world;
  const perKind = useMemo(() => {
    const n = new Map<string, number>();
    for (const s of sensors.values()) n.set(s.kind, (n.get(s.kind) ?? 0) + 1);
    return n.set(UNIT_KIND.code, units.size);
  }, [sensors, units]);
  const standing = useMemo(() => {
    const n = new Map<string, number>();
    for (const a of alarms.values()) {
      const kind = a.active ? kindOfSource({ sensors, units }, a.sensor) : undefined;
      if (kind !== undefined) n.set(`${kind}/${a.rule}`, (n.get(`${kind}/${a.rule}`) ?? 0) + 1);
    }
    return n;
  }, [alarms, sensors, units]);
  return useMemo(() => {
    const byKind = rulesByKind({ centre, rules });
    return alarmKinds(centre)
      .filter((k) => !only || k.code === only)
      .map((k) => ({
        kind: k.code,
        sensors: perKind.get(k.code) ?? 0,
        rules: (byKind.get(k.code) ?? [])
          .filter((rule) => !enabledOnly || rule.enabled)
          .sort((a, b) => priorityOfRule(a) - priorityOfRule(b) || (a.code < b.code ? -1 : 1))
          .map((rule) => ({ rule, standing: standing.get(ruleKey(rule)) ?? 0, info: infos.get(ruleKey(rule)) })),
      }))
      .filter((g) => !enabledOnly || g.rules.length > 0);
  }, [centre, rules, perKind, standing, infos, only, enabledOnly]);
}
