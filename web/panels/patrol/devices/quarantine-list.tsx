import { useEffect, useRef, useState } from 'react';
import { useServer, useView } from '../../../app-context.ts';
import { grouped } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { type Flawed, fetchQuarantine } from '../../../devices-api.ts';
import { useLive } from '../../incidents/use-live.ts';
import { FixTable } from './fix-table.tsx';
import { useHeard } from './use-heard.ts';

const keyOf = (f: Flawed) => `${f.unit} ${f.reason}`;
const isCounted = (f: Flawed) => f.reason === 'duplicate' || f.reason === 'reordered';

/** 隔离: fixes that were not believed, by unit and reason; a row opens to the fixes themselves, that of the unit the address names at once. */
export function QuarantineList({ flawed, mayLook }: { flawed: readonly Flawed[]; mayLook: boolean }) {
  const { t } = useText();
  const units = useServer((s) => s.world.units);
  const heard = useHeard();
  const asked = useView((s) => s.params.apart);
  const askedFor = flawed.find((f) => f.unit === asked && !isCounted(f));
  const [open, setOpen] = useState<string | null>(askedFor ? keyOf(askedFor) : null);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => row.current?.scrollIntoView({ block: 'nearest' }), []);
  const apart = flawed.filter((f) => !isCounted(f)).reduce((sum, f) => sum + f.n, 0);
  return (
    <section className="dv-part" aria-labelledby="dv-quarantine">
      <h3 id="dv-quarantine">
        {t('devices.quarantine.title')} <b className="fig">{grouped(apart)}</b> <small>{t('devices.sub_.quarantine')}</small>
      </h3>
      {flawed.length === 0 ? (
        <p className="t3">{t('devices.quarantine.none')}</p>
      ) : (
        <ul className="dv-list">
          {flawed.map((f) => {
            const key = keyOf(f);
            const name = units.get(f.unit)?.name ?? f.unit;
            const reason = t(`devices.quarantine.reasons.${f.reason}`);
            const closed = !mayLook || isCounted(f);
            return (
              <li key={key} ref={f === askedFor ? row : null} data-flawed={key} className={open === key ? 'dv-open' : ''}>
                <div className="dv-row">
                  <button
                    type="button"
                    className="dv-unit"
                    disabled={closed}
                    aria-expanded={open === key}
                    aria-label={t('devices.quarantine.open', { unit: name, id: f.unit, reason, n: f.n })}
                    onClick={() => setOpen(open === key ? null : key)}
                  >
                    <b>{name}</b> <small>{f.unit}</small>
                  </button>
                  <span>
                    <b>{reason}</b> <small>{t(`devices.quarantine.tells.${f.reason}`)}</small>
                  </span>
                  <span className="fig">
                    {t('devices.quarantine.count')} {grouped(f.n)}
                  </span>
                  <span className="fig">
                    {t('devices.lastAt')} {heard(f.lastAt)}
                  </span>
                  {isCounted(f) && <small className="t3">{t('devices.quarantine.onlyCounted')}</small>}
                </div>
                {open === key && <Fixes of={f} name={name} reason={reason} />}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

function Fixes({ of, name, reason }: { of: Flawed; name: string; reason: string }) {
  const { t } = useText();
  const ask = `quarantine ${of.unit} ${of.reason} ${of.n}`;
  const { data, error } = useLive(ask, (_, signal) => fetchQuarantine(of.unit, of.reason, signal), { newer: () => false });
  if (error) return <p className="t3">{t('devices.failed', { rule: error })}</p>;
  return data && <FixTable fixes={data.fixes} none={t('devices.quarantine.noneKept')} label={`${name} ${reason}`} />;
}
