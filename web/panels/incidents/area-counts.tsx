import { formatIncidentQuery } from '../../../model/incident-query.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { fetchCounts } from '../../incidents-api.ts';
import type { ListQuery } from '../../store/view-store.ts';
import { RecordsButton } from './records-button.tsx';
import { useLive } from './use-live.ts';
import { useNames } from './words.ts';

/** 各处结案: closed incidents of each place below the one shown, counted from the incidents themselves; each opens to its records. */
export function AreaCounts({ scope }: { scope: ListQuery }) {
  const { t } = useText();
  const names = useNames();
  const closed: ListQuery = { ...scope, state: ['closed'] };
  const live = useLive(`closed by area ${formatIncidentQuery(closed)}`, (after, signal) => fetchCounts(closed, 'area', after, signal));
  const fresh = useFreshness(live.data?.at, 15_000);
  const rows = live.data?.rows ?? [];
  return (
    <Panel
      id="closed-by-area"
      title={t('events.solved.title')}
      n={live.data?.total}
      sub={live.error ? t('events.failed', { rule: live.error }) : t('events.solved.sub')}
      fresh={fresh}
    >
      <table className="qt ch">
        <thead>
          <tr>
            <th scope="col">{t('events.solved.place')}</th>
            <th scope="col" className="num">
              {t('events.solved.n')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((r) => (
            <tr key={r.key}>
              <th scope="row">{names.place(r.key || null)}</th>
              <td className="num">
                {r.key ? <RecordsButton n={r.n} query={{ ...closed, area: r.key as NonNullable<ListQuery['area']> }} /> : r.n}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
