import { type ServiceTab, serviceTabs } from '../../../../model/facility.ts';
import type { FacilityFigures, OfferFigures } from '../../../../model/facility-figures.ts';
import { useApp } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { OfferLine } from './detail.tsx';
import { useOpenText } from './words.tsx';

const of = (f: FacilityFigures, tab: ServiceTab | null): OfferFigures[] => f.offers.filter((o) => (o.offer.tab ?? null) === tab);

/** 五大功能: what each service place offers under 健康 教育 养老 平安 生活, with the floor it is on. */
export function TabMatrix({ figures, now }: { figures: readonly FacilityFigures[]; now: number }) {
  const { t } = useText();
  const { view } = useApp();
  const openText = useOpenText();
  const rows = figures.filter((f) => f.offers.some((o) => o.offer.tab !== undefined));
  const tabs: (ServiceTab | null)[] = [...serviceTabs];
  if (rows.some((f) => of(f, null).length > 0)) tabs.push(null);
  if (rows.length === 0) return <p className="empty">{t('facilities.nothing')}</p>;
  return (
    <table className="fc-matrix">
      <caption className="sr">{t('facilities.matrix.caption')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('facilities.matrix.facility')}</th>
          {tabs.map((tab) => (
            <th key={tab ?? 'other'} scope="col">
              {tab === null ? t('facilities.matrix.other') : t(`facilities.tab.${tab}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((f) => (
          <tr key={f.facility.id} data-facility={f.facility.id}>
            <th scope="row">
              <button type="button" onClick={() => narrow(view, { show: undefined, fac: f.facility.id })}>
                {f.facility.name}
              </button>
              <small>{openText(f, now)}</small>
              <small>{t('facilities.matrix.opens', { open: f.offers.filter((o) => o.open).length, n: f.offers.length })}</small>
            </th>
            {tabs.map((tab) => (
              <td key={tab ?? 'other'}>
                <Offers list={of(f, tab)} now={now} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Offers({ list, now }: { list: readonly OfferFigures[]; now: number }) {
  const { say } = useText();
  return (
    <ul>
      {list.map((o) => (
        <li key={say(o.offer.name)} className="fc-cell">
          {o.offer.floor && <b>{o.offer.floor}</b>}
          <ul>
            <OfferLine of={o} upSince={null} now={now} />
          </ul>
        </li>
      ))}
    </ul>
  );
}
