import { type FormEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { categoryOf } from '../../../model/centre.ts';
import type { Incident } from '../../../model/incident.ts';
import { type WhistleGrounds, type WhistleKind, whistleGrounds, whistleKinds } from '../../../model/incident-forms.ts';
import { useServer } from '../../app-context.ts';
import type { WhistleForm } from '../../commands.ts';
import { useText } from '../../design/use-text.ts';

/** 吹哨: what kind, on what grounds, what for, and whom it calls. Those called before are left out of what is proposed. */
export function WhistleFormBox(props: { incident: Incident; onSend: (form: WhistleForm) => void; onCancel: () => void }) {
  const { incident: i, onSend, onCancel } = props;
  const { t, say, span } = useText();
  const centre = useServer((s) => s.world.centre);
  const departments = centre?.departments ?? [];
  const proposed = i.department ?? categoryOf(centre, i.category).department;
  const called = new Set(i.whistles.flatMap((w) => w.calls.map((c) => c.department)));
  const [kind, setKind] = useState<WhistleKind>(i.priority === 1 ? 'urgent' : 'daily');
  const [grounds, setGrounds] = useState<WhistleGrounds>(i.priority === 1 ? 'emergency' : 'beyond-power');
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(proposed && !called.has(proposed) ? [proposed] : []);
  const [told, setTold] = useState<string | null>(null);
  const box = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => box.current?.querySelector<HTMLElement>('select')?.focus(), []);
  const submit = (e: FormEvent | KeyboardEvent) => {
    e.preventDefault();
    if (!/\S/.test(text)) return setTold(t('form.needed', { field: t('form.text') }));
    if (chosen.length === 0) return setTold(t('form.needed', { field: t('form.departments') }));
    onSend({ kind, grounds, text, departments: chosen });
  };
  return (
    <form
      ref={box}
      className="stepform"
      aria-label={t('dossier.whistle')}
      onSubmit={submit}
      onKeyDown={(e) => {
        if (e.key === 'Enter' && e.target instanceof HTMLSelectElement) return submit(e);
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        onCancel();
      }}
    >
      <b className="sfh">{t(i.whistles.length ? 'dossier.againWhistle' : 'dossier.whistle')}</b>
      <label className="field">
        <span>{t('form.kind')}</span>
        <select value={kind} onChange={(e) => setKind(e.target.value as WhistleKind)}>
          {whistleKinds.map((k) => (
            <option key={k} value={k}>
              {t(`whistleBoard.kind.${k}`)}
              {centre && ` · ${t('dossier.within', { limit: span(centre.whistle.minutes[k] * 60_000) })}`}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('form.grounds')}</span>
        <select value={grounds} onChange={(e) => setGrounds(e.target.value as WhistleGrounds)}>
          {whistleGrounds.map((g) => (
            <option key={g} value={g}>
              {t(`whistleBoard.grounds.${g}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('form.text')}</span>
        <input type="text" maxLength={400} autoComplete="off" value={text} onChange={(e) => setText(e.target.value)} />
      </label>
      <fieldset className="field checks">
        <legend>{t('form.departments')}</legend>
        {departments.length === 0 && <p className="t3">{t('form.noDepartments')}</p>}
        {departments.map((d) => (
          <label key={d.code}>
            <input
              type="checkbox"
              checked={chosen.includes(d.code)}
              onChange={(e) => setChosen(e.target.checked ? [...chosen, d.code] : chosen.filter((c) => c !== d.code))}
            />
            {say(d.name)}
          </label>
        ))}
      </fieldset>
      <p className="why p2" role="alert">
        {told}
      </p>
      <div className="sfb">
        <button type="submit" className="primary">
          {t('dossier.whistle')} <kbd>Enter</kbd>
        </button>
        <button type="button" onClick={onCancel}>
          {t('form.cancel')} <kbd>Esc</kbd>
        </button>
      </div>
    </form>
  );
}
