import { Fragment } from 'react';
import { areaLabel } from '../../../../model/area.ts';
import { sensorKindOf } from '../../../../model/centre.ts';
import { type FacilityKind, facilityKinds } from '../../../../model/facility.ts';
import type { FacilityFigures } from '../../../../model/facility-figures.ts';
import { treeOf } from '../../../../model/world.ts';
import { useApp, useServer, useView } from '../../../app-context.ts';
import { PriorityGlyph } from '../../../design/glyphs.tsx';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { readingText } from '../reading-text.ts';
import { FacilityDetail } from './detail.tsx';
import { Nearby } from './nearby.tsx';
import { type Counted, readParams } from './use-facilities.ts';
import { Taken, useOpenText } from './words.tsx';

const columns = ['name', 'open', 'taken', 'measured', 'nearby', 'alarms'] as const;

/** 清单: a row a facility, kind by kind; the chosen one opens below its row. */
export function FacilityList({ figures, counted, now }: { figures: readonly FacilityFigures[]; counted: Counted; now: number }) {
  const { t } = useText();
  const chosen = useView((s) => readParams(s.params).chosen);
  const kinds = facilityKinds.filter((k) => figures.some((f) => f.facility.kind === k));
  return (
    <table className="fc-table">
      <caption className="sr">{t('facilities.title')}</caption>
      <thead>
        <tr>
          {columns.map((c) => (
            <th key={c} scope="col" className={`fc-h-${c}`}>
              {t(`facilities.head.${c}`)}
            </th>
          ))}
        </tr>
      </thead>
      {kinds.map((kind) => (
        <Group key={kind} kind={kind} figures={figures.filter((f) => f.facility.kind === kind)} {...{ counted, now, chosen }} />
      ))}
    </table>
  );
}

function Group(props: {
  kind: FacilityKind;
  figures: readonly FacilityFigures[];
  counted: Counted;
  now: number;
  chosen: string | undefined;
}) {
  const { t } = useText();
  return (
    <tbody>
      <tr className="fc-kind">
        <th scope="rowgroup" colSpan={columns.length}>
          {t(`facilities.kind.${props.kind}`)} <small>{props.figures.length}</small>
        </th>
      </tr>
      {props.figures.map((f) => (
        <Fragment key={f.facility.id}>
          <Row f={f} counted={props.counted} now={props.now} on={props.chosen === f.facility.id} />
          {props.chosen === f.facility.id && (
            <tr className="fc-open">
              <td colSpan={columns.length}>
                <FacilityDetail f={f} counted={props.counted} now={props.now} />
              </td>
            </tr>
          )}
        </Fragment>
      ))}
    </tbody>
  );
}

function Row({ f, counted, now, on }: { f: FacilityFigures; counted: Counted; now: number; on: boolean }) {
  const { t } = useText();
  const { view } = useApp();
  const areas = useServer((s) => s.world.areas);
  const openText = useOpenText();
  const { id, kind, name, area, capacity } = f.facility;
  const place = area === null ? '' : areaLabel(treeOf({ areas }), area);
  return (
    <tr className={on ? 'fc-row on' : 'fc-row'} data-facility={id}>
      <th scope="row" className="fc-name">
        <button type="button" aria-expanded={on} onClick={() => narrow(view, { fac: on ? undefined : id })}>
          {name}
        </button>
        <small>{place}</small>
      </th>
      <td className="fc-open-cell">
        <i className={f.open ? 'fc-dot on' : 'fc-dot'} />
        {openText(f, now)}
      </td>
      <td className="fc-taken-cell">{f.counters > 0 && <Taken occupied={f.occupied} {...{ capacity, kind, name, now }} />}</td>
      <td className="fc-measured">
        <Measured f={f} />
      </td>
      <td className="fc-nearby">
        <Nearby of={f} counted={counted} />
      </td>
      <td className="fc-alarms">
        {f.alarms.length > 0 && (
          <button type="button" onClick={() => narrow(view, { fac: id })} title={t('facilities.detail.alarms')}>
            <PriorityGlyph priority={f.alarms[0]!.priority} u={14} /> {f.alarms.length}
          </button>
        )}
      </td>
    </tr>
  );
}

/** What it measures beside its occupancy, or how many of its machines are up. */
function Measured({ f }: { f: FacilityFigures }) {
  const { t, say } = useText();
  const centre = useServer((s) => s.world.centre);
  const watched = f.offers.filter((o) => o.machine !== null);
  const up = watched.filter((o) => o.machine?.up).length;
  return (
    <>
      {watched.length > 0 && (
        <span className={up < watched.length ? 'fc-short' : ''}>{t('facilities.up', { n: up, of: watched.length })}</span>
      )}
      {f.readings.slice(0, 3).map(({ sensor, value, online }) => (
        <span key={sensor.id} className={online ? '' : 'fc-late'}>
          {readingText(sensorKindOf(centre, sensor.kind), value, say)}
        </span>
      ))}
    </>
  );
}
