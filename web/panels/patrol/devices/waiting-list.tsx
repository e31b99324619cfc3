import { useState } from 'react';
import { grouped } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { type BoundDevice, fetchWaitingFixes, type WaitingDevice } from '../../../devices-api.ts';
import { useLive } from '../../incidents/use-live.ts';
import { BindForm } from './bind-form.tsx';
import { FixTable } from './fix-table.tsx';
import { useHeard } from './use-heard.ts';

interface Props {
  readonly waiting: readonly WaitingDevice[];
  readonly bound: readonly BoundDevice[];
  /** why nothing can be bound; null = it can */
  readonly stop: string | null;
  readonly onDone: (told: string) => void;
}

/** 待绑定: devices that were heard and are nobody's yet. */
export function WaitingList({ waiting, bound, stop, onDone }: Props) {
  const { t } = useText();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section className="dv-part" aria-labelledby="dv-waiting">
      <h3 id="dv-waiting">
        {t('devices.waiting.title')} <b className="fig">{grouped(waiting.length)}</b> <small>{t('devices.sub_.waiting')}</small>
      </h3>
      {waiting.length === 0 ? (
        <p className="t3">{t('devices.waiting.none')}</p>
      ) : (
        <ul className="dv-list">
          {waiting.map((w) => (
            <Waiting
              key={w.id}
              of={w}
              bound={bound}
              stop={stop}
              open={open === w.id && !stop}
              onOpen={(on) => setOpen(on ? w.id : null)}
              onDone={(told) => {
                setOpen(null);
                onDone(told);
              }}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function Waiting(props: {
  of: WaitingDevice;
  bound: readonly BoundDevice[];
  stop: string | null;
  open: boolean;
  onOpen: (on: boolean) => void;
  onDone: (told: string) => void;
}) {
  const { t } = useText();
  const heard = useHeard();
  const { of: w, open } = props;
  return (
    <li data-waiting={w.id} className={open ? 'dv-open' : ''}>
      <div className="dv-row">
        <b className="dv-number">{w.device}</b>
        <span>{t(`devices.doors.${w.door}`, { defaultValue: w.door })}</span>
        <span className="fig">
          {t('devices.waiting.reports')} {t('devices.waiting.reportsN', { n: grouped(w.reports) })}
          {w.dropped > 0 && <small> {t('devices.waiting.dropped', { n: grouped(w.dropped) })}</small>}
        </span>
        <span className="fig">
          {t('devices.lastAt')} {heard(w.lastAt)}
        </span>
        <span className="fig t3">
          {t('devices.waiting.first')} {heard(w.firstAt)}
        </span>
        {w.sosAt !== null && (
          <span className="dv-sos">
            ▲ {t('devices.waiting.sos')} {heard(w.sosAt)}
          </span>
        )}
        <button
          type="button"
          className="dv-act"
          aria-expanded={open}
          disabled={props.stop !== null}
          {...(props.stop && { title: props.stop })}
          aria-label={`${t(open ? 'devices.form.close' : 'devices.waiting.bind')} ${w.device}`}
          onClick={() => props.onOpen(!open)}
        >
          {open ? t('devices.form.close') : t('devices.waiting.bind')}
        </button>
      </div>
      {open && (
        <div className="dv-form">
          <BindForm device={w} bound={props.bound} onDone={props.onDone} />
          <LastFixes id={w.id} n={w.reports} />
        </div>
      )}
    </li>
  );
}

function LastFixes({ id, n }: { id: string; n: number }) {
  const { t } = useText();
  const { data, error } = useLive(`waiting fixes ${id} ${n}`, (_, signal) => fetchWaitingFixes(id, signal), { newer: () => false });
  return (
    <div>
      <h4>{t('devices.waiting.fixes')}</h4>
      {error && <p className="t3">{t('devices.failed', { rule: error })}</p>}
      {data && <FixTable fixes={data.fixes} none={t('devices.waiting.noFixes')} label={t('devices.waiting.fixes')} />}
    </div>
  );
}
