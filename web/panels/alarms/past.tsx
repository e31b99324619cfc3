import { useEffect, useState } from 'react';
import type { Occurrence } from '../../../model/alarm-log.ts';
import { ruleOf } from '../../../model/alarm-rules.ts';
import { alarmSource } from '../../../model/alarm-source.ts';
import { sensorKindOf } from '../../../model/centre.ts';
import { type AlarmLogPage, alarmLogCsv, fetchAlarmLog } from '../../alarms-api.ts';
import { useApp, useServer, useView } from '../../app-context.ts';
import { duration, grouped } from '../../design/format.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { figureText, nameOf, placeName, testFigure, testText, valueFigure } from '../alarm-words.ts';
import { actorName } from '../dossier/log-text.ts';
import { SaveLink } from '../save-link.tsx';
import { logQueryOf } from './params.ts';

/** 历史: each time an alarm's condition was active, from the server's log, the newest first. */
export function Past() {
  const { t, at } = useText();
  const params = useView((s) => s.params);
  const area = useView((s) => s.area);
  const offset = useServer((s) => s.world.centre?.utcOffsetMinutes ?? 0);
  const query = logQueryOf(params, area, (day) => {
    const ms = Date.parse(`${day}T00:00:00Z`);
    return Number.isNaN(ms) ? undefined : ms - offset * 60_000;
  });
  const key = JSON.stringify(query);
  const [pages, setPages] = useState<{ key: string; list: readonly AlarmLogPage[]; error: string | null }>({
    key: '',
    list: [],
    error: null,
  });
  const [more, setMore] = useState<string | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    fetchAlarmLog(JSON.parse(key), more, stop.signal)
      .then((page) => setPages((p) => ({ key, list: more === undefined || p.key !== key ? [page] : [...p.list, page], error: null })))
      .catch((e) => stop.signal.aborted || setPages((p) => ({ ...p, error: e instanceof Error ? e.message : String(e) })));
    return () => stop.abort();
  }, [key, more]);
  // another question begins at its first page
  // biome-ignore lint/correctness/useExhaustiveDependencies: the question is the key
  useEffect(() => setMore(undefined), [key]);
  const { list, error } = pages;
  const first = list[0];
  const last = list.at(-1);
  const rows = list.flatMap((p) => p.rows);
  return (
    <div className="alr-standing">
      <div className="alr-tools">
        <span className="alr-sum">
          {first
            ? `${t('alarmFlood.group', { n: grouped(first.total) })} · ${t('alarmList.pastSub', { from: `${at(first.from).date} ${at(first.from).hm}`, to: `${at(first.to).date} ${at(first.to).hm}` })}`
            : t('alarmList.pastLoading')}
        </span>
        <SaveLink className="plain" file={alarmLogCsv(query)}>
          {t('alarmList.csv')}
        </SaveLink>
      </div>
      {error && (
        <p className="wrong" role="alert">
          <PriorityGlyph priority={2} u={14} /> {t('alarmList.pastFailed', { rule: error })}
        </p>
      )}
      {first && rows.length === 0 && <p className="empty">{t('alarmList.empty')}</p>}
      <div className="alr-past">
        <table className="qt">
          <thead>
            <tr>
              {(['priority', 'name', 'value', 'limit', 'place', 'raised', 'acked', 'cleared', 'age', 'state'] as const).map((c) => (
                <th key={c} scope="col">
                  {t(`alarmList.col.${c}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <PastRow key={`${r.alarm} ${r.raisedAt}`} row={r} now={first?.to ?? 0} />
            ))}
          </tbody>
        </table>
        {last?.next && (
          <button type="button" className="quiet" onClick={() => setMore(last.next ?? undefined)}>
            {t('alarmList.pastMore')}
          </button>
        )}
      </div>
    </div>
  );
}

function PastRow({ row: r, now }: { row: Occurrence; now: number }) {
  const { t, at, language } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const c = { t, world, language };
  const source = alarmSource(world, r.sensor);
  const kind = sensorKindOf(world.centre, source?.of);
  const test = kind && ruleOf(world, kind.code, r.rule)?.test;
  const figure = test ? testFigure(c, test, kind, r.value) : valueFigure(c, kind, r.value);
  const moment = (ms: number) => `${at(ms).date} ${at(ms).hms}`;
  return (
    <tr>
      <td>
        <span className={`pp p${r.priority}`}>
          <PriorityGlyph priority={r.priority} u={18} hollow={!r.active} />
          <span>P{r.priority}</span>
        </span>
      </td>
      <td className="cat">
        <button type="button" data-row={r.alarm} onClick={() => view.setState({ selection: { kind: 'alarm', id: r.alarm } })}>
          {nameOf(c, { id: r.alarm, sensor: r.sensor })}
          <small> {source?.name ?? r.sensor}</small>
        </button>
      </td>
      <td className="num">{figureText(figure)}</td>
      <td className="m2">{test ? testText(c, test, kind) : r.limit}</td>
      <td>{placeName(c, r.area)}</td>
      <td className="num">{moment(r.raisedAt)}</td>
      <td className="m2">{r.ackedAt === null ? '—' : `${at(r.ackedAt).hms} ${r.ackedBy ? actorName(c, r.ackedBy) : ''}`}</td>
      <td className="num">{r.clearedAt === null ? (r.active ? t('alarmList.standingStill') : '—') : moment(r.clearedAt)}</td>
      <td className="num">{duration(Math.max(0, (r.clearedAt ?? now) - r.raisedAt))}</td>
      <td className="m2">{t(`alarmState.${r.hidden ?? r.state}`)}</td>
    </tr>
  );
}
