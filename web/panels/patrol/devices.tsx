import './devices/devices.css';
import { useState } from 'react';
import { useMoment, useServer } from '../../app-context.ts';
import { grouped } from '../../design/format.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { type DeviceList, fetchDevices } from '../../devices-api.ts';
import { useLive } from '../incidents/use-live.ts';
import { useMapBeside } from '../sensing/map-slot.ts';
import { BoundList } from './devices/bound-list.tsx';
import { CsvForm } from './devices/csv-form.tsx';
import { QuarantineList } from './devices/quarantine-list.tsx';
import { WaitingList } from './devices/waiting-list.tsx';

const ASK_MS = 5000;
const never = () => false;

/** 巡防 · 设备: which device is which unit, who waits to be bound, which fixes were not believed. */
export function DevicesTab() {
  const { t } = useText();
  useMapBeside(null);
  const past = useServer((s) => s.past);
  const moment = useMoment(ASK_MS);
  const [told, setTold] = useState<string | null>(null);
  const { data, error, again } = useLive(`devices ${moment}`, async (_, signal) => ({ list: await fetchDevices(signal), at: Date.now() }), {
    newer: never,
    idleMs: ASK_MS,
  });
  const fresh = useFreshness(data?.at, ASK_MS);
  const list = data?.list;
  /** why nothing can be bound here; null = it can */
  const stop = past ? t('devices.past') : list && !list.mayBind ? t('devices.locked') : null;
  const sub = ({ bound, waiting, quarantined }: DeviceList) =>
    waiting && quarantined
      ? t('devices.sub', {
          bound: grouped(bound.length),
          waiting: grouped(waiting.length),
          flawed: grouped(quarantined.filter((q) => q.reason in believedNot).reduce((sum, q) => sum + q.n, 0)),
        })
      : t('devices.subThen', { bound: grouped(bound.length) });
  const done = (what: string) => {
    setTold(what);
    again();
  };
  return (
    <Panel
      id="devices"
      className="dv"
      title={t('devices.title')}
      n={grouped(list?.bound.length ?? 0)}
      sub={list && sub(list)}
      fresh={fresh}
    >
      {error && <p className="t3">{t('devices.failed', { rule: error })}</p>}
      {stop && <p className="dv-stop">{stop}</p>}
      <p className="dv-told" role="status">
        {told}
      </p>
      {!list && !error && <p className="empty">{t('devices.loading')}</p>}
      {list && (
        <div className="dv-all">
          {list.waiting ? <WaitingList waiting={list.waiting} bound={list.bound} stop={stop} onDone={done} /> : <NotKept id="waiting" />}
          <BoundList bound={list.bound} stop={stop} onDone={done} />
          {list.quarantined ? <QuarantineList flawed={list.quarantined} mayLook={list.mayBind} /> : <NotKept id="quarantine" />}
          <CsvForm stop={stop} onDone={done} />
        </div>
      )}
    </Panel>
  );
}

/** A table of now, of which the past is not kept: it says so and stays where it was. */
function NotKept({ id }: { id: 'waiting' | 'quarantine' }) {
  const { t } = useText();
  return (
    <section className="dv-part" aria-labelledby={`dv-${id}`}>
      <h3 id={`dv-${id}`}>{t(`devices.${id}.title`)}</h3>
      <p className="t3">{t('replay.unavailable')}</p>
    </section>
  );
}

const believedNot = { zero: true, far: true, jump: true };
