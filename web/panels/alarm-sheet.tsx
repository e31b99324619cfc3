import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import type { Alarm } from '../../model/alarm.ts';
import type { AlarmActForm } from '../../model/alarm-forms.ts';
import { SHELVE_MAX_MINUTES } from '../../model/alarm-rule.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import { heldBy, useApp, useServer, useStop } from '../app-context.ts';
import type { AlarmResult } from '../commands.ts';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import type { Sheet as SheetState } from '../store/view-store.ts';
import { actOnAlarms } from './alarm-acts.ts';
import { nameOf, placeName, ruleHeld } from './alarm-words.ts';
import { Sheet } from './sheet.tsx';

type Act = Extract<SheetState, { kind: 'alarm-act' }>;
type Told = Extract<SheetState, { kind: 'alarm-told' }>;

/** Offered first, minutes. */
const USUAL_MINUTES = 30;
/** Alarms named one by one before the rest is a number. */
const NAMED = 6;

/** 搁置 停用 备注: what it is for, how long, and why. Enter sends it. */
export function AlarmActSheet({ sheet: { act, alarms } }: { sheet: Act }) {
  const { t, language } = useText();
  const stop = useStop();
  const app = useApp();
  const world = useServer((s) => s.world);
  const id = useId();
  const standing = alarms.flatMap((a) => world.alarms.get(a) ?? []);
  const most = Math.min(...standing.map((a) => ruleHeld(world, a)?.shelveMaxMinutes ?? SHELVE_MAX_MINUTES), SHELVE_MAX_MINUTES);
  // a shelf until it clears ends with the alarm: of one that has cleared already there is nothing to wait for
  const active = standing.length > 0 && standing.every((a) => a.active);
  const [kind, setKind] = useState<'timed' | 'one-shot'>('timed');
  const [minutes, setMinutes] = useState(String(Math.min(USUAL_MINUTES, most)));
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const c = { t, world, language };
  const reason = useRef<HTMLInputElement>(null);
  // the sheet takes the focus for itself first: what was typed next belongs to the one field that must be filled
  useEffect(() => reason.current?.focus(), []);
  const words = t(act === 'note' ? 'alarmForm.text' : 'alarmForm.reason');

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const said = text.trim();
    const n = Number(minutes);
    if (act === 'shelve' && !(n >= 1 && n <= most)) return setWrong(t('alarmForm.minutesWrong', { most }));
    if (!said) return setWrong(t('alarmForm.needed', { field: words }));
    setBusy(true);
    const form: AlarmActForm =
      act === 'note' ? { act, text: said } : act === 'remove' ? { act, reason: said } : { act, kind, minutes: n, reason: said };
    const results = await actOnAlarms(app, t, alarms, form);
    setBusy(false);
    const refused = results.flatMap((r) => (r.ok ? [] : [r.error.rule]));
    if (refused.length === 0) app.view.setState({ sheet: null });
    else if (alarms.length === 1) setWrong(refused[0] ?? '');
  };

  return (
    <Sheet title={t(`alarmForm.title.${act}`)} sub={t('alarmForm.members', { n: alarms.length })} className="alr-sheet">
      <form className="form" onSubmit={submit}>
        <ul className="alr-names">
          {standing.slice(0, NAMED).map((a) => (
            <Named key={a.id} alarm={a} name={nameOf(c, a)} place={placeName(c, a.area)} />
          ))}
          {standing.length > NAMED && <li className="t2">{t('alarm.more', { n: standing.length - NAMED })}</li>}
        </ul>
        {act === 'shelve' && (
          <>
            <label htmlFor={`${id}k`}>{t('alarmForm.kind')}</label>
            <select id={`${id}k`} name="kind" value={kind} onChange={(e) => setKind(e.target.value as typeof kind)}>
              <option value="timed">{t('alarmForm.timed')}</option>
              <option value="one-shot" disabled={!active}>
                {t('alarmForm.one-shot')}
              </option>
            </select>
            <label htmlFor={`${id}m`}>{t(kind === 'timed' ? 'alarmForm.minutes' : 'alarmForm.latest', { most })}</label>
            <input
              id={`${id}m`}
              name="minutes"
              type="number"
              min={1}
              max={most}
              step={1}
              value={minutes}
              onChange={(e) => setMinutes(e.target.value)}
            />
          </>
        )}
        <label htmlFor={`${id}r`}>{words}</label>
        <input
          ref={reason}
          id={`${id}r`}
          name="reason"
          type="text"
          autoComplete="off"
          maxLength={act === 'note' ? 400 : 200}
          value={text}
          onChange={(e) => {
            setText(e.target.value);
            setWrong(null);
          }}
        />
        {wrong && (
          <p className="wrong" role="alert">
            <PriorityGlyph priority={2} u={14} /> {wrong}
          </p>
        )}
        <div className="act2">
          <button type="submit" className="primary" disabled={busy} {...heldBy(stop)}>
            {t('alarmForm.send', { act: t(`alarmAct.${act}`), n: alarms.length })} <kbd>Enter</kbd>
          </button>
          <button type="button" onClick={() => app.view.setState({ sheet: null })}>
            {t('alarmForm.cancel')} <kbd>Esc</kbd>
          </button>
        </div>
      </form>
    </Sheet>
  );
}

function Named({ alarm, name, place, said }: { alarm: Alarm; name: string; place: string; said?: string | undefined }) {
  const source = useServer((s) => alarmSource(s.world, alarm.sensor)?.name);
  return (
    <li>
      <PriorityGlyph priority={alarm.priority} u={16} hollow={!alarm.active} />
      <b>{name}</b>
      <span className="t2">
        {place}
        {source && ` · ${source}`}
      </span>
      {said !== undefined && <span className="p2">{said}</span>}
    </li>
  );
}

/** What came of an act on several alarms, the refused ones each with the rule they broke. */
export function AlarmToldSheet({ sheet: { act, results } }: { sheet: Told }) {
  const { t, language } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const c = { t, world, language };
  const done = results.filter((r) => r.ok).length;
  const refused = results.filter((r): r is Extract<AlarmResult, { ok: false }> => !r.ok);
  return (
    <Sheet title={t(`alarmAct.${act}`)} sub={t('alarmForm.done', { n: done })} className="alr-sheet">
      <h3>{t('alarmForm.refused', { n: refused.length })}</h3>
      <ul className="alr-names">
        {refused.map((r) => {
          const alarm = world.alarms.get(r.alarm);
          if (alarm)
            return <Named key={r.alarm} alarm={alarm} name={nameOf(c, alarm)} place={placeName(c, alarm.area)} said={r.error.rule} />;
          return (
            <li key={r.alarm}>
              <b>{r.alarm}</b>
              <span className="p2">{r.error.rule}</span>
            </li>
          );
        })}
      </ul>
      <div className="act2">
        <button type="button" className="primary" onClick={() => view.setState({ sheet: null })}>
          {t('sources.close')}
        </button>
      </div>
    </Sheet>
  );
}
