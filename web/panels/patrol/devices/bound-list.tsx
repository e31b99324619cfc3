import { useState } from 'react';
import { useApp, useServer } from '../../../app-context.ts';
import { grouped } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { type BoundDevice, releaseDevice } from '../../../devices-api.ts';
import { useHeard } from './use-heard.ts';

/** 已绑定: which device is which unit, and when it was last heard. */
export function BoundList({ bound, stop, onDone }: { bound: readonly BoundDevice[]; stop: string | null; onDone: (told: string) => void }) {
  const { t, at } = useText();
  const { view } = useApp();
  const heard = useHeard();
  const units = useServer((s) => s.world.units);
  const past = useServer((s) => s.past);
  const [why, setWhy] = useState<string | null>(null);
  const nameOf = (b: BoundDevice) => units.get(b.unit)?.name ?? b.unit;
  async function release(b: BoundDevice) {
    if (b.device === null) return;
    setWhy(null);
    try {
      await releaseDevice(b.door, b.device);
      onDone(t('devices.bound.released', { unit: nameOf(b) }));
    } catch (e) {
      setWhy(e instanceof Error ? e.message : String(e));
    }
  }
  return (
    <section className="dv-part" aria-labelledby="dv-bound">
      <h3 id="dv-bound">
        {t('devices.bound.title')} <b className="fig">{grouped(bound.length)}</b> <small>{t('devices.sub_.bound')}</small>
      </h3>
      {why && (
        <p className="dv-why" role="alert">
          {t('devices.failed', { rule: why })}
        </p>
      )}
      {bound.length === 0 ? (
        <p className="t3">{t(past ? 'devices.bound.noneThen' : 'devices.bound.none')}</p>
      ) : (
        <ul className="dv-list">
          {bound.map((b) => (
            <li key={b.id} data-bound={b.unit}>
              <div className="dv-row">
                <button type="button" className="dv-unit" onClick={() => view.setState({ selection: { kind: 'unit', id: b.unit } })}>
                  <b>{nameOf(b)}</b> <small>{b.unit}</small>
                </button>
                {b.device === null ? <span className="t3">{t('devices.numberGone')}</span> : <span className="dv-number">{b.device}</span>}
                <span>{t(`devices.doors.${b.door}`, { defaultValue: b.door })}</span>
                <span className="fig">
                  {t('devices.lastAt')} {past ? t('replay.notKept') : heard(b.lastAt)}
                </span>
                <span className="fig t3">
                  {t('devices.bound.at')} {at(b.boundAt).date} {at(b.boundAt).hm}
                </span>
                <button
                  type="button"
                  className="dv-act"
                  disabled={stop !== null}
                  {...(stop && { title: stop })}
                  aria-label={t('devices.bound.releaseOf', { unit: nameOf(b) })}
                  onClick={() => void release(b)}
                >
                  {t('devices.bound.release')}
                </button>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
