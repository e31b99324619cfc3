import type { AlarmRule } from '../../../../model/alarm-rule.ts';
import { sensorKindOf } from '../../../../model/centre.ts';
import type { TrialAnswer } from '../../../alarm-rules-api.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { duration, grouped } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { figureText, testFigure } from '../../alarm-words.ts';

const DAY_MS = 86_400_000;
/** A gap at the beginning that is no loss: history is kept in chunks. */
const SLACK_MS = 3_600_000;

/** What the rule would have raised. @param stale the form says something else by now */
export function TrialResult({ rule, answer, stale }: { rule: AlarmRule; answer: TrialAnswer; stale: boolean }) {
  const { t, at, span, language } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const kind = sensorKindOf(world.centre, rule.kind);
  const moment = (ms: number) => `${at(ms).date} ${at(ms).hm}`;
  const name = (sensor: string) => world.sensors.get(sensor)?.name ?? sensor;
  const open = (sensor: string) => view.setState({ selection: { kind: 'sensor', id: sensor } });
  const { coveredFrom } = answer;
  const empty = coveredFrom === null || answer.readings === 0;
  const short = coveredFrom !== null && coveredFrom > answer.from + SLACK_MS;
  return (
    <div className={`ru-result ${stale ? 'ru-stale' : ''}`}>
      {stale && <p className="ru-why">{t('alarmRule.stale')}</p>}
      <p className="ru-would" role="status">
        {t('alarmRule.would', { n: grouped(answer.raised) })}
      </p>
      <p className="ru-about">
        {t('alarmRule.wouldAbout', {
          sensors: grouped(answer.sensors),
          readings: grouped(answer.readings),
          from: moment(answer.from),
          to: moment(answer.to),
        })}
      </p>
      {empty ? (
        <p className="ru-why">{t('alarmRule.noHistory')}</p>
      ) : (
        short && (
          <p className="ru-why">
            {t('alarmRule.covered', { from: moment(coveredFrom), days: span(Math.min(answer.to - coveredFrom, 7 * DAY_MS)) })}
          </p>
        )
      )}
      {answer.bySensor.length > 0 && (
        <>
          <h4>{t('alarmRule.bySensor')}</h4>
          <ul className="ru-by">
            {answer.bySensor.slice(0, 8).map((s) => (
              <li key={s.sensor}>
                <button
                  type="button"
                  className="plain"
                  aria-label={t('alarmRule.open', { name: name(s.sensor) })}
                  onClick={() => open(s.sensor)}
                >
                  {name(s.sensor)}
                </button>
                <span className="fig">{t('alarmRule.times', { n: grouped(s.raised) })}</span>
              </li>
            ))}
          </ul>
          <h4>
            {t('alarmRule.occurrences')}
            {answer.rows.length < answer.raised && <small>{t('alarmRule.firstRows', { n: answer.rows.length })}</small>}
          </h4>
          <ul className="ru-times">
            {answer.rows.map((r) => (
              <li key={`${r.sensor} ${r.raisedAt}`}>
                <span className="fig">{moment(r.raisedAt)}</span>
                <button
                  type="button"
                  className="plain"
                  aria-label={t('alarmRule.open', { name: name(r.sensor) })}
                  onClick={() => open(r.sensor)}
                >
                  {name(r.sensor)}
                </button>
                <span className="fig">
                  {t('alarmRule.peak', { value: figureText(testFigure({ t, language }, rule.test, kind, r.peak)) })}
                </span>
                <span className="fig">{r.clearedAt === null ? t('alarmRule.still') : duration(r.clearedAt - r.raisedAt)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
