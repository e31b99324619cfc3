import { careKindOf } from '../../../../model/centre.ts';
import { useApp, useServer, useView } from '../../../app-context.ts';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { type FiguresLive, readCareParams } from './use-cares.ts';

/** 本月按期走访: one figure a kind; what it counts, and what it misses, are each a press away. */
export function Figures({ live: { data, error } }: { live: FiguresLive }) {
  const { t, say, at } = useText();
  const { view } = useApp();
  const centre = useServer((s) => s.world.centre);
  const { kind, record } = readCareParams(useView((s) => s.params));
  const open = (k: string, r: 'visited' | 'missed') => narrow(view, { kind: k, record: r, show: undefined, care: undefined });
  if (error && !data) return <p className="t3">{t('cares.figures.failed', { rule: error })}</p>;
  if (!data) return <div className="cr-figures cr-wait" />;
  return (
    <section className="cr-figures" aria-label={t('cares.figures.title')}>
      {data.figures.map((f) => {
        const name = say(careKindOf(centre, f.kind)?.name ?? { zh: f.kind, en: f.kind });
        const missed = f.records.missed.length;
        return (
          <div key={f.kind} className={`cr-figure ${record && kind === f.kind ? 'on' : ''}`} data-figure={f.kind}>
            <button
              type="button"
              className="cr-figure-main"
              title={`${say(f.formula)}\n${say(f.source)} · ${t('cares.figures.of', { day: at(data.from).date })}`}
              onClick={() => open(f.kind, 'visited')}
            >
              <span>{name}</span>
              {f.value === null ? (
                <em>{t('cares.figures.none')}</em>
              ) : (
                <>
                  <b className="fig">
                    {f.value.toFixed(1)}
                    <small> %</small>
                  </b>
                  <em className="fig">{t('cares.figures.people', { n: f.numerator, of: f.denominator })}</em>
                </>
              )}
            </button>
            {missed > 0 && (
              <button
                type="button"
                className="cr-missed"
                aria-label={t('cares.figures.open', { name, n: missed })}
                onClick={() => open(f.kind, 'missed')}
              >
                {t('cares.figures.missed', { n: missed })}
              </button>
            )}
          </div>
        );
      })}
    </section>
  );
}
