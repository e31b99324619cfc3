import { sensorKindOf } from '../../../../model/centre.ts';
import { type FacilityFigures, floorsOf, type OfferFigures } from '../../../../model/facility-figures.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { PriorityGlyph } from '../../../design/glyphs.tsx';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { nameOf } from '../../alarm-words.ts';
import { readingText } from '../reading-text.ts';
import { Nearby } from './nearby.tsx';
import type { Counted } from './use-facilities.ts';
import { DataAge, useCapacityUnit, useOpenText } from './words.tsx';

/** One facility: floors and what they offer, each machine with since when, what is measured, what is wrong, what has happened about it. */
export function FacilityDetail({ f, counted, now }: { f: FacilityFigures; counted: Counted; now: number }) {
  const { t, at, say, language } = useText();
  const { view } = useApp();
  const unit = useCapacityUnit();
  const world = useServer((s) => s.world);
  const { capacity, since, offers } = f.facility;
  const show = (sensor: string) => view.setState({ selection: { kind: 'sensor', id: sensor } });
  const ups = new Map(
    counted.rows.get(f.facility.id)?.offers.flatMap((o) => (o.machine?.up ? [[o.machine.device, o.machine.since] as const] : [])),
  );
  return (
    <div className="fc-detail">
      <dl>
        {capacity !== undefined && (
          <div>
            <dt>{t('facilities.detail.capacity')}</dt>
            <dd>{`${capacity} ${unit(f.facility.kind)}`.trim()}</dd>
          </div>
        )}
        {since !== undefined && (
          <div>
            <dt>{t('facilities.detail.since')}</dt>
            <dd>{`${new Date(since).getUTCFullYear()}-${at(since).date}`}</dd>
          </div>
        )}
      </dl>
      {offers.length > 0 && (
        <section>
          <h3>{t('facilities.detail.offers')}</h3>
          <ul className="fc-floors">
            {floorsOf(f.facility).map(({ floor, offers: here }) => (
              <li key={floor ?? ''}>
                {floor !== null && <b>{floor}</b>}
                <ul>
                  {here.map((o) => (
                    <OfferLine
                      key={say(o.name)}
                      of={f.offers[offers.indexOf(o)]!}
                      upSince={o.device === undefined ? null : (ups.get(o.device) ?? null)}
                      now={now}
                    />
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </section>
      )}
      {f.readings.length > 0 && (
        <section>
          <h3>{t('facilities.detail.readings')}</h3>
          <ul className="fc-lines">
            {f.readings.map((r) => (
              <li key={r.sensor.id}>
                <button type="button" onClick={() => show(r.sensor.id)}>
                  {r.sensor.name}
                </button>
                <b>{readingText(sensorKindOf(world.centre, r.sensor.kind), r.value, say)}</b>
                <DataAge at={r.at} online={r.online} now={now} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>{t('facilities.detail.alarms')}</h3>
        {f.alarms.length === 0 && <p className="t3">{t('facilities.detail.noAlarms')}</p>}
        <ul className="fc-lines">
          {f.alarms.map((a) => (
            <li key={a.id}>
              <button type="button" onClick={() => view.setState({ selection: { kind: 'alarm', id: a.id } })}>
                <PriorityGlyph priority={a.priority} u={14} /> {nameOf({ t, world, language }, a)}
              </button>
              <span>{t(`alarmState.${a.state}`)}</span>
              <small className="fc-age">{at(a.raisedAt).hm}</small>
            </li>
          ))}
        </ul>
      </section>
      {(counted.rows.get(f.facility.id)?.incidents.length ?? 0) > 0 && (
        <section>
          <h3>{t('facilities.detail.nearby')}</h3>
          <Nearby of={f} counted={counted} full />
        </section>
      )}
      <button type="button" className="fc-close" onClick={() => narrow(view, { fac: undefined })}>
        {t('facilities.detail.close')}
      </button>
    </div>
  );
}

/** 洗衣 开放 至 21:00 · 可用 自 11-20 08:00 */
export function OfferLine({ of, upSince, now }: { of: OfferFigures; upSince: number | null; now: number }) {
  const { t, say, at } = useText();
  const openText = useOpenText();
  const { machine, offer } = of;
  const since = machine && (machine.up ? upSince : machine.since);
  const when = since == null ? null : `${at(since).date} ${at(since).hm}`;
  return (
    <li className="fc-offer">
      <i className={of.open ? 'fc-dot on' : 'fc-dot'} />
      <span>{say(offer.name)}</span>
      <small>{openText(of, now)}</small>
      {offer.device !== undefined && (
        <span className={machine && !machine.up ? 'fc-machine fc-down' : 'fc-machine'}>
          {!machine && t('facilities.machine.unknown')}
          {machine && t(machine.up ? 'facilities.machine.up' : 'facilities.machine.down')}
          {machine?.why && ` · ${t(`facilities.machine.${machine.why}`)}`}
          {when && ` · ${t('facilities.machine.since', { at: when })}`}
        </span>
      )}
    </li>
  );
}
