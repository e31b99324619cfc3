import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { type AlarmRule, consequences, priorityOf, ruleKey } from '../../../../model/alarm-rule.ts';
import { ruleOf, rulesByKind } from '../../../../model/alarm-rules.ts';
import { OTHER_CATEGORY, type Priority, type SensorKind } from '../../../../model/centre.ts';
import { type RuleInfo, setRule, type TrialAnswer, tryRule } from '../../../alarm-rules-api.ts';
import { heldBy, useApp, useServer, useStop } from '../../../app-context.ts';
import { PriorityGlyph } from '../../../design/glyphs.tsx';
import { useText } from '../../../design/use-text.ts';
import { ApiError } from '../../../http.ts';
import { narrow } from '../../../store/view-store.ts';
import { useMay } from '../../dossier/rights.ts';
import { type Draft, draftOf, missing, newDraft, sameRule, trialKey, type Wrong, written } from './draft.ts';
import { CheckField, FormContext, SelectField, TextField } from './fields.tsx';
import { HoursFields } from './hours-fields.tsx';
import { Overrides } from './overrides.tsx';
import { TestFields } from './test-fields.tsx';
import { TrialResult } from './trial.tsx';

interface Tried {
  readonly key: string;
  readonly rule: AlarmRule;
  readonly answer: TrialAnswer;
}
const none: ReadonlyMap<string, Wrong> = new Map();
const sentence = (e: unknown) => (e instanceof Error ? e.message : String(e));

