import type { ReactNode } from 'react';
import { priorityOfRule } from '../../model/alarm-rule.ts';
import { ruleForSensor, rulesByKind } from '../../model/alarm-rules.ts';
import { type AreaTree, areaLabel } from '../../model/area.ts';
import type { AreaCode } from '../../model/brand.ts';
import { sensorKindOf } from '../../model/centre.ts';
import { treeOf } from '../../model/world.ts';
import { useApp, useServer } from '../app-context.ts';
import { grouped } from '../design/format.ts';
import { Panel, useFreshness } from '../design/freshness.tsx';
import { useText } from '../design/use-text.ts';
import type { Selection } from '../map-contract.ts';
import { useNow } from '../store/clock.ts';
import { openDevice } from '../store/view-store.ts';
import { AlarmDetail } from './alarm-detail.tsx';
import { testText } from './alarm-words.ts';
import { CameraDetail } from './camera/camera-detail.tsx';
import { DutyBoard } from './duty-board.tsx';
import { AreaVisits } from './patrol/area-visits.tsx';
import { UnitDetail } from './patrol/unit-detail.tsx';
import { readingText } from './sensing/reading-text.ts';

/** What is known of a unit, a sensor, a camera, an alarm or an area. An incident has its dossier. */
export function Detail({ selection }: { selection: Exclude<Selection, { kind: 'incident' }> }) {
  const { t } = useText();
  const { view } = useApp();
  const body = {
    unit: () => <UnitDetail id={selection.id} />,
    sensor: () => <SensorDetail id={selection.id} />,
    alarm: () => <AlarmDetail id={selection.id} />,
    camera: () => <CameraDetail id={selection.id} />,
    area: () => <AreaDetail code={selection.id as AreaCode} />,
  }[selection.kind]();
  return (
    <aside className="right detail" aria-label={t(`detail.${selection.kind}`)}>
      {body}
      <button type="button" className="plain" onClick={() => view.setState({ selection: null })}>
        {t('dossier.back')} <kbd>Esc</kbd>
      </button>
    </aside>
  );
}

function Facts({ rows }: { rows: readonly (readonly [string, ReactNode] | false)[] }) {
  return (
    <dl className="facts">
      {rows.map(
        (r) =>
          r && (
            <div key={r[0]}>
              <dt>{r[0]}</dt>
              <dd>{r[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function usePlace(): (area: AreaCode | null) => string {
  const { t } = useText();
  const tree: AreaTree = treeOf(useServer((s) => s.world));
  return (area) => (area ? areaLabel(tree, area) : t('queue.outside'));
}
function Gone({ id }: { id: string }) {
  const { t } = useText();
  return <p className="empty">{t('detail.gone', { id })}</p>;
}

function SensorDetail({ id }: { id: string }) {
  const { t, at, say, language } = useText();
  const { latest, view } = useApp();
  const place = usePlace();
  useNow();
  const world = useServer((s) => s.world);
  const sensor = world.sensors.get(id);
  const kind = sensorKindOf(world.centre, sensor?.kind);
  const readAt = sensor ? (latest.valueAt[sensor.ix] ?? 0) : 0;
  const fresh = useFreshness(readAt, (kind?.intervalS ?? 60) * 1000);
  if (!sensor) return <Gone id={id} />;
  const rules = (rulesByKind(world).get(sensor.kind) ?? []).map((r) => ruleForSensor(world, r, sensor)).filter((r) => r.enabled);
  return (
    <Panel id="sensor" title={sensor.name} sub={kind ? say(kind.name) : sensor.kind} fresh={fresh}>
      <Facts
        rows={[
          [t('detail.value'), readAt ? readingText(kind, latest.value[sensor.ix] ?? 0, say) : t('detail.noReading')],
          readAt > 0 && [
            t('detail.readingAt'),
            <span className="fig" key="at">
              {at(readAt).hms}
            </span>,
          ],
          [
            t('detail.limits'),
            rules.map((r) => `P${priorityOfRule(r)} ${testText({ t, world, language }, r.test, kind)}`).join(' · ') || t('device.noRules'),
          ],
          [t('detail.place'), place(sensor.area)],
        ]}
      />
      <button type="button" className="plain" onClick={() => openDevice(view, id)}>
        {t('device.open')}
      </button>
    </Panel>
  );
}

function AreaDetail({ code }: { code: AreaCode }) {
  const { t, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  const tree = treeOf(world);
  const area = tree.byCode.get(code);
  if (!area) return <Gone id={code} />;
  const open = [...world.incidents.values()].filter((i) => i.area !== null && tree.isWithin(i.area, code));
  const visit = world.visits.get(code);
  const leaf = tree.children(code).length === 0;
  return (
    <>
      <Panel id="area" title={areaLabel(tree, code)} sub={area.name} fresh={fresh}>
        <Facts
          rows={[
            [
              t('detail.place'),
              tree
                .path(code)
                .map((a) => a.name)
                .join(' / '),
            ],
            [t('detail.households'), grouped(area.households)],
            [t('detail.people'), grouped(area.people)],
            leaf && [
              t('detail.lastVisit'),
              visit ? (
                <span className="fig" key="v">
                  {at(visit.at).date} {at(visit.at).hm}
                </span>
              ) : (
                t('detail.neverVisited')
              ),
            ],
            !leaf && [t('detail.below'), grouped(tree.children(code).length)],
            [t('detail.openIncidents'), String(open.length)],
          ]}
        />
        <ul className="records">
          {open.slice(0, 8).map((i) => (
            <li key={i.id}>
              <button type="button" onClick={() => view.setState({ selection: { kind: 'incident', id: i.id } })}>
                {i.title}
              </button>
              <span>{t(`state.${i.state}`)}</span>
            </li>
          ))}
        </ul>
      </Panel>
      {leaf && <AreaVisits key={code} code={code} />}
      <DutyBoard area={code} />
    </>
  );
}
