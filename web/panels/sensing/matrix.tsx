import { memo, useMemo } from 'react';
import type { Priority } from '../../../model/centre.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { useNowEvery } from '../../store/clock.ts';
import { narrow } from '../../store/view-store.ts';
import { DeviceList } from './device-list.tsx';
import {
  type CellFigures,
  type Column,
  cellOf,
  cellParams,
  figuresOf,
  type Layout,
  type Line,
  layoutOf,
  ONLINE_FAR,
  ONLINE_TARGET,
  onlineRate,
} from './matrix-figures.ts';

/** Figures of so many devices are counted every second, of more every five. */
const MANY = 5000;
const priorities: readonly Priority[] = [1, 2, 3, 4];

/** 感知 · 设备: kinds against places; each cell opens to its devices. */
export function MatrixTab() {
  const centre = useServer((s) => s.world.centre);
  const areas = useServer((s) => s.world.areas);
  const sensors = useServer((s) => s.world.sensors);
  const area = useView((s) => s.area);
  const params = useView((s) => s.params);
  const layout = useMemo(() => layoutOf({ centre, areas, sensors }, area), [centre, areas, sensors, area]);
  const cell = cellOf(layout, params);
  const now = useNowEvery(layout.sensors.length > MANY ? 5000 : 1000);
  return cell ? <DeviceList layout={layout} cell={cell} now={now} /> : <Matrix layout={layout} now={now} />;
}

