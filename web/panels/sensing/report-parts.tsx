import type { ReactNode } from 'react';
import { partsOfAlarm } from '../../../model/alarm.ts';
import type { AlarmFigureRecords, AlarmReport, AlarmSource, Verdict as Judgement } from '../../../model/alarm-report.ts';
import { verdictOf } from '../../../model/alarm-report-figures.ts';
import { ruleOf } from '../../../model/alarm-rules.ts';
import { alarmSource } from '../../../model/alarm-source.ts';
import { areaLabel } from '../../../model/area.ts';
import { treeOf } from '../../../model/world.ts';
import { useServer } from '../../app-context.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import type { TabParams } from '../../store/view-store.ts';

/** 达标, 接近 ●, 未达标 ◆: only what is off its target has a colour and a shape. */
export function Verdict({ of }: { of: Judgement | null }) {
  const { t } = useText();
  if (of === null) return <span className="t3">—</span>;
  if (of === 'met') return <span className="t2">{t('isa.verdict.met')}</span>;
  const priority = of === 'near' ? 3 : 2;
  return (
    <span className={`isa-off p${priority}`}>
      <PriorityGlyph priority={priority} u={14} />
      {t(`isa.verdict.${of}`)}
    </span>
  );
}

/** The part of the page in which the records of a figure stand. */
export const sectionOf = (r: Exclude<AlarmFigureRecords, { kind: 'log' }>) => `isa-${r.of}`;

interface Props {
  readonly report: AlarmReport;
  /** open the log of the time, narrowed further */
  readonly onPast: (more?: TabParams) => void;
  readonly day: (ms: number) => string;
}
/** What stands behind the figures: busy periods, days, floods, and alarms by name, each a way to its records. */
export function Behind({ report, onPast, day }: Props) {
  const { t, at, span } = useText();
  const stamp = (ms: number) => `${at(ms).date} ${at(ms).hm}`;
  const { periods, operators } = report;
  const busy = periods.counts.flatMap((n, i) => (n > periods.busyAbove ? [{ n, from: periods.from + i * periods.stepMs }] : []));
  const perDay = report.figures.find((f) => f.id === 'worst-day')?.target ?? null;
  const stale = report.figures.find((f) => f.id === 'stale')?.target ?? null;
  const ofDay = (ms: number) => () => onPast({ from: day(ms), to: day(ms) });
  const alarms = <R extends AlarmSource>(of: string, rows: readonly R[], cells: (r: R) => readonly ReactNode[]) => (
    <Section of={of} n={rows.length}>
      {rows.map((r) => (
        <Row
          key={`${r.alarm} ${String(cells(r)[1])}`}
          onOpen={() => onPast({ sensor: r.sensor, rule: r.rule })}
          source={r}
          cells={cells(r)}
        />
      ))}
    </Section>
  );
  return (
    <>
      <Section of="days" n={report.days.length}>
        {report.days.map((d) => (
          <Row
            key={d.day}
            onOpen={ofDay(d.from)}
            name={d.day.slice(5)}
            cells={[
              t('isa.row.announced', { n: d.announced }),
              t('isa.row.stale', { n: d.stale }),
              <Verdict key="v" of={worse(verdictOf(d.announced / operators, perDay), verdictOf(d.stale, stale))} />,
            ]}
          />
        ))}
      </Section>
      {alarms('top', report.top, (r) => [t('isa.row.times', { n: r.announced }), `${r.share.toFixed(1)} %`])}
      {alarms('chattering', report.chattering, (r) => [t('isa.row.changes', { n: r.changes, spells: r.spells }), stamp(r.lastAt)])}
      {alarms('stale', report.stale, (r) => [
        t('isa.row.since', { at: stamp(r.since) }),
        r.until === null ? t('isa.row.still', { age: span(report.to - r.since) }) : t('isa.row.until', { at: stamp(r.until) }),
      ])}
      <Section of="busy" n={busy.length}>
        {busy.slice(0, 100).map((b) => (
          <Row key={b.from} onOpen={ofDay(b.from)} name={stamp(b.from)} cells={[t('isa.row.announced', { n: b.n })]} />
        ))}
      </Section>
      <Section of="floods" n={report.floods.length}>
        {report.floods.map((f) => (
          <Row
            key={f.from}
            onOpen={ofDay(f.from)}
            name={`${stamp(f.from)} – ${f.until === null ? t('isa.row.goesOn') : stamp(f.until)}`}
            cells={[t('isa.row.announced', { n: f.announced }), t('isa.row.peak', { n: f.peak })]}
          />
        ))}
      </Section>
      {alarms('unacknowledged', report.unacknowledged, (r) => [t('isa.row.since', { at: stamp(r.since) }), span(report.to - r.since)])}
      {(['shelved', 'outOfService'] as const).map((of) => (
        <div key={of}>
          {alarms(of, report[of], (r) => [
            r.since === null ? t('isa.row.before') : t('isa.row.since', { at: stamp(r.since) }),
            r.until === null ? t('isa.row.goesOn') : t('isa.row.until', { at: stamp(r.until) }),
            r.reason,
          ])}
        </div>
      ))}
    </>
  );
}

const rank = { met: 0, near: 1, missed: 2 } as const;
const worse = (a: Judgement | null, b: Judgement | null) => (a === null ? b : b === null ? a : rank[a] >= rank[b] ? a : b);

type SectionKey = 'days' | 'top' | 'chattering' | 'stale' | 'busy' | 'floods' | 'unacknowledged' | 'shelved' | 'outOfService';
function Section({ of, n, children }: { of: string; n: number; children: ReactNode }) {
  const { t } = useText();
  const key = of as SectionKey;
  return (
    <section className="isa-section" id={`isa-${of}`} tabIndex={-1} aria-labelledby={`isa-${of}-title`}>
      <h3 id={`isa-${of}-title`}>
        {t(`isa.section.${key}`)} <b className="fig">{n}</b>
      </h3>
      {n === 0 ? <p className="isa-note">{t('isa.nothing')}</p> : <ul>{children}</ul>}
    </section>
  );
}

function Row(props: { onOpen: () => void; cells: readonly ReactNode[]; name?: string; source?: AlarmSource }) {
  const { onOpen, cells, name, source } = props;
  const { t } = useText();
  return (
    <li>
      <button type="button" onClick={onOpen} title={t('isa.records')}>
        {source ? <Source of={source} /> : <b className="fig">{name}</b>}
        {cells.map((c, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
          <span key={i}>{c}</span>
        ))}
      </button>
    </li>
  );
}

/** ◆ 烟感报警 · 东苑 3 栋 · 正街 03-07 */
function Source({ of }: { of: AlarmSource }) {
  const { t, say } = useText();
  const world = useServer((s) => s.world);
  const source = alarmSource(world, of.sensor);
  const rule = source && ruleOf(world, source.of, partsOfAlarm(of.alarm).rule);
  const place = of.area ? areaLabel(treeOf(world), of.area) : t('queue.outside');
  return (
    <b>
      <PriorityGlyph priority={of.priority} u={13} />
      {rule ? say(rule.name) : of.rule}
      <small>
        {source?.name ?? of.sensor} · {place}
      </small>
    </b>
  );
}
