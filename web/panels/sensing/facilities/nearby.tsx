import { type FacilityFigures, nearbyQuery, per100 } from '../../../../model/facility-figures.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { plainNumber } from '../../../design/format.ts';
import { useText } from '../../../design/use-text.ts';
import { ask } from '../../../store/view-store.ts';
import type { Counted } from './use-facilities.ts';

/** 周边事件: what a facility is worth, each number opening the list of exactly what it counts. */
export function Nearby({ of, counted, full = false }: { of: FacilityFigures; counted: Counted; full?: boolean }) {
  const { t, say } = useText();
  const { view } = useApp();
  const centre = useServer((s) => s.world.centre);
  const row = counted.rows.get(of.facility.id);
  if (counted.error && !row) return <span className="t3">{t('facilities.uncounted', { rule: counted.error })}</span>;
  if (!row) return counted.at === null ? <span className="t3">{t('facilities.counting')}</span> : null;
  const { capacity, kind } = of.facility;
  const names = (codes: readonly string[]) =>
    codes.map((c) => centre?.categories.find((x) => x.code === c)).flatMap((c) => (c ? [say(c.name)] : [c]));
  return (
    <ul className={full ? 'fc-near fc-full' : 'fc-near'}>
      {row.incidents[0]?.period === 'after' && (
        <li>
          <span>{t('facilities.unrecorded')}</span>
        </li>
      )}
      {row.incidents.map((i) => {
        const per = kind === 'parking' ? per100(i.count, capacity) : null;
        const label = t('facilities.category', { names: names(i.categories).join(' ') });
        const period = t(`facilities.period.${i.period}`, { days: Math.round(i.days) });
        return (
          <li key={i.period}>
            <span>{full ? `${label} · ${period}` : period}</span>
            <button
              type="button"
              data-records={i.count}
              title={`${label} · ${period}`}
              aria-label={`${of.facility.name} ${label} ${period} ${t('facilities.count', { n: i.count })}`}
              onClick={() => ask(view, nearbyQuery(i), 'list')}
            >
              {t('facilities.count', { n: i.count })}
            </button>
            {per !== null && <small>{t('facilities.per100', { n: plainNumber(per) })}</small>}
            {i.period !== 'month' && i.days < 29.5 && i.days >= 1 && (
              <small>{t('facilities.perDay', { n: plainNumber((i.count * 30) / i.days) })}</small>
            )}
          </li>
        );
      })}
    </ul>
  );
}
