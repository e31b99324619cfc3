import { type FormEvent, useId, useState } from 'react';
import { dayStart } from '../../../model/centre.ts';
import type { IncidentState, IncidentStep } from '../../../model/incident.ts';
import type { IncidentRow } from '../../../model/incident-row.ts';
import { heldBy, useApp, useServer, useStop } from '../../app-context.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { type BulkLine, bulk } from '../../incidents-api.ts';
import { Sheet } from '../sheet.tsx';
import { useNames } from './words.ts';

const steps = ['dispatch', 'merge', 'suspend', 'resume', 'file', 'decline', 'verify', 'close', 'escalate', 'void', 'reopen'] as const;
type BulkStep = (typeof steps)[number] & IncidentStep;
const needsReason: ReadonlySet<BulkStep> = new Set(['suspend', 'decline', 'escalate', 'void', 'reopen']);
const DAY = 86_400_000;
/** 挂账: a week, unless said otherwise */
const REVIEW_DAYS = 7;

/** 批量办理: one step for all that were chosen; first what will happen to each, then, once confirmed, what happened. */
export function BulkSheet({
  rows,
  step: first,
  onClose,
}: {
  rows: readonly IncidentRow[];
  step: BulkStep;
  onClose: (done: boolean) => void;
}) {
  const { t } = useText();
  const { server } = useApp();
  const centre = useServer((s) => s.world.centre);
  const units = useServer((s) => s.world.units);
  const names = useNames();
  const stop = useStop();
  const id = useId();
  const offset = centre?.utcOffsetMinutes ?? 0;
  const inDays = (n: number) =>
    new Date(dayStart(server.getState().world.at, offset) + n * DAY + offset * 60_000).toISOString().slice(0, 10);
  const [step, setStep] = useState<BulkStep>(first);
  const [reason, setReason] = useState('');
  const [department, setDepartment] = useState('');
  const [unit, setUnit] = useState('');
  const [into, setInto] = useState(rows[0]?.id ?? '');
  const [review, setReview] = useState(inDays(REVIEW_DAYS));
  const [told, setTold] = useState<readonly BulkLine[] | null>(null);
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);

  const form = (): Record<string, unknown> => {
    if (step === 'dispatch') return { ...(department && { department }), ...(unit && { unit }), ...(reason && { note: reason }) };
    if (step === 'merge') return { into, ...(reason && { reason }) };
    if (step === 'suspend') return { reason, reviewAt: Date.parse(`${review}T00:00:00Z`) - offset * 60_000 + DAY };
    if (needsReason.has(step)) return { reason };
    return reason ? { note: reason } : {};
  };
  const ids = () => rows.map((r) => r.id).filter((i) => step !== 'merge' || i !== into);
  const run = async (preview: boolean) => {
    setBusy(true);
    setWrong(null);
    try {
      setTold(await bulk(ids(), step, form(), preview));
      setDone(!preview);
    } catch (e) {
      const field = (e as { field?: string }).field;
      setWrong(`${field ? `${field}: ` : ''}${e instanceof Error ? e.message : String(e)}`);
    }
    setBusy(false);
  };
  const submit = (e: FormEvent) => {
    e.preventDefault();
    void run(told === null);
  };
  const change =
    <T,>(set: (v: T) => void) =>
    (v: T) => {
      set(v);
      setTold(null);
    };
  const able = told?.filter((l) => l.ok).length ?? 0;
  const close = () => onClose(done);

  return (
    <Sheet
      title={done ? t('events.bulk.result') : t('events.bulk.title')}
      sub={t('events.bulk.n', { n: ids().length })}
      className="bulk"
      onClose={close}
    >
      <form className="form" onSubmit={submit}>
        {!done && (
          <>
            <label htmlFor={`${id}s`}>{t('events.bulk.step')}</label>
            <select id={`${id}s`} value={step} onChange={(e) => change(setStep)(e.target.value as BulkStep)}>
              {steps.map((s) => (
                <option key={s} value={s}>
                  {t(`step.${s}`)}
                </option>
              ))}
            </select>
            {step === 'dispatch' && (
              <>
                <label htmlFor={`${id}d`}>{t('events.col.department')}</label>
                <select id={`${id}d`} value={department} onChange={(e) => change(setDepartment)(e.target.value)}>
                  <option value="">—</option>
                  {centre?.departments.map((d) => (
                    <option key={d.code} value={d.code}>
                      {names.department(d.code)}
                    </option>
                  ))}
                </select>
                <label htmlFor={`${id}u`}>{t('events.col.unit')}</label>
                <select id={`${id}u`} value={unit} onChange={(e) => change(setUnit)(e.target.value)}>
                  <option value="">—</option>
                  {[...units.values()].map((u) => (
                    <option key={u.id} value={u.id}>
                      {u.name} · {t(`roles.${u.role}`)}
                    </option>
                  ))}
                </select>
              </>
            )}
            {step === 'merge' && (
              <>
                <label htmlFor={`${id}i`}>{t('events.bulk.into')}</label>
                <select id={`${id}i`} value={into} onChange={(e) => change(setInto)(e.target.value)}>
                  {rows.map((r) => (
                    <option key={r.id} value={r.id}>
                      {String(r.no).padStart(4, '0')} {r.title}
                    </option>
                  ))}
                </select>
              </>
            )}
            {step === 'suspend' && (
              <>
                <label htmlFor={`${id}r`}>{t('events.bulk.review')}</label>
                <input
                  id={`${id}r`}
                  type="date"
                  value={review}
                  min={inDays(0)}
                  onChange={(e) => change(setReview)(e.target.value)}
                  required
                />
              </>
            )}
            <label htmlFor={`${id}n`}>{t(needsReason.has(step) ? 'events.bulk.reason' : 'events.bulk.note')}</label>
            <textarea
              id={`${id}n`}
              rows={2}
              maxLength={400}
              required={needsReason.has(step)}
              value={reason}
              onChange={(e) => change(setReason)(e.target.value)}
            />
          </>
        )}
        {wrong && (
          <p className="wrong" role="alert">
            <PriorityGlyph priority={2} u={14} /> {t('events.refused', { rule: wrong })}
          </p>
        )}
        {told && (
          <div className="told-each" role="status">
            <h3>
              {t(done ? 'events.bulk.did' : 'events.bulk.will', { n: able })}
              {told.length > able && <span className="p2">{t('events.bulk.not', { n: told.length - able })}</span>}
            </h3>
            <ul>
              {told.map((l) => (
                <Told key={l.incident} line={l} row={rows.find((r) => r.id === l.incident)} />
              ))}
            </ul>
          </div>
        )}
        <div className="act2">
          {done ? (
            <button type="button" className="primary" onClick={close}>
              {t('sources.close')}
            </button>
          ) : (
            <>
              <button type="submit" className="primary" disabled={busy || (told !== null && able === 0)} {...heldBy(stop)}>
                {told === null ? t('events.bulk.preview') : t('events.bulk.confirm', { step: t(`step.${step}`), n: able })}
              </button>
              <button type="button" onClick={close}>
                {t('events.cancel')}
              </button>
            </>
          )}
        </div>
      </form>
    </Sheet>
  );
}

