import { useMemo } from 'react';
import { alarmName } from '../../../model/alarm-rules.ts';
import { areaLabel } from '../../../model/area.ts';
import { sensorKindOf } from '../../../model/centre.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { narrow } from '../../store/view-store.ts';
import { FindField } from '../find-field.tsx';
import { useWindowedRows } from '../windowed-rows.ts';
import { useLineNames } from './matrix.tsx';
import { cellWords, type DeviceRow, devicesOf, type Layout, type Trouble, troubles } from './matrix-figures.ts';
import { readingText } from './reading-text.ts';

const ROW_U = 50;
const columns = ['state', 'device', 'kind', 'value', 'age', 'place', 'facility'] as const;

/** The devices of one cell of the matrix, by what is the matter with them. Only the rows in sight are in the page. */
export function DeviceList({ layout, cell, now }: { layout: Layout; cell: { line: number; column: number }; now: number }) {
  const { t } = useText();
  const { latest, view } = useApp();
  const alarms = useServer((s) => s.world.alarms);
  const params = useView((s) => s.params);
  const names = useLineNames();
  const all = useMemo(() => devicesOf(layout, cell, latest, alarms, now), [layout, cell, latest, alarms, now]);
  const fresh = useFreshness(latest.frameAt, PERIOD.positions);
  const words = (params.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const rows = all.filter(
    (r) =>
      (params.trouble === undefined || r.trouble === params.trouble) &&
      words.every((w) => r.sensor.name.toLowerCase().includes(w) || r.sensor.id.toLowerCase().includes(w)),
  );
  const line = layout.lines[cell.line];
  const column = layout.columns[cell.column];
  const where = column && (column.is === 'area' ? column.name : t(`matrix.column.${column.is}`));
  const close = () => narrow(view, Object.fromEntries([...cellWords, 'trouble', 'q'].map((w) => [w, undefined])));
  return (
    <Panel
      id="matrix"
      className="dm dm-list"
      title={line && where ? `${names(line)} · ${where}` : t('matrix.list.gone')}
      n={rows.length}
      sub={t('matrix.list.sub', { n: all.length })}
      fresh={fresh}
    >
      <div className="dm-bar">
        <button type="button" className="quiet" onClick={close}>
          {t('matrix.list.back')} <kbd>Esc</kbd>
        </button>
        <TroubleFilter rows={all} />
        <FindField value={params.q} label={t('matrix.list.find')} />
      </div>
      {rows.length === 0 ? <p className="empty">{t('matrix.list.empty')}</p> : <Rows rows={rows} now={now} />}
    </Panel>
  );
}

function TroubleFilter({ rows }: { rows: readonly DeviceRow[] }) {
  const { t } = useText();
  const { view } = useApp();
  const chosen = useView((s) => s.params.trouble);
  const count = (of: Trouble) => rows.reduce((n, r) => n + (r.trouble === of ? 1 : 0), 0);
  return (
    <fieldset className="dm-troubles" aria-label={t('matrix.list.by')}>
      {troubles.map((of) => (
        <button
          type="button"
          key={of}
          className="quiet"
          aria-pressed={chosen === of}
          onClick={() => narrow(view, { trouble: chosen === of ? undefined : of })}
        >
          {t(`matrix.trouble.${of}`)} <b className="fig">{count(of)}</b>
        </button>
      ))}
    </fieldset>
  );
}

function Rows({ rows, now }: { rows: readonly DeviceRow[]; now: number }) {
  const { t } = useText();
  const { box, shown, before, after } = useWindowedRows(rows.length, ROW_U);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="dm-rows" ref={box} tabIndex={0} aria-label={t('matrix.list.rows')}>
      <table className="dm-devices" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((c) => (
              <th key={c} scope="col" className={`dm-c-${c}`}>
                {t(`matrix.list.col.${c}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <tr style={{ height: before }} />}
          {shown.map((v) => (
            <Row key={rows[v.index]!.sensor.id} row={rows[v.index]!} index={v.index} now={now} />
          ))}
          {after > 0 && <tr style={{ height: after }} />}
        </tbody>
      </table>
    </section>
  );
}

function Row({ row: { sensor, trouble, alarm }, index, now }: { row: DeviceRow; index: number; now: number }) {
  const { t, say, span, at } = useText();
  const { latest, view } = useApp();
  const world = useServer((s) => s.world);
  const chosen = useView((s) => s.selection?.kind === 'sensor' && s.selection.id === sensor.id);
  const kind = sensorKindOf(world.centre, sensor.kind);
  const readAt = latest.valueAt[sensor.ix] ?? 0;
  const place = sensor.area ? areaLabel(treeOf(world), sensor.area) : t('queue.outside');
  return (
    <tr className={chosen ? 'sel' : ''} aria-rowindex={index + 2} data-device={sensor.id} data-trouble={trouble}>
      <td className="dm-c-state">
        {trouble === 'alarm' && alarm ? (
          <>
            <PriorityGlyph priority={alarm.priority} u={14} hollow={!alarm.active} />
            <span className="dm-word">{say(alarmName(world, alarm))}</span>
          </>
        ) : (
          <>
            <i className={`dm-dot dm-${trouble}`} />
            <span className="dm-word">{t(`matrix.trouble.${trouble}`)}</span>
          </>
        )}
      </td>
      <td className="dm-c-device">
        <button type="button" data-row={sensor.id} onClick={() => view.setState({ selection: { kind: 'sensor', id: sensor.id } })}>
          {sensor.name}
          <small>{sensor.id}</small>
        </button>
      </td>
      <td className="dm-c-kind">{kind ? say(kind.name) : sensor.kind}</td>
      <td className="dm-c-value fig">{readAt ? readingText(kind, latest.value[sensor.ix] ?? 0, say) : '—'}</td>
      <td className="dm-c-age fig" title={readAt ? `${at(readAt).date} ${at(readAt).hms}` : undefined}>
        {readAt ? span(Math.max(0, now - readAt)) : '—'}
      </td>
      <td className="dm-c-place">{place}</td>
      <td className="dm-c-facility">{(sensor.facility && world.facilities.get(sensor.facility)?.name) || '—'}</td>
    </tr>
  );
}
