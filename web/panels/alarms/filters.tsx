import { useMemo } from 'react';
import { countStates, listAlarms } from '../../../model/alarm-groups.ts';
import { rulesByKind } from '../../../model/alarm-rules.ts';
import { alarmSource } from '../../../model/alarm-source.ts';
import { alarmKinds } from '../../../model/centre.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { ANY_STATE, filterOf, type ListMode, listModes, shownByDefault } from './params.ts';

/** 当前 · 按同因 · 历史 */
export function Modes({ mode }: { mode: ListMode }) {
  const { t } = useText();
  const { view } = useApp();
  const name = { now: 'now', cause: 'groups', past: 'past' } as const;
  return (
    <fieldset className="alr-modes">
      <legend className="sr">{t('alarmList.modes')}</legend>
      {listModes.map((m) => (
        <button key={m} type="button" aria-pressed={m === mode} onClick={() => narrow(view, { by: m, group: undefined })}>
          {t(`alarmList.mode.${name[m]}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** States with how many there are of each: what is shelved, suppressed or out of service is a press away, never out of sight. */
export function StateFilter() {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const params = useView((s) => s.params);
  const area = useView((s) => s.area);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the world only these matter
  const n = useMemo(
    () => countStates(listAlarms(world, filterOf({ ...params, state: ANY_STATE }, area))),
    [world.alarms, world.sensors, world.areas, params, area],
  );
  const standing = shownByDefault.reduce((sum, s) => sum + n[s], 0);
  const all = Object.values(n).reduce((a, b) => a + b, 0);
  const choices: readonly (readonly [value: string, word: string, count: number])[] = [
    ['', t('alarmList.standing'), standing],
    ...shownByDefault.map((s) => [s, t(`alarmState.${s}`), n[s]] as const),
    ...(['shelved', 'suppressed', 'out-of-service'] as const).map((s) => [s, t(`alarmState.${s}`), n[s]] as const),
    [ANY_STATE, t('alarmList.all'), all],
  ];
  const chosen = params.state ?? '';
  return (
    <fieldset className="alr-states">
      <legend className="sr">{t('alarmList.show')}</legend>
      {choices.map(([value, word, count]) => (
        <button
          key={value}
          type="button"
          aria-pressed={chosen === value}
          data-state-filter={value || 'standing'}
          onClick={() => narrow(view, { state: value })}
        >
          {word} <b className="fig">{grouped(count)}</b>
        </button>
      ))}
    </fieldset>
  );
}

/** 等级 类型 规则, and the device where the list was opened for one. */
export function Narrowing({ past = false }: { past?: boolean }) {
  const { t, say } = useText();
  const { view } = useApp();
  const params = useView((s) => s.params);
  const centre = useServer((s) => s.world.centre);
  const rules = useServer((s) => s.world.rules);
  const set = (key: string) => (e: { target: { value: string } }) => narrow(view, { [key]: e.target.value });
  const sensor = useServer((s) => (params.sensor ? (alarmSource(s.world, params.sensor)?.name ?? params.sensor) : ''));
  const ofKind = params.kind && !params.kind.includes(',') ? (rulesByKind({ centre, rules }).get(params.kind) ?? []) : [];
  const narrowed = ['priority', 'kind', 'rule', 'sensor', 'from', 'to'].some((k) => params[k]);
  return (
    <>
      <label className={`f ${params.priority ? 'set' : ''}`}>
        {t('alarmList.priority')}
        <select value={params.priority ?? ''} onChange={set('priority')}>
          <option value="">{t('alarmList.allOf')}</option>
          {([1, 2, 3, 4] as const).map((p) => (
            <option key={p} value={p}>
              P{p} {t(`priority.p${p}`)}
            </option>
          ))}
        </select>
      </label>
      <label className={`f ${params.kind ? 'set' : ''}`}>
        {t('alarmList.kind')}
        <select value={params.kind ?? ''} onChange={(e) => narrow(view, { kind: e.target.value, rule: undefined })}>
          <option value="">{t('alarmList.allOf')}</option>
          {alarmKinds(centre).map((k) => (
            <option key={k.code} value={k.code}>
              {say(k.name)}
            </option>
          ))}
        </select>
      </label>
      {ofKind.length > 1 && (
        <label className={`f ${params.rule ? 'set' : ''}`}>
          {t('alarmList.rule')}
          <select value={params.rule ?? ''} onChange={set('rule')}>
            <option value="">{t('alarmList.allOf')}</option>
            {ofKind.map((r) => (
              <option key={r.code} value={r.code}>
                {say(r.name)}
              </option>
            ))}
          </select>
        </label>
      )}
      {past &&
        (['from', 'to'] as const).map((k) => (
          <label key={k} className={`f ${params[k] ? 'set' : ''}`}>
            {t(`alarmList.${k}`)}
            <input type="date" value={params[k] ?? ''} onChange={set(k)} />
          </label>
        ))}
      {sensor && (
        <button type="button" className="plain" onClick={() => narrow(view, { sensor: undefined, rule: undefined })}>
          {t('alarmList.sensor', { name: sensor })} ×
        </button>
      )}
      {narrowed && !sensor && (
        <button
          type="button"
          className="plain"
          onClick={() =>
            narrow(view, { priority: undefined, kind: undefined, rule: undefined, sensor: undefined, from: undefined, to: undefined })
          }
        >
          {t('alarmList.clear')}
        </button>
      )}
    </>
  );
}
