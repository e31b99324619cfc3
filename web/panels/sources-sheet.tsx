import { refusalReasons } from '../../model/report.ts';
import type { DoorStatus } from '../../model/wire.ts';
import { useLiveServer } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { useText } from '../design/use-text.ts';
import { useLiveNow } from '../store/clock.ts';
import { RefusedMessages } from './refused-messages.tsx';
import { Sheet } from './sheet.tsx';

/** 数据来源: per door what came last, how fast, and what was refused and why. */
export function SourcesSheet() {
  const { t } = useText();
  const status = useLiveServer((s) => s.status);
  const seq = useLiveServer((s) => s.world.seq);
  return (
    <Sheet title={t('sources.title')} sub={t('sources.seq', { n: grouped(seq) })}>
      {!status && <p className="t3">{t('sources.none')}</p>}
      {status && (
        <>
          <table className="doors">
            <thead>
              <tr>
                <th scope="col">{t('sources.door')}</th>
                <th scope="col">{t('sources.state')}</th>
                <th scope="col" className="num">
                  {t('sources.last')}
                </th>
                <th scope="col" className="num">
                  {t('sources.data')}
                </th>
                <th scope="col" className="num">
                  {t('sources.rate')}
                </th>
                <th scope="col" className="num">
                  {t('sources.accepted')}
                </th>
                <th scope="col" className="num">
                  {t('sources.refused')}
                </th>
                <th scope="col">{t('sources.reasons')}</th>
              </tr>
            </thead>
            <tbody>
              {status.doors.map((d) => (
                <Door key={d.door} d={d} />
              ))}
            </tbody>
          </table>
          <p className="t2">
            {t('sources.screens', { n: status.screens })} · {status.lagMs > 0 ? t('sources.lag', { n: status.lagMs }) : t('sources.noLag')}
          </p>
          <RefusedMessages />
        </>
      )}
    </Sheet>
  );
}

function Door({ d }: { d: DoorStatus }) {
  const { t, ago, at } = useText();
  const now = useLiveNow();
  const why = Object.entries(d.refusals)
    .filter(([, n]) => n > 0)
    .map(([key, n]) => {
      const known = refusalReasons.find((r) => r === key);
      return `${known ? t(`sources.reason.${known}`) : key} ${grouped(n)}`;
    });
  return (
    <tr>
      <th scope="row">{d.door}</th>
      <td className={d.state === 'failed' ? 'p2' : ''}>{t(`sources.${d.state}`)}</td>
      <td className="num" data-label={t('sources.last')}>
        {d.lastAt === null ? t('sources.never') : ago(Math.max(0, now - d.lastAt))}
      </td>
      <td className="num" data-label={t('sources.data')}>
        {d.dataAt === null ? '—' : at(d.dataAt).hms}
      </td>
      <td className="num" data-label={t('sources.rate')}>
        {t('sources.perSecond', { n: d.rate >= 10 ? Math.round(d.rate) : Number(d.rate.toFixed(1)) })}
      </td>
      <td className="num" data-label={t('sources.accepted')}>
        {grouped(d.accepted)}
      </td>
      <td className="num" data-label={t('sources.refused')}>
        {grouped(d.refused)}
      </td>
      <td data-label={t('sources.reasons')}>{why.join('　') || '—'}</td>
    </tr>
  );
}
