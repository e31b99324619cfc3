import { areaLabel, shortName } from '../../model/area.ts';
import { remaining } from '../../model/incident.ts';
import { openByCommunity } from '../../model/kpi-series.ts';
import { treeOf } from '../../model/world.ts';
import { useApp, useServer, useView } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { Age, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNow } from '../store/clock.ts';

/** 态势行: one sentence made of the data, what is wrong first, what is most next. In a place drilled into: that place. */
export function Situation() {
  const { t } = useText();
  const { view } = useApp();
  const now = useNow();
  const world = useServer((s) => s.world);
  const loaded = useServer((s) => s.loaded);
  const at = useView((s) => s.area);
  const fresh = useFreshness();
  const tree = treeOf(world);
  const open = [...world.incidents.values()];
  const area = at ? world.areas.get(at) : undefined;

  if (area) {
    const parent = area.parent ? world.areas.get(area.parent) : undefined;
    const here = open.filter((i) => i.area !== null && tree.isWithin(i.area, area.code)).length;
    return (
      <section className="sit" aria-label={t('situation.label')}>
        {parent && (
          <button
            type="button"
            className="back"
            onClick={() => view.setState({ area: parent.parent ? parent.code : null, camera: null, selection: null })}
          >
            {t('situation.back', { name: parent.parent ? shortName(parent.name) : parent.name })}
          </button>
        )}
        <b>{areaLabel(tree, area.code)}</b>
        <span className="rest">
          {area.level === 'community' || area.level === 'grid' ? '' : `${area.name} · `}
          {t('situation.area', { households: grouped(area.households), people: grouped(area.people) })} · {t('situation.open', { n: here })}
        </span>
        <Age of={fresh} />
      </section>
    );
  }

  const critical = open.filter((i) => i.priority === 1);
  const overdue = open.filter((i) => (remaining(i, now) ?? 0) < 0);
  const [most] = [...openByCommunity(world)].filter(([code]) => code !== '').sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const mostArea = most ? tree.byCode.get(most[0] as never) : undefined;
  const unacked = [...world.alarms.values()].filter((a) => a.state === 'unack').length;
  const sentence = [
    critical.length + overdue.length === 0 && open.length > 0 && t('situation.calm'),
    open.length === 0 && t('situation.quiet'),
    most && mostArea && most[1] > 1 && t('situation.most', { name: shortName(mostArea.name), n: most[1] }),
    unacked > 0 && t('situation.flood', { n: unacked }),
  ].filter(Boolean);
  const select = (id: string | undefined) => id && view.setState({ selection: { kind: 'incident', id } });

  return (
    <section className="sit" aria-label={t('situation.label')}>
      {critical.length > 0 && (
        <button type="button" className="seg inv" onClick={() => select(critical[0]?.id)}>
          <PriorityGlyph priority={1} u={20} />
          {t('situation.p1', { n: critical.length })}
        </button>
      )}
      {critical.length > 0 && overdue.length > 0 && <span className="sep" />}
      {overdue.length > 0 && (
        <button type="button" className="seg p2" onClick={() => select(overdue[0]?.id)}>
          <PriorityGlyph priority={2} u={20} />
          <b>{t('situation.over', { n: overdue.length })}</b>
        </button>
      )}
      {critical.length + overdue.length > 0 && <span className="sep" />}
      <span className="rest">{loaded ? sentence.join('；') : t('loading')}</span>
      <Age of={fresh} />
    </section>
  );
}
