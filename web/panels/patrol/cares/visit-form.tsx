import { useId, useState } from 'react';
import { careKindOf, categoryOf } from '../../../../model/centre.ts';
import type { CareState } from '../../../../model/patrol-plan.ts';
import { useApp, useServer } from '../../../app-context.ts';
import type { VisitAnswer } from '../../../commands.ts';
import { useText } from '../../../design/use-text.ts';

/** 登记走访: what was found, by whom, when. Made for a thumb on a telephone as for the keys of the desk. */
export function VisitForm({ care }: { care: CareState }) {
  const { t, say, at } = useText();
  const { commands, view } = useApp();
  const id = useId();
  const world = useServer((s) => s.world);
  const actor = useServer((s) => s.actor);
  const past = useServer((s) => s.past);
  const own = actor?.role === 'worker' && world.units.has(actor.id) ? actor.id : null;
  const [result, setResult] = useState('');
  const [note, setNote] = useState('');
  const [raise, setRaise] = useState(true);
  const [when, setWhen] = useState('');
  const [unit, setUnit] = useState(own ?? care.unit ?? '');
  const [sending, setSending] = useState(false);
  const [answer, setAnswer] = useState<VisitAnswer | null>(null);
  const kind = careKindOf(world.centre, care.kind);
  const found = kind?.results.find((r) => r.code === result);
  const category = found?.bad ? (found.category ?? kind?.category) : undefined;
  const offset = world.centre?.utcOffsetMinutes ?? 0;

  const send = async () => {
    if (!result || sending) return;
    setSending(true);
    const told = await commands.visit(care.id, {
      result,
      ...(note.trim() && { note: note.trim() }),
      ...(unit && { unit }),
      ...(when && { at: new Date(Date.parse(`${when}Z`) - offset * 60_000).toISOString() }),
      ...(category !== undefined && !raise && { raise: false }),
    });
    setSending(false);
    setAnswer(told);
    if (!told.ok) return;
    setResult('');
    setNote('');
    setWhen('');
  };
  return (
    <form
      className="cr-form"
      aria-label={t('cares.form.title')}
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <h3>{t('cares.form.title')}</h3>
      <fieldset className="cr-results" disabled={past}>
        <legend className="sr">{t('cares.form.result')}</legend>
        {(kind?.results ?? []).map((r) => (
          <label key={r.code} className={result === r.code ? 'on' : ''} data-bad={r.bad}>
            <input type="radio" name={`${id}-result`} value={r.code} checked={result === r.code} onChange={() => setResult(r.code)} />
            {say(r.name)}
          </label>
        ))}
      </fieldset>
      {category !== undefined && (
        <label className="cr-raise">
          <input type="checkbox" checked={raise} onChange={(e) => setRaise(e.target.checked)} />
          {t('cares.form.raise')} <small>{say(categoryOf(world.centre, category).name)}</small>
        </label>
      )}
      <label className="cr-text">
        <span>
          {t('cares.form.note')} <small>{t('cares.form.noteHint')}</small>
        </span>
        <textarea value={note} maxLength={200} rows={2} disabled={past} onChange={(e) => setNote(e.target.value)} />
      </label>
      <div className="cr-more-fields">
        <label>
          <span>
            {t('cares.form.when')} <small>{when ? '' : t('cares.form.now')}</small>
          </span>
          <input type="datetime-local" value={when} disabled={past} onChange={(e) => setWhen(e.target.value)} />
        </label>
        {!own && (
          <label>
            {t('cares.form.unit')}
            <select value={unit} disabled={past} onChange={(e) => setUnit(e.target.value)}>
              <option value="">{t('cares.nobody')}</option>
              {[...world.units.values()].map((u) => (
                <option key={u.id} value={u.id}>
                  {u.name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <button type="submit" className="cr-save" disabled={!result || sending || past}>
        {sending ? t('cares.form.saving') : t('cares.form.save')}
      </button>
      <p className="cr-answer" role="status">
        {answer &&
          (answer.ok ? (
            <>
              {answer.known ? t('cares.form.known') : t('cares.form.saved', { at: at(answer.at).hms })}{' '}
              {answer.incident && (
                <button type="button" onClick={() => view.setState({ selection: { kind: 'incident', id: answer.incident! } })}>
                  {t('cares.form.raised')}
                </button>
              )}
            </>
          ) : (
            <span className="p2">{t('cares.form.failed', { rule: answer.rule })}</span>
          ))}
      </p>
    </form>
  );
}
