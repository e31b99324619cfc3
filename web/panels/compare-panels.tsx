import { useMemo } from 'react';
import { shortName } from '../../model/area.ts';
import { TARGETS } from '../../model/kpi.ts';
import { communityRows } from '../../model/kpi-series.ts';
import { type UnitRole, unitRoles } from '../../model/ledger.ts';
import { useApp, useServer } from '../app-context.ts';
import { signed } from '../design/format.ts';
import { Panel, PERIOD, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNowEvery } from '../store/clock.ts';
import { isUnitOnDuty } from '../store/summary.ts';

/** 社区对比: every community in full, for the right screen of three. */
export function CommunityTable() {
  const { t } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const now = Math.max(useNowEvery(10_000), world.at);
  const fresh = useFreshness();
  const rows = useMemo(() => communityRows(world, now), [world, now]);
  const target = TARGETS.onTime;
  return (
    <Panel id="compare" title={t('charts.compare')} n={rows.length} sub={t('charts.rate')} fresh={fresh}>
      <table className="qt compare">
        <thead>
          <tr>
            <th scope="col">{t('charts.colCommunity')}</th>
            <th scope="col" className="num">
              {t('charts.colToday')}
            </th>
            <th scope="col" className="num">
              {t('charts.colOpen')}
            </th>
            <th scope="col">{t('charts.rateTarget', { n: target })}</th>
            <th scope="col" className="num">
              {t('charts.colRate')}
            </th>
            <th scope="col" className="num">
              {t('charts.colResponse')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => {
            const off = r.onTimeRate === null || r.onTimeRate >= target ? null : r.onTimeRate >= 92 ? 3 : 2;
            const width = r.onTimeRate === null ? 0 : Math.min(50, Math.abs(r.onTimeRate - target) * 5);
            const left = r.onTimeRate !== null && r.onTimeRate < target ? 50 - width : 50;
            return (
              <tr key={r.code}>
                <td className="cat">
                  <button type="button" onClick={() => view.setState({ area: r.code, camera: null, selection: null })}>
                    {shortName(r.name)}
                  </button>
                </td>
                <td className="num">{r.reportedToday}</td>
                <td className="num">{r.open}</td>
                <td className="dev">
                  <i style={{ left: `${left}%`, width: `${width}%`, background: `var(--${off ? 's1' : 's2'})` }} />
                  <u />
                </td>
                <td className={`rr ${off ? `p${off}` : ''}`}>
                  <span className="pp">
                    {off && <PriorityGlyph priority={off} u={15} />}
                    {r.onTimeRate === null ? '—' : r.onTimeRate.toFixed(1)}
                    <small>{r.change === null ? '' : signed(r.change, 1)}</small>
                  </span>
                </td>
                <td className="num">{r.responseMinutes === null ? '—' : r.responseMinutes.toFixed(1)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}

/** 在岗力量 by role: on duty (on shift and heard) of registered. */
export function DutyPanel() {
  const { t } = useText();
  const { latest } = useApp();
  const units = useServer((s) => s.world.units);
  const centre = useServer((s) => s.world.centre);
  const now = useNowEvery(2000);
  const counts = new Map<UnitRole, { on: number; all: number }>();
  let newest = 0;
  for (const u of units.values()) {
    const c = counts.get(u.role) ?? { on: 0, all: 0 };
    c.all += 1;
    if (isUnitOnDuty({ centre }, latest, u, now)) c.on += 1;
    newest = Math.max(newest, latest.at[u.ix] ?? 0);
    counts.set(u.role, c);
  }
  const fresh = useFreshness(newest, PERIOD.positions);
  const on = [...counts.values()].reduce((n, c) => n + c.on, 0);
  return (
    <Panel id="duty-roles" title={t('charts.duty')} n={on} sub={t('charts.dutySub', { n: units.size })} fresh={fresh}>
      <ul className="roles">
        {unitRoles.map((role) => {
          const c = counts.get(role);
          return (
            c && (
              <li key={role}>
                <span>{t(`roles.${role}`)}</span>
                <b className="fig">{c.on}</b>
                <small className="fig">/ {c.all}</small>
                <span className="sla">
                  <i style={{ width: `${(100 * c.on) / c.all}%` }} />
                </span>
              </li>
            )
          );
        })}
      </ul>
    </Panel>
  );
}
