import { isCareEntry } from '../../../../model/care.ts';
import { careKindOf } from '../../../../model/centre.ts';
import type { CareState } from '../../../../model/patrol-plan.ts';
import { useApp, useServer } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import { actorName, unitName } from '../../dossier/log-text.ts';
import { useEntries } from '../../use-entries.ts';

/** 走访记录: what the ledger holds about one person, newest first. */
export function CareHistory({ care }: { care: CareState }) {
  const { t, at, say, language } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const { lists, failed } = useEntries([care.id], care);
  const kind = careKindOf(world.centre, care.kind);
  const rows = [...(lists?.[0] ?? [])].filter(isCareEntry).reverse();
  const when = (ms: number) => `${at(ms).date} ${at(ms).hm}`;
  const link = (incident: string | undefined) =>
    incident && (
      <button type="button" onClick={() => view.setState({ selection: { kind: 'incident', id: incident } })}>
        {t('cares.history.incident')}
      </button>
    );
  return (
    <section className="cr-history" aria-label={t('cares.history.title')}>
      <h3>
        {t('cares.history.title')} {lists && <small className="fig">{t('cares.history.n', { n: rows.length })}</small>}
      </h3>
      {failed ? (
        <p className="p2">{t('cares.history.failed')}</p>
      ) : !lists ? (
        <p className="t3">{t('cares.history.loading')}</p>
      ) : rows.length === 0 ? (
        <p className="t3">{t('cares.history.none')}</p>
      ) : (
        <ul>
          {rows.map((e) => {
            if (e.kind === 'care.overdue')
              return (
                <li key={e.seq} data-kind={e.kind}>
                  <span className="fig">{when(e.at)}</span>
                  <b className="p2">{t('cares.history.overdue', { day: at(e.body.due).date })}</b>
                  {link(e.body.incident)}
                </li>
              );
            const found = kind?.results.find((r) => r.code === e.body.result);
            return (
              <li key={e.seq} data-kind={e.kind}>
                <span className="fig">{when(e.body.at)}</span>
                <b className={found?.bad ? 'p3' : ''}>{found ? say(found.name) : e.body.result}</b>
                <span>{e.body.unit ? unitName(world, e.body.unit) : actorName({ world, t, language }, e.actor)}</span>
                {link(e.body.incident)}
                {e.body.note && <span className="cr-note">{e.body.note}</span>}
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
