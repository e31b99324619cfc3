import { type FormEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { alarmName } from '../../../model/alarm-rules.ts';
import type { LngLat } from '../../../model/brand.ts';
import { categoryOf, OTHER_CATEGORY, type Priority } from '../../../model/centre.ts';
import { type IncidentSource, incidentSources } from '../../../model/incident.ts';
import { useApp, useServer } from '../../app-context.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { ApiError } from '../../http.ts';
import { report } from '../../incidents-api.ts';
import type { Intake } from '../../store/view-store.ts';
import { Sheet } from '../sheet.tsx';
import { guessCategory } from './guess.ts';
import { IntakeHints } from './intake-hints.tsx';
import { PlaceField } from './place-field.tsx';

/** Sources that have somebody to call back. */
const called: ReadonlySet<IncidentSource> = new Set(['hotline', 'street-line', 'resident']);
/** Fields the server may refuse, by the part of their path that names them. */
const fields = ['lngLat', 'title', 'category', 'channel', 'ref', 'due', 'caller.name', 'caller.tel', 'caller'] as const;

/** 登记事件: place and what are enough; the rest is guessed and can be said better. */
export function IntakeSheet({ intake }: { intake: Intake }) {
  const { t, say, language } = useText();
  const { view, commands, server } = useApp();
  const centre = useServer((s) => s.world.centre);
  const alarm = useServer((s) => (intake.alarm ? s.world.alarms.get(intake.alarm) : undefined));
  const named = useServer((s) => (alarm ? alarmName(s.world, alarm)[language] : ''));
  const id = useId();
  // the same report sent again is taken once; a corrected one is another report
  const key = useRef('');
  const [lngLat, setLngLat] = useState<LngLat | null>(intake.lngLat);
  const [pointed, setPointed] = useState('');
  const [title, setTitle] = useState(named);
  const [category, setCategory] = useState<string | null>(null);
  const [source, setSource] = useState<IncidentSource>(intake.alarm ? 'sensor' : 'operator');
  const [channel, setChannel] = useState('');
  const [ref, setRef] = useState('');
  const [name, setName] = useState('');
  const [tel, setTel] = useState('');
  const [anonymous, setAnonymous] = useState(false);
  const [priority, setPriority] = useState<Priority | null>(alarm?.priority ?? null);
  const [due, setDue] = useState('');
  const [into, setInto] = useState<string | null>(null);
  const [wrong, setWrong] = useState<{ field: string; rule: string } | null>(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (!intake.lngLat) return;
    setLngLat(intake.lngLat);
    setPointed(`${intake.lngLat[0].toFixed(5)}, ${intake.lngLat[1].toFixed(5)}`);
  }, [intake.lngLat]);

  const guessed = useMemo(() => guessCategory(centre, title), [centre, title]);
  const chosen = category ?? guessed.code;
  const usual = categoryOf(centre, chosen).priority;
  const offset = centre?.utcOffsetMinutes ?? 0;
  const close = () => view.setState({ intake: null });

  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (!lngLat) {
      setWrong({ field: 'lngLat', rule: t('events.intake.needPlace') });
      return;
    }
    const caller = called.has(source) && (name.trim() || tel.trim() || anonymous);
    const incident = {
      at: new Date(Math.round(server.getState().clockOffset + Date.now())).toISOString(),
      lngLat,
      category: chosen,
      title: title.trim(),
      source,
      ...(channel.trim() && { channel: channel.trim() }),
      ...(ref.trim() && { ref: ref.trim() }),
      ...(priority && priority !== usual && { priority }),
      ...(intake.alarm && { alarm: intake.alarm }),
      ...(due && { due: new Date(Date.parse(`${due}:00Z`) - offset * 60_000).toISOString() }),
      ...(caller && { caller: { ...(name.trim() && { name: name.trim() }), ...(tel.trim() && { tel: tel.trim() }), anonymous } }),
    };
    setBusy(true);
    setWrong(null);
    key.current ||= crypto.randomUUID();
    try {
      const made = await report(incident, key.current);
      let shown = made;
      if (into) {
        const merged = await commands.step(made, 'merge', { into });
        if (merged.ok) shown = into;
        if (!merged.ok) view.setState({ notice: t('events.intake.notMerged', { rule: merged.rule }) });
        else view.setState({ notice: t('events.intake.merged') });
      } else view.setState({ notice: t('events.intake.done', { title: incident.title }) });
      view.setState({ intake: null, selection: { kind: 'incident', id: shown } });
    } catch (error) {
      const field = error instanceof ApiError ? error.field : '';
      const status = error instanceof ApiError ? error.status : 0;
      if (status >= 400 && status < 500) key.current = '';
      setWrong({ field: fields.find((f) => field.endsWith(f)) ?? field, rule: error instanceof Error ? error.message : String(error) });
      setBusy(false);
    }
  };
  // the key belongs to what is in the form
  const changed =
    <T,>(set: (v: T) => void) =>
    (v: T) => {
      key.current = '';
      set(v);
    };
  const Wrong = ({ of }: { of: string }) =>
    wrong?.field === of ? (
      <p className="wrong" role="alert">
        <PriorityGlyph priority={2} u={14} /> {wrong.rule}
      </p>
    ) : null;

  return (
    <Sheet title={t('events.intake.title')} sub={t('events.intake.sub')} className="intake" onClose={close}>
      <form className="form" onSubmit={submit}>
        <label htmlFor={`${id}p`}>{t('events.col.place')}</label>
        <PlaceField
          id={`${id}p`}
          given={pointed}
          wrong={wrong?.field === 'lngLat'}
          onPick={(at) => changed(setLngLat)(at)}
          onType={() => changed(setLngLat)(null)}
        />
        <Wrong of="lngLat" />
        <label htmlFor={`${id}t`}>{t('events.intake.what')}</label>
        <input
          id={`${id}t`}
          value={title}
          maxLength={80}
          required
          aria-invalid={wrong?.field === 'title'}
          placeholder={t('events.intake.whatHint')}
          onChange={(e) => changed(setTitle)(e.target.value)}
        />
        <Wrong of="title" />
        <label htmlFor={`${id}c`}>{t('events.filter.category')}</label>
        <select id={`${id}c`} value={chosen} onChange={(e) => changed(setCategory)(e.target.value)}>
          {[...(centre?.categories ?? []), ...(centre?.categories.some((c) => c.code === 'other') ? [] : [OTHER_CATEGORY])].map((c) => (
            <option key={c.code} value={c.code}>
              {say(c.name)}
            </option>
          ))}
        </select>
        <Wrong of="category" />
        <label htmlFor={`${id}s`}>{t('events.col.source')}</label>
        <select id={`${id}s`} value={source} onChange={(e) => changed(setSource)(e.target.value as IncidentSource)}>
          {incidentSources.map((s) => (
            <option key={s} value={s}>
              {t(`source.${s}`)}
            </option>
          ))}
        </select>
        {called.has(source) && (
          <>
            <label htmlFor={`${id}n`}>{t('events.intake.caller')}</label>
            <span className="pair">
              <input
                id={`${id}n`}
                value={name}
                maxLength={40}
                disabled={anonymous}
                autoComplete="off"
                placeholder={t('events.intake.callerName')}
                onChange={(e) => changed(setName)(e.target.value)}
              />
              <input
                value={tel}
                maxLength={24}
                inputMode="tel"
                autoComplete="off"
                aria-label={t('events.intake.callerTel')}
                placeholder={t('events.intake.callerTel')}
                onChange={(e) => changed(setTel)(e.target.value)}
              />
              <label className="check">
                <input type="checkbox" checked={anonymous} onChange={(e) => changed(setAnonymous)(e.target.checked)} />
                {t('events.intake.anonymous')}
              </label>
            </span>
            <Wrong of="caller.name" />
            <Wrong of="caller.tel" />
            <Wrong of="caller" />
          </>
        )}
        <label htmlFor={`${id}l`}>{t('events.filter.priority')}</label>
        <select id={`${id}l`} value={priority ?? usual} onChange={(e) => changed(setPriority)(Number(e.target.value) as Priority)}>
          {([1, 2, 3, 4] as const).map((p) => (
            <option key={p} value={p}>
              P{p} {t(`priority.p${p}`)}
            </option>
          ))}
        </select>
        <details>
          <summary>{t('events.filter.more')}</summary>
          <div className="form">
            <label htmlFor={`${id}k`}>{t('events.filter.channel')}</label>
            <input id={`${id}k`} value={channel} maxLength={40} onChange={(e) => changed(setChannel)(e.target.value)} />
            <Wrong of="channel" />
            <label htmlFor={`${id}r`}>{t('events.intake.ref')}</label>
            <input id={`${id}r`} value={ref} maxLength={60} onChange={(e) => changed(setRef)(e.target.value)} />
            <Wrong of="ref" />
            <label htmlFor={`${id}d`}>{t('events.intake.due')}</label>
            <input id={`${id}d`} type="datetime-local" value={due} onChange={(e) => changed(setDue)(e.target.value)} />
            <Wrong of="due" />
          </div>
        </details>
        {lngLat && <IntakeHints probe={{ lngLat, category: chosen, title, alarm: intake.alarm }} into={into} onInto={setInto} />}
        {wrong && !(fields as readonly string[]).includes(wrong.field) && (
          <p className="wrong" role="alert">
            <PriorityGlyph priority={2} u={14} /> {t('events.refused', { rule: `${wrong.field && `${wrong.field}: `}${wrong.rule}` })}
          </p>
        )}
        <div className="act2">
          <button type="submit" className="primary" disabled={busy}>
            {t(into ? 'events.intake.sendMerge' : 'events.intake.send')}
          </button>
          <button type="button" onClick={close}>
            {t('events.cancel')}
          </button>
        </div>
      </form>
    </Sheet>
  );
}
