import { type Figure, figures, offTarget } from '../../model/kpi.ts';
import { useApp, useServer } from '../app-context.ts';
import { grouped, signed } from '../design/format.ts';
import { Panel, PERIOD, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph, Spark } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useHeardAt, useNowEvery, useRealNow } from '../store/clock.ts';
import { isCut } from '../store/server-store.ts';
import { summarize } from '../store/summary.ts';

/** The six figures as of the moment shown; counted anew every two seconds and with every ledger entry. */
export function useFigures(): readonly Figure[] {
  const { latest } = useApp();
  const now = useNowEvery(2000);
  const world = useServer((s) => s.world);
  const cut = useServer(isCut);
  const heardAt = useHeardAt();
  // within a step of the clock the newest entry may be later than the step's beginning
  const shown = Math.max(now, world.at);
  const list = figures(world, summarize(world, latest, shown), shown);
  return cut ? list.map((f) => ({ ...f, dataAt: Math.min(f.dataAt, heardAt) })) : list;
}

export const figureText = (f: Pick<Figure, 'id' | 'value'>): string =>
  f.value === null ? '—' : f.id === 'reported-today' || f.id === 'units-on-duty' ? grouped(f.value) : f.value.toFixed(1);

const decimals = (f: Figure) => (f.id === 'reported-today' ? 0 : 1);
const periodOf = (f: Figure) => (f.id === 'units-on-duty' ? PERIOD.positions : f.id === 'devices-online' ? PERIOD.readings : PERIOD.ledger);

export function KpiPanel() {
  const { t } = useText();
  const list = useFigures();
  const fresh = useFreshness();
  return (
    <Panel id="kpi" className="kpis" title={t('kpi.title')} fresh={fresh}>
      <div className="kp">
        {list.map((f) => (
          <KpiCell key={f.id} f={f} />
        ))}
      </div>
    </Panel>
  );
}

function KpiCell({ f }: { f: Figure }) {
  const { t, span, say } = useText();
  const { view } = useApp();
  const now = useRealNow();
  const cut = useServer(isCut);
  const age = now - f.dataAt;
  const stale = f.dataAt > 0 && (cut || age > 3 * periodOf(f));
  const off = offTarget(f);
  const name = t(`kpi.${f.id}`);
  const unit = say(f.unit);
  return (
    <button
      type="button"
      className={`k ${stale ? 'stale' : ''}`}
      title={t('kpi.open', { name })}
      onClick={() => view.setState({ sheet: { kind: 'figure', id: f.id } })}
    >
      <span className="kl">
        <span>{name}</span>
        {stale && !cut && <em>{t('age.late', { age: span(age) })}</em>}
      </span>
      <span className="kv">
        <b className="fig">{figureText(f)}</b>
        <span>{f.id === 'units-on-duty' ? `/ ${f.denominator} ${unit}` : unit}</span>
        <Spark values={f.spark} target={f.id === 'on-time-rate' || f.id === 'mean-response' ? f.target : null} />
      </span>
      <span className="kc">
        {f.value === null ? (
          t('kpi.none')
        ) : f.comparison ? (
          <>
            {t(`kpi.vs.${f.comparison.kind}`, { target: f.target })}
            {f.comparison.kind === 'target' || f.comparison.kind === 'schedule' ? (
              <Difference off={off} text={signed(f.comparison.difference, decimals(f))} />
            ) : (
              <b>{signed(f.comparison.difference, decimals(f))}</b>
            )}
            {f.comparison.kind === 'yesterday' && f.target !== null && (
              <span className="goal">
                {t('kpi.target', { target: f.target })}
                {off && <PriorityGlyph priority={off} u={13} />}
              </span>
            )}
          </>
        ) : (
          f.denominator !== null && t('kpi.absent', { n: grouped(f.denominator - f.numerator) })
        )}
      </span>
    </button>
  );
}

function Difference({ off, text }: { off: 2 | 3 | null; text: string }) {
  return (
    <b className={off ? `p${off} off` : ''}>
      {off && <PriorityGlyph priority={off} u={13} />}
      {text}
    </b>
  );
}