/** One rule in its form; `code` null = a new one of the kind. Give it a key: another rule is another editor. */
export function RuleEditor({ kind, code, info }: { kind: SensorKind; code: string | null; info: RuleInfo | undefined }) {
  const { t, say, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const allowed = useMay('edit-rules', null);
  const stop = useStop();
  const stored = code === null ? undefined : ruleOf(world, kind.code, code);
  const [first] = useState(stored);
  const [before, setBefore] = useState(first);
  const [draft, setDraft] = useState<Draft>(() =>
    first ? draftOf(first) : newDraft(kind, new Set((rulesByKind(world).get(kind.code) ?? []).map((r) => r.code))),
  );
  const [touched, setTouched] = useState(false);
  const [refused, setRefused] = useState(none);
  const [failed, setFailed] = useState<string | null>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  const [busy, setBusy] = useState<'try' | 'save' | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus({ preventScroll: false }), []);
  const seen = useRef(stored);
  useEffect(() => {
    if (stored === seen.current) return;
    seen.current = stored;
    // what others make of the rule is taken over as long as nothing was typed here
    if (touched || !stored) return;
    setBefore(stored);
    setDraft(draftOf(stored));
  }, [stored, touched]);

  const now = useMemo(() => written(draft, world), [draft, world]);
  const lacks = missing(now, before, tried?.key ?? null);
  const wrong = refused.size ? refused : touched && now.wrong ? now.wrong : none;
  const change = (to: Partial<Draft>) => {
    setDraft((d) => ({ ...d, ...to }));
    setTouched(true);
    setRefused(none);
    setFailed(null);
  };
  const close = () => narrow(view, { rule: undefined });

  function refuse(e: unknown, key: 'alarmRule.tryFailed' | 'alarmRule.saveFailed') {
    if (e instanceof ApiError && e.field.startsWith('rule.')) {
      setRefused(new Map([[e.field.slice('rule.'.length), { key: 'rule', rule: e.message }]]));
      setFailed(t(key, { rule: `${e.field.slice('rule.'.length)}: ${e.message}` }));
    } else setFailed(t(key, { rule: sentence(e) }));
  }
  async function tryIt() {
    setTouched(true);
    if (!now.rule) return;
    setBusy('try');
    setFailed(null);
    const rule = { ...now.rule, enabled: true };
    try {
      setTried({ key: trialKey(rule), rule, answer: await tryRule(rule) });
    } catch (e) {
      refuse(e, 'alarmRule.tryFailed');
    }
    setBusy(null);
  }
  async function save() {
    setTouched(true);
    const { rule } = now;
    if (!rule || lacks) return;
    setBusy('save');
    const trial = tried && tried.key === trialKey(rule) ? tried.answer : null;
    try {
      await setRule(rule, trial && { from: trial.from, to: trial.to, raised: trial.raised });
      setBefore(rule);
      setTouched(false);
      view.setState({ notice: t('alarmRule.saved', { name: say(rule.name) }) });
      narrow(view, { rule: ruleKey(rule) });
    } catch (e) {
      refuse(e, 'alarmRule.saveFailed');
    }
    setBusy(null);
  }

  const lack = !allowed
    ? t('alarmRule.missing.right')
    : lacks === null
      ? null
      : t(`alarmRule.missing.${lacks}`, { n: now.wrong?.size ?? 0 });
  const moved = touched && stored && before && !sameRule(before, stored);
  return (
    <FormContext.Provider value={{ wrong, locked: !allowed || busy !== null }}>
      <section className="ru-editor" aria-labelledby="rule-editor-title">
        <header className="ru-top">
          <h3 id="rule-editor-title" ref={title} tabIndex={-1}>
            {before ? t('alarmRule.edit', { name: say(before.name), kind: say(kind.name) }) : t('alarmRule.new', { kind: say(kind.name) })}
          </h3>
          <button type="button" className="plain" onClick={close}>
            {t('alarmRule.close')}
          </button>
        </header>
        {!allowed && <p className="ru-why">{t('alarmRules.readOnly')}</p>}
        <Part name="what">
          <TextField field="name.zh" label={t('alarmRule.nameZh')} value={draft.zh} onChange={(zh) => change({ zh })} />
          <TextField field="name.en" label={t('alarmRule.nameEn')} value={draft.en} onChange={(en) => change({ en })} />
          <TextField
            field="code"
            label={t('alarmRule.code')}
            value={draft.code}
            fixed={before !== undefined}
            hint={before ? undefined : t('alarmRule.codeHint')}
            wide={before === undefined}
            onChange={(code) => change({ code })}
          />
          <TestFields draft={draft} kind={kind} change={change} />
        </Part>
        <Part name="when">
          <Seconds field="onDelayS" label={t('alarmRule.onDelay')} value={draft.onDelayS} onChange={(onDelayS) => change({ onDelayS })} />
          <Seconds
            field="offDelayS"
            label={t('alarmRule.offDelay')}
            value={draft.offDelayS}
            onChange={(offDelayS) => change({ offDelayS })}
          />
          <HoursFields field="hours" label={t('alarmRule.hours')} hours={draft.hours} onChange={(hours) => change({ hours })} />
        </Part>
        <Part name="weight">
          <Weight draft={draft} change={change} />
        </Part>
        <Part name="hide">
          <Hiding draft={draft} kind={kind} change={change} />
        </Part>
        <Part name="overrides">
          <Overrides draft={draft} unit={kind.unit} change={change} />
        </Part>
        <Part name="trial">
          {info && !info.simple && (
            <p className="ru-about">
              {info.trial
                ? t('alarmRule.lastTrial', { from: at(info.trial.from).date, to: at(info.trial.to).date, n: info.trial.raised })
                : t('alarmRule.noTrial')}
            </p>
          )}
          {tried && <TrialResult rule={tried.rule} answer={tried.answer} stale={!now.rule || trialKey(now.rule) !== tried.key} />}
        </Part>
        <footer className="ru-foot">
          <CheckField label={t('alarmRule.enabled')} checked={draft.enabled} onChange={(enabled) => change({ enabled })} />
          <button type="button" disabled={!allowed || busy !== null || !now.rule} {...heldBy(stop)} onClick={tryIt}>
            {busy === 'try' ? t('alarmRule.trying') : t('alarmRule.try')}
          </button>
          <button type="button" className="ru-save" disabled={lack !== null || busy !== null} {...heldBy(stop)} onClick={save}>
            {busy === 'save' ? t('alarmRule.saving') : t('alarmRule.save')}
            {lack && lacks !== 'unchanged' && <small>{lack}</small>}
          </button>
          {touched && lacks !== 'unchanged' && before && (
            <button
              type="button"
              className="plain"
              onClick={() => {
                setDraft(draftOf(stored ?? before));
                setBefore(stored ?? before);
                setTouched(false);
                setRefused(none);
                setFailed(null);
              }}
            >
              {t('alarmRule.revert')}
            </button>
          )}
          {(failed || moved) && (
            <p className="ru-why" role="alert">
              {failed ?? t('alarmRule.changedMeanwhile')}
            </p>
          )}
        </footer>
      </section>
    </FormContext.Provider>
  );
}

function Part({ name, children }: { name: 'what' | 'when' | 'weight' | 'hide' | 'overrides' | 'trial'; children: ReactNode }) {
  const { t } = useText();
  return (
    <div className="ru-part">
      <h4>{t(`alarmRule.part.${name}`)}</h4>
      <div className="ru-grid">{children}</div>
    </div>
  );
}
function Seconds(props: { field: string; label: string; value: string; onChange: (value: string) => void }) {
  const { t } = useText();
  return <TextField figure unit={t('alarmRule.unit.s')} {...props} />;
}
function Minutes(props: { field: string; label: string; value: string; hint?: string; onChange: (value: string) => void }) {
  const { t } = useText();
  return <TextField figure unit={t('alarmRule.unit.min')} {...props} />;
}

