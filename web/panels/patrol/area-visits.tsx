import type { AreaCode } from '../../../model/brand.ts';
import type { Entry } from '../../../model/ledger.ts';
import { useApp, useServer } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useEntries } from '../use-entries.ts';

const SHOWN = 12;
type Visit = Entry<'area.visited'> | Entry<'area.left'>;
const isVisit = (e: Entry): e is Visit => e.kind === 'area.visited' || e.kind === 'area.left';

/** 到访记录 of a micro-grid: the entries of the ledger, the latest first. */
export function AreaVisits({ code }: { code: AreaCode }) {
  const { t, at, span } = useText();
  const { view } = useApp();
  const fresh = useFreshness();
  const units = useServer((s) => s.world.units);
  const visit = useServer((s) => s.world.visits.get(code));
  const { lists, failed } = useEntries([code], visit);
  const list = (lists?.[0] ?? []).filter(isVisit).slice(-SHOWN).reverse();
  const text = ({ kind, body }: Visit) => {
    const who = units.get(body.unit)?.name ?? body.unit;
    return kind === 'area.left'
      ? t('patrolCover.left', { who, span: span(Math.max(0, body.at - body.since)) })
      : t('patrolCover.visited', { who });
  };
  return (
    <Panel
      id="area-visits"
      title={t('patrolCover.records')}
      {...(list.length ? { sub: t('patrolCover.recordsSub', { n: list.length }) } : {})}
      fresh={fresh}
    >
      {failed && <p className="p2">{t('unitPage.logFailed')}</p>}
      {lists && list.length === 0 && <p className="t3">{t('patrolCover.recordsNone')}</p>}
      <ul className="pt-list">
        {list.map((e) => (
          <li key={e.seq} data-visit={e.kind}>
            <span className="fig" title={`${at(e.body.at).date} ${at(e.body.at).hms}`}>
              {at(e.body.at).hm}
            </span>
            <button type="button" className="pt-link" onClick={() => view.setState({ selection: { kind: 'unit', id: e.body.unit } })}>
              {text(e)}
            </button>
            <span className="fig">
              {e.body.fixes !== undefined && `${t('patrolCover.fixes', { n: e.body.fixes })} · `}
              {at(e.body.at).date}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