function Matrix({ layout, now }: { layout: Layout; now: number }) {
  const { t } = useText();
  const { latest, view } = useApp();
  const alarms = useServer((s) => s.world.alarms);
  const cells = useMemo(() => figuresOf(layout, latest, alarms, now), [layout, latest, alarms, now]);
  const fresh = useFreshness(latest.frameAt, PERIOD.positions);
  const names = useLineNames();
  const all = cells[0]!;
  return (
    <Panel
      id="matrix"
      className="dm"
      title={t('matrix.title')}
      n={all.n}
      sub={t('matrix.sub', { online: all.online, alarms: all.alarms.reduce((a, b) => a + b, 0) })}
      fresh={fresh}
    >
      {all.n === 0 ? (
        <p className="empty">{t('matrix.empty')}</p>
      ) : (
        <>
          <Legend />
          <div className="dm-scroll">
            <table className="dm-table">
              <caption className="sr">{t('matrix.caption')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('matrix.kind')}</th>
                  {layout.columns.map((c) => (
                    <th key={c.key} scope="col">
                      <ColumnHead column={c} />
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {layout.lines.map((line, l) => (
                  <tr key={`${line.is} ${line.key}`} className={`dm-${line.is}`}>
                    <th scope="row">{names(line)}</th>
                    {layout.columns.map((column, c) => (
                      <td key={column.key}>
                        <Cell
                          of={cells[l * layout.columns.length + c]!}
                          name={`${names(line)} ${column.is === 'area' ? column.name : t(`matrix.column.${column.is}`)}`}
                          total={c === 0}
                          onOpen={() => narrow(view, cellParams(line, column))}
                        />
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </Panel>
  );
}

/** 烟感; of a group its name, of those without one 其他. */
export function useLineNames() {
  const { t, say } = useText();
  const centre = useServer((s) => s.world.centre);
  return useMemo(() => {
    const kinds = new Map(centre?.sensorKinds.map((k) => [k.code, k.name]));
    return (line: Line) => {
      if (line.is === 'all') return t('matrix.allKinds');
      if (line.is === 'group') return line.key || t('matrix.noGroup');
      const name = kinds.get(line.key);
      return name ? say(name) : line.key;
    };
  }, [centre, t, say]);
}

/** A place that has parts of its own can be looked into. */
function ColumnHead({ column }: { column: Column }) {
  const { t } = useText();
  const { view } = useApp();
  const areas = useServer((s) => s.world.areas);
  if (column.is !== 'area') return t(`matrix.column.${column.is}`);
  const area = [...areas.values()].find((a) => a.code === column.key);
  return (
    <button type="button" title={t('matrix.into', { name: column.name })} onClick={() => view.setState({ area: area?.code ?? null })}>
      {column.name}
    </button>
  );
}

/** How far below the target: what it is coloured and shaped by. */
const offBy = (rate: number): Priority | null => (rate >= ONLINE_TARGET ? null : rate >= ONLINE_FAR ? 3 : 2);
/** Greys by what is missing: none at all, within the target, beyond it, far beyond it. */
const shadeOf = (rate: number) => (rate === 100 ? 0 : rate >= ONLINE_TARGET ? 1 : rate >= ONLINE_FAR ? 2 : 3);

function useAge() {
  const { t, span } = useText();
  // seconds that change every second would be the only thing moving on a quiet screen
  return (ms: number) => (ms < 10_000 ? t('matrix.under', { age: span(10_000) }) : span(ms));
}

interface CellProps {
  readonly of: CellFigures;
  readonly name: string;
  readonly total: boolean;
  readonly onOpen: () => void;
}
const figuresKey = (c: CellFigures) => `${c.n} ${c.online} ${c.silent} ${c.alarms.join()} ${c.unacked}`;
const ageStep = (ms: number | null) => (ms === null ? -1 : ms < 10_000 ? 0 : Math.floor(ms / 1000));

const Cell = memo(
  function Cell({ of: c, name, total, onOpen }: CellProps) {
    const { t } = useText();
    const age = useAge();
    const rate = onlineRate(c);
    if (rate === null) return <span className="dm-blank">{t('matrix.none')}</span>;
    const off = offBy(rate);
    const ages =
      c.medianAgeMs === null || c.oldestAgeMs === null
        ? t('matrix.noReading')
        : t('matrix.ages', { median: age(c.medianAgeMs), oldest: age(c.oldestAgeMs) });
    const said = t('matrix.cell', {
      name,
      rate,
      online: c.online,
      n: c.n,
      silent: c.silent,
      ages,
      alarms: c.alarms.reduce((a, b) => a + b, 0),
    });
    return (
      <button type="button" className={`dm-cell dm-s${shadeOf(rate)}`} title={said} onClick={onOpen}>
        <span className={off ? `dm-rate p${off}` : 'dm-rate'}>
          {off && <PriorityGlyph priority={off} u={14} />}
          {rate === 100 ? rate : rate.toFixed(1)}
          <small> %</small>
        </span>
        <span className="dm-n">
          {c.online}/{c.n}
        </span>
        <span className="dm-age">{c.medianAgeMs === null ? t('matrix.noReading') : total ? ages : age(c.medianAgeMs)}</span>
        <span className="dm-alarms">
          {priorities.map(
            (p) =>
              c.alarms[p - 1]! > 0 && (
                <span key={p}>
                  <PriorityGlyph priority={p} u={12} />
                  <span className="sr">P{p} </span>
                  {c.alarms[p - 1]}
                </span>
              ),
          )}
        </span>
      </button>
    );
  },
  (a, b) =>
    a.name === b.name &&
    figuresKey(a.of) === figuresKey(b.of) &&
    ageStep(a.of.medianAgeMs) === ageStep(b.of.medianAgeMs) &&
    (!a.total || ageStep(a.of.oldestAgeMs) === ageStep(b.of.oldestAgeMs)),
);

function Legend() {
  const { t } = useText();
  return (
    <p className="dm-legend">
      <span>{t('matrix.legend.cell')}</span>
      <span>{t('matrix.legend.age')}</span>
      <span className="dm-scale">
        {t('matrix.legend.shade')}
        {([0, 1, 2, 3] as const).map((s) => (
          <i key={s} className={`dm-s${s}`}>
            {t(`matrix.legend.s${s}`, { target: ONLINE_TARGET, far: ONLINE_FAR })}
          </i>
        ))}
      </span>
      <span>
        <PriorityGlyph priority={3} u={12} />
        {t('matrix.legend.below', { n: ONLINE_TARGET })}
      </span>
      <span>
        <PriorityGlyph priority={2} u={12} />
        {t('matrix.legend.below', { n: ONLINE_FAR })}
      </span>
    </p>
  );
}