function Told({ line, row }: { line: BulkLine; row: IncidentRow | undefined }) {
  const { t } = useText();
  const names = useNames();
  const from = row?.state;
  const to = line.state;
  const { deadline, unitHas, into, answered } = line.what ?? {};
  return (
    <li className={line.ok ? '' : 'no'} data-bulk={line.ok ? 'ok' : 'refused'}>
      <b>{row ? `${String(row.no).padStart(4, '0')} ${row.title}` : line.incident}</b>
      {line.ok ? (
        <span>
          {from && to ? `${t(`state.${from}`)} → ${t(`state.${to as IncidentState}`)}` : to && t(`state.${to}`)}
          {into && ` · ${t('events.bulk.intoThat', { title: into.title })}`}
          {typeof deadline === 'number' && ` · ${t('events.bulk.deadline', { at: names.moment(deadline) })}`}
          {unitHas && unitHas.length > 0 && ` · ${t('events.bulk.busy', { n: unitHas.length })}`}
          {answered !== undefined && answered > 0 && ` · ${t('events.bulk.answered', { n: answered })}`}
        </span>
      ) : (
        <span className="p2">
          <PriorityGlyph priority={2} u={13} />{' '}
          {line.error?.state && <b title={line.error.rule}>{t('events.bulk.stands', { state: t(`state.${line.error.state}`) })}</b>}
          {!line.error?.state && <small>{line.error?.rule}</small>}
        </span>
      )}
    </li>
  );
}

export type { BulkStep };