type Change = (to: Partial<Draft>) => void;
/** The priority that the form gives by now; null = not said yet. */
function priorityNow(d: Draft): Priority | null {
  if (d.priority !== '') return d.priority;
  const minutes = Number(d.respondMinutes);
  return d.consequence !== '' && minutes > 0 ? priorityOf(d.consequence, minutes) : null;
}

/** 后果 × 允许处置时间, and the priority they give. */
function Weight({ draft, change }: { draft: Draft; change: Change }) {
  const { t, say } = useText();
  const categories = useServer((s) => s.world.centre?.categories) ?? [];
  const priority = priorityNow(draft);
  const label = priority && `P${priority} ${t(`priority.p${priority}`)}`;
  return (
    <>
      <SelectField
        field="consequence"
        label={t('alarmRule.consequence')}
        value={draft.consequence}
        options={[['', t('alarmRule.choose')], ...consequences.map((c) => [c, t(`alarmRule.consequences.${c}`)] as const)]}
        onChange={(consequence) => change({ consequence })}
      />
      <Minutes
        field="respondMinutes"
        label={t('alarmRule.respond')}
        value={draft.respondMinutes}
        onChange={(respondMinutes) => change({ respondMinutes })}
      />
      <SelectField
        field="priority"
        label={t('alarmRule.priority')}
        value={draft.priority === '' ? '' : (String(draft.priority) as '1')}
        options={[
          ['', t('alarmRule.byTable')],
          ...([1, 2, 3, 4] as const).map((p) => [String(p) as '1', `P${p} ${t(`priority.p${p}`)}`] as const),
        ]}
        onChange={(p) => change({ priority: p === '' ? '' : (Number(p) as Priority) })}
      />
      {priority && (
        <p className="ru-gives">
          <PriorityGlyph priority={priority} u={18} />
          {draft.priority === '' && draft.consequence !== ''
            ? t('alarmRule.gives', {
                consequence: t(`alarmRule.consequences.${draft.consequence}`),
                minutes: draft.respondMinutes,
                priority: label,
              })
            : t('alarmRule.fixed', { priority: label })}
        </p>
      )}
      <SelectField
        field="incident"
        label={t('alarmRule.incident')}
        value={draft.incident}
        hint={draft.incident && priority && priority !== 1 ? t('alarmRule.incidentNote', { priority: label }) : undefined}
        options={[
          ['', t('alarmRule.incidentNone')],
          ...categories.map((c) => [c.code, say(c.name)] as const),
          ...(categories.some((c) => c.code === OTHER_CATEGORY.code) ? [] : [[OTHER_CATEGORY.code, say(OTHER_CATEGORY.name)] as const]),
        ]}
        onChange={(incident) => change({ incident })}
      />
      <Minutes
        field="reAlarmMinutes"
        label={t('alarmRule.reAlarm')}
        value={draft.reAlarmMinutes}
        hint={t('alarmRule.reAlarmHint')}
        onChange={(reAlarmMinutes) => change({ reAlarmMinutes })}
      />
      <CheckField label={t('alarmRule.latch')} checked={draft.latch} onChange={(latch) => change({ latch })} />
    </>
  );
}

/** 设计抑制 and how long it may be shelved. */
function Hiding({ draft, kind, change }: { draft: Draft; kind: SensorKind; change: Change }) {
  const { t, say } = useText();
  const world = useServer((s) => s.world);
  const others = (rulesByKind(world).get(kind.code) ?? []).filter((r) => r.code !== draft.code);
  return (
    <>
      <SelectField
        wide
        field="suppressedWhile"
        label={t('alarmRule.suppressed')}
        value={draft.suppressedWhile}
        options={[
          ['', t('alarmRule.suppressedNone')],
          ...others.map((r) => [r.code, t('alarmRule.suppressedBy', { name: say(r.name), code: r.code })] as const),
        ]}
        onChange={(suppressedWhile) => change({ suppressedWhile })}
      />
      <Minutes
        field="shelveMaxMinutes"
        label={t('alarmRule.shelveMax')}
        value={draft.shelveMaxMinutes}
        onChange={(shelveMaxMinutes) => change({ shelveMaxMinutes })}
      />
    </>
  );
}
