import { useId, useMemo, useState } from 'react';
import { areaLabel } from '../../../../model/area.ts';
import { treeOf, type Unit } from '../../../../model/world.ts';
import { useServer } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import { type BoundDevice, bindDevice, type WaitingDevice } from '../../../devices-api.ts';

const SHOWN = 8;

/** Choose the unit a device stands for. Units that have one are left out. */
export function BindForm({
  device,
  bound,
  onDone,
}: {
  device: WaitingDevice;
  bound: readonly BoundDevice[];
  onDone: (told: string) => void;
}) {
  const { t } = useText();
  const id = useId();
  const world = useServer((s) => s.world);
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState<Unit | null>(null);
  const [state, setState] = useState<{ sending: boolean; why: string | null }>({ sending: false, why: null });
  const found = useMemo(() => {
    const taken = new Set(bound.map((b) => b.unit));
    const wanted = q.trim().toLowerCase();
    const says = (u: Unit) => `${u.name} ${u.id} ${u.team ?? ''}`.toLowerCase();
    return [...world.units.values()].filter((u) => !taken.has(u.id) && says(u).includes(wanted));
  }, [world.units, bound, q]);

  async function send() {
    if (!chosen) return;
    setState({ sending: true, why: null });
    try {
      const { handed, refused } = (await bindDevice(device.door, device.device, chosen.id)).bound[0];
      const more = refused > 0 ? `；${t('devices.form.refused', { n: refused })}` : '';
      onDone(t('devices.form.done', { unit: chosen.name, n: handed }) + more);
    } catch (e) {
      setState({ sending: false, why: e instanceof Error ? e.message : String(e) });
    }
  }
  return (
    <form
      aria-label={t('devices.form.title', { device: device.device })}
      onSubmit={(e) => {
        e.preventDefault();
        void send();
      }}
    >
      <label htmlFor={id}>{t('devices.form.search')}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        placeholder={t('devices.form.hint')}
        value={q}
        onChange={(e) => setQ(e.target.value)}
      />
      <fieldset className="dv-units">
        <legend className="sr">{t('devices.form.choose')}</legend>
        {found.slice(0, SHOWN).map((u) => (
          <label key={u.id} className={chosen?.id === u.id ? 'on' : ''}>
            <input type="radio" name={`${id}-unit`} value={u.id} checked={chosen?.id === u.id} onChange={() => setChosen(u)} />
            <b>{u.name}</b> <small>{u.id}</small>{' '}
            <small>{u.area !== null && world.areas.has(u.area) ? areaLabel(treeOf(world), u.area) : ''}</small>
          </label>
        ))}
        {found.length === 0 && <p className="t3">{t('devices.form.no')}</p>}
        {found.length > SHOWN && <p className="t3">{t('devices.form.more', { n: found.length - SHOWN })}</p>}
      </fieldset>
      <button type="submit" className="dv-act dv-main" disabled={!chosen || state.sending}>
        {state.sending ? t('devices.form.sending') : chosen ? t('devices.form.bind', { unit: chosen.name }) : t('devices.form.pick')}
      </button>
      {state.why && (
        <p className="dv-why" role="alert">
          {t('devices.form.failed', { rule: state.why })}
        </p>
      )}
    </form>
  );
}
