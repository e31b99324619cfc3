import { useRef, useState } from 'react';
import type { AlarmFigure, AlarmFigureRecords, AlarmReport } from '../../../model/alarm-report.ts';
import { dayKey, dayStart } from '../../../model/centre.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { fetchAlarmReport } from '../../sensing-api.ts';
import { useNowEvery } from '../../store/clock.ts';
import type { ServerState } from '../../store/server-store.ts';
import { narrow, type TabParams, toTab } from '../../store/view-store.ts';
import { usePrintTheme } from '../dossier/use-print-theme.ts';
import { useLive } from '../incidents/use-live.ts';
import { PeriodsChart } from './report-chart.tsx';
import { Behind, sectionOf, Verdict } from './report-parts.tsx';

const DAY_MS = 86_400_000;
const IDLE_MS = 60_000;
const periods = ['today', '7d', '30d'] as const;
type Period = (typeof periods)[number];
const usual: Period = '7d';
const ofAlarms = (now: ServerState, before: ServerState) => now.world.alarms !== before.world.alarms;

/** The time of a report at `now`: today or seven or thirty days, by the centre's midnight. */
function timeOf(period: Period, now: number, utcOffsetMinutes: number) {
  const today = dayStart(now, utcOffsetMinutes);
  return { from: period === 'today' ? today : today - (period === '7d' ? 6 : 29) * DAY_MS, to: now };
}

/** 感知 · 报表: how much the alarms of a time asked of an operator, after ISA-18.2 and EEMUA 191. */
export function ReportTab() {
  const { t, at, say } = useText();
  usePrintTheme();
  const name = useServer((s) => s.world.centre?.name);
  const asked = useView((s) => s.params.period);
  const period = periods.find((p) => p === asked) ?? usual;
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  const now = useNowEvery(IDLE_MS) + IDLE_MS;
  const time = timeOf(period, now, offset);
  const live = useLive(`alarm report ${time.from} ${time.to}`, (_, signal) => fetchAlarmReport(time.from, time.to, signal), {
    newer: ofAlarms,
    idleMs: IDLE_MS,
  });
  const report = live.data;
  const fresh = useFreshness(report?.at ?? 0, IDLE_MS);
  const stamp = (ms: number) => `${at(ms).date} ${at(ms).hm}`;
  return (
    <div className="isa">
      <p className="isa-paper">
        <b>{name && say(name)}</b>
        <span>{t('isa.printed', { at: stamp(now - IDLE_MS) })}</span>
      </p>
      <Panel
        id="report"
        title={t('isa.title')}
        n={report?.announced}
        sub={
          live.error
            ? t('events.failed', { rule: live.error })
            : report
              ? t('isa.sub', { from: stamp(report.from), to: stamp(report.to), operators: report.operators })
              : t('sensing.loading')
        }
        fresh={fresh}
      >
        <PeriodPicker period={period} />
        {report && <Report report={report} offset={offset} />}
      </Panel>
    </div>
  );
}

function PeriodPicker({ period }: { period: Period }) {
  const { t } = useText();
  const { view } = useApp();
  return (
    <div className="isa-bar">
      {periods.map((p) => (
        <button
          type="button"
          key={p}
          className="quiet"
          aria-pressed={p === period}
          onClick={() => narrow(view, { period: p === usual ? undefined : p })}
        >
          {t(`isa.period.${p}`)}
        </button>
      ))}
      <button type="button" className="quiet isa-print" onClick={() => window.print()}>
        {t('isa.print')}
      </button>
    </div>
  );
}

function Report({ report, offset }: { report: AlarmReport; offset: number }) {
  const { view } = useApp();
  const body = useRef<HTMLDivElement>(null);
  const day = (ms: number) => dayKey(ms, offset);
  const past = (more: TabParams = {}) =>
    toTab(view, 'alarms', { by: 'past', from: day(report.from), to: day(report.to - 1), ...more }, null);
  const open = (records: AlarmFigureRecords) => {
    if (records.kind === 'log') return past(records.priority ? { priority: records.priority.join() } : {});
    const section = body.current?.querySelector<HTMLElement>(`#${sectionOf(records)}`);
    section?.scrollIntoView({ block: 'start' });
    section?.focus();
  };
  return (
    <div className="isa-body" ref={body}>
      <Figures report={report} onOpen={open} />
      <div className="isa-side">
        <PeriodsChart periods={report.periods} from={report.from} to={report.to} />
        <Behind report={report} onPast={past} day={day} />
      </div>
    </div>
  );
}

function Figures({ report, onOpen }: { report: AlarmReport; onOpen: (records: AlarmFigureRecords) => void }) {
  const { t } = useText();
  return (
    <table className="isa-figures">
      <caption className="sr">{t('isa.title')}</caption>
      <thead>
        <tr>
          {(['figure', 'value', 'verdict', 'target', 'n'] as const).map((c) => (
            <th key={c} scope="col" className={`isa-c-${c}`}>
              {t(`isa.col.${c}`)}
            </th>
          ))}
          <th scope="col" className="isa-c-open">
            <span className="sr">{t('isa.records')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {report.figures.map((f) => (
          <Figure key={f.id} figure={f} onOpen={() => onOpen(f.records)} />
        ))}
      </tbody>
    </table>
  );
}

function Figure({ figure: f, onOpen }: { figure: AlarmFigure; onOpen: () => void }) {
  const { t, say } = useText();
  const [open, setOpen] = useState(false);
  return (
    <tr data-figure={f.id}>
      <th scope="row">
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say(f.name)}
        </button>
        <small className={open ? '' : 'isa-fold'}>
          {say(f.formula)}
          {f.target && `　${say(f.target.source)}`}
        </small>
      </th>
      <td className="isa-c-value">
        <b className="fig">{f.value === null ? '—' : f.value.toFixed(f.digits)}</b>
        <small>{say(f.unit)}</small>
      </td>
      <td className="isa-c-verdict">
        <Verdict of={f.verdict} />
      </td>
      <td className="isa-c-target fig">
        {f.target
          ? t(`isa.target.${f.target.is}`, { value: f.target.value }) +
            (f.target.limit === undefined ? '' : t('isa.target.limit', { value: f.target.limit }))
          : '—'}
      </td>
      <td className="isa-c-n">
        <span className="fig">{f.n}</span> {say(f.of)}
      </td>
      <td className="isa-c-open">
        <button type="button" className="quiet" onClick={onOpen} aria-label={`${say(f.name)} ${t('isa.records')}`}>
          {t('isa.records')}
        </button>
      </td>
    </tr>
  );
}
