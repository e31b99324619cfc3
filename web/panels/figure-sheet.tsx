import { useEffect, useState } from 'react';
import { areaLabel } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import type { CoverageFigureId } from '../../model/coverage.ts';
import type { Figure } from '../../model/kpi.ts';
import type { Entry } from '../../model/ledger.ts';
import { incidentOf, treeOf } from '../../model/world.ts';
import { useApp, useServer } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { useText } from '../design/use-text.ts';
import type { Selection } from '../map-contract.ts';
import { figureText, useFigures } from './kpi-panel.tsx';
import { coverageText, isCoverageFigure } from './patrol/coverage-cards.tsx';
import { useCoverage } from './patrol/use-coverage.ts';
import { Sheet } from './sheet.tsx';

const SHOWN = 200;

/** One figure taken apart: formula, numerator and denominator, source, and the records behind it. */
export function FigureSheet({ id }: { id: string }) {
  return isCoverageFigure(id) ? <CoverageFigureSheet id={id} /> : <WallFigureSheet id={id} />;
}
function WallFigureSheet({ id }: { id: string }) {
  const { t } = useText();
  const f = useFigures().find((x) => x.id === id);
  return f ? <FigureBody f={f} name={t(`kpi.${f.id}`)} text={figureText(f)} /> : null;
}
function CoverageFigureSheet({ id }: { id: CoverageFigureId }) {
  const { t } = useText();
  const f = useCoverage().figures.find((x) => x.id === id);
  return f ? <FigureBody f={f} name={t(`patrolCover.figure.${f.id}`)} text={coverageText(f)} /> : null;
}

function FigureBody({ f, name, text }: { f: Figure<string>; name: string; text: string }) {
  const { t, say, at } = useText();
  return (
    <Sheet title={name} sub={f.dataAt > 0 ? t('figure.dataAt', { at: at(f.dataAt).hms }) : undefined}>
      <dl className="facts">
        <div>
          <dt>{t('figure.value')}</dt>
          <dd className="fig">
            {text} {say(f.unit)}
          </dd>
        </div>
        <div>
          <dt>{t('figure.formula')}</dt>
          <dd>{say(f.formula)}</dd>
        </div>
        <div>
          <dt>{t('figure.numerator')}</dt>
          <dd className="fig">{grouped(f.numerator)}</dd>
        </div>
        {f.denominator !== null && (
          <div>
            <dt>{t('figure.denominator')}</dt>
            <dd className="fig">{grouped(f.denominator)}</dd>
          </div>
        )}
        <div>
          <dt>{t('figure.source')}</dt>
          <dd>{say(f.source)}</dd>
        </div>
      </dl>
      {f.records.kind === 'ledger' ? <LedgerRecords records={f.records} /> : <WorldRecords records={f.records} />}
    </Sheet>
  );
}

type Row = { key: string; title: string; note: string; selection: Selection | null };

function Records({ rows, total }: { rows: readonly Row[]; total: number }) {
  const { t } = useText();
  const { view } = useApp();
  return (
    <>
      <h3 className="rh">
        {t('figure.records', { n: grouped(total) })}
        {rows.length < total && <span>{t('figure.recordsShown', { n: rows.length })}</span>}
      </h3>
      {total === 0 && <p className="t3">{t('figure.none')}</p>}
      <ul className="records">
        {rows.map((r) => (
          <li key={r.key}>
            {r.selection ? (
              <button type="button" onClick={() => view.setState({ selection: r.selection, sheet: null })}>
                {r.title}
              </button>
            ) : (
              <b>{r.title}</b>
            )}
            <span className="fig">{r.note}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function WorldRecords({ records }: { records: Exclude<Figure['records'], { kind: 'ledger' }> }) {
  const { t, at } = useText();
  const world = useServer((s) => s.world);
  const tree = treeOf(world);
  const row = (id: string): Row => {
    if (records.kind === 'incident') {
      const i = incidentOf(world, id);
      const note = i ? `${at(i.reportedAt).hm} · ${i.area ? areaLabel(tree, i.area) : t('queue.outside')} · ${t(`state.${i.state}`)}` : '';
      return { key: id, title: i?.title ?? id, note, selection: { kind: 'incident', id } };
    }
    if (records.kind === 'unit') {
      const u = world.units.get(id);
      return { key: id, title: u?.name ?? id, note: u ? t(`roles.${u.role}`) : '', selection: { kind: 'unit', id } };
    }
    if (records.kind === 'sensor') {
      const s = world.sensors.get(id);
      return { key: id, title: s?.name ?? id, note: t('figure.offline'), selection: { kind: 'sensor', id } };
    }
    const code = id as AreaCode;
    const visit = world.visits.get(code);
    return { key: id, title: areaLabel(tree, code), note: visit ? at(visit.at).hm : '', selection: { kind: 'area', id: code } };
  };
  return <Records rows={records.ids.slice(0, SHOWN).map(row)} total={records.ids.length} />;
}

/** Records the world no longer holds: asked of the ledger when somebody looks. */
function LedgerRecords({ records }: { records: Extract<Figure['records'], { kind: 'ledger' }> }) {
  const { t, at } = useText();
  const { commands } = useApp();
  const world = useServer((s) => s.world);
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const kinds = records.entryKinds.join(',');
  const { from } = records;
  useEffect(() => {
    const stop = new AbortController();
    commands
      .ledger({ kinds: kinds.split(','), from, limit: 5000 }, stop.signal)
      .then((list) => setEntries([...list].reverse()))
      .catch((e: unknown) => stop.signal.aborted || setFailed(e instanceof Error ? e.message : String(e)));
    return () => stop.abort();
  }, [commands, kinds, from]);
  if (failed) return <p className="p2">{t('figure.failed', { rule: failed })}</p>;
  if (!entries) return <p className="t3">{t('figure.loading')}</p>;
  const rows = entries.slice(0, SHOWN).map((e): Row => {
    const id = (e.body as { incident?: string }).incident ?? String(e.seq);
    const known = incidentOf(world, id);
    const c = at(e.at);
    return { key: String(e.seq), title: known?.title ?? id, note: `${c.date} ${c.hm}`, selection: known ? { kind: 'incident', id } : null };
  });
  return <Records rows={rows} total={entries.length} />;
}
