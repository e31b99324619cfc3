import { type CSSProperties, useEffect, useMemo, useRef, useState } from 'react';
import { areaLabel } from '../../model/area.ts';
import type { LngLat } from '../../model/brand.ts';
import { categoryOf } from '../../model/centre.ts';
import { type Incident, type IncidentState, isOpen, nextStep, remaining, stepOfKind } from '../../model/incident.ts';
import { headline } from '../../model/incident-name.ts';
import type { Entry } from '../../model/ledger.ts';
import { incidentOf, treeOf, type World } from '../../model/world.ts';
import { useApp, useServer, useView } from '../app-context.ts';
import { duration, plainNumber } from '../design/format.ts';
import { Panel, PERIOD, useFreshness } from '../design/freshness.tsx';
import { PriorityGlyph } from '../design/glyphs.tsx';
import { useText } from '../design/use-text.ts';
import { useNow, useNowEvery } from '../store/clock.ts';
import { DutyBoard } from './duty-board.tsx';
import { nearestCameras, nearestUnits } from './nearest.ts';
import { StepAction } from './step-action.tsx';

const states: readonly IncidentState[] = ['reported', 'filed', 'dispatched', 'arrived', 'handled', 'verified', 'closed'];

/** 事件档案: what, where, how long still, what happened, who answers, and the next step. */
export function Dossier({ id }: { id: string }) {
  const { t } = useText();
  const incident = useServer((s) => incidentOf(s.world, id));
  const { view } = useApp();
  if (!incident)
    return (
      <aside className="right dossier" aria-label={t('dossier.label')}>
        <div className="empty">
          <p>{t('dossier.gone')}</p>
          <button type="button" className="plain" onClick={() => view.setState({ selection: null })}>
            {t('dossier.back')}
          </button>
        </div>
      </aside>
    );
  return <Known incident={incident} />;
}

function Known({ incident }: { incident: Incident }) {
  const { t } = useText();
  const { latest } = useApp();
  const world = useServer((s) => s.world);
  const slow = useNowEvery(2000);
  const [picked, setPicked] = useState<string | null>(null);
  const units = useMemo(() => nearestUnits(world, latest, incident.lngLat, slow), [world, latest, incident.lngLat, slow]);
  const chosen = units.find((u) => u.id === picked) ?? units.find((u) => !u.busy) ?? units[0];
  const needsUnit = nextStep(incident) === 'dispatch';
  const heading = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another incident is another heading
  useEffect(() => heading.current?.focus({ preventScroll: true }), [incident.id]);

  return (
    <aside
      className="right dossier"
      aria-label={t('dossier.label')}
      style={{ '--pc': `var(--p${incident.priority}-fill)`, '--pt': `var(--p${incident.priority})` } as CSSProperties}
    >
      <Head incident={incident} world={world} heading={heading} />
      <Steps incident={incident} />
      <Log incident={incident} />
      <Nearest
        units={units}
        chosen={needsUnit ? chosen?.id : undefined}
        assigned={incident.unit}
        onPick={needsUnit ? setPicked : undefined}
      />
      <DutyBoard area={incident.area} />
      <NearCameras at={incident.lngLat} />
      <StepAction key={`${incident.id} ${incident.state}`} incident={incident} unit={needsUnit ? chosen : undefined} />
    </aside>
  );
}

function Head({ incident: i, world, heading }: { incident: Incident; world: World; heading: React.RefObject<HTMLHeadingElement | null> }) {
  const { t, say, at, span, language } = useText();
  const { view } = useApp();
  const now = useNow();
  const { what, where } = headline(i, world.centre, language);
  const tree = treeOf(world);
  const left = remaining(i, now) ?? 0;
  const stopped = i.marks.some((m) => m.state === 'handled');
  const limit = i.deadline === null ? 1 : Math.max(1, i.deadline - i.at);
  const share = Math.min(1, Math.max(0, left / limit));
  const path = i.area ? tree.path(i.area).map((a) => a.name) : [t('queue.outside')];
  const word = stopped ? (left < 0 ? 'stoppedOver' : 'stopped') : left < 0 ? 'over' : 'remaining';
  return (
    <div className="dhead">
      <div className="dh">
        <div className="t">
          <PriorityGlyph priority={i.priority} u={38} />
          <h2 ref={heading} tabIndex={-1}>
            {what}
          </h2>
          <span className={`lv p${i.priority}`}>
            P{i.priority} {t(`priority.p${i.priority}`)}
          </span>
        </div>
        <div className="m">
          {t('dossier.no', { no: String(i.no).padStart(4, '0') })} · {where ?? say(categoryOf(world.centre, i.category).name)} ·{' '}
          {t(`source.${i.source}`)} · {at(i.at).hms}
        </div>
        <div className={`cd ${left < 0 || i.priority === 1 ? 'hot' : ''}`}>
          <b>{duration(Math.abs(left))}</b>
          <span>
            {t(`dossier.${word}`)}　{t('dossier.limit', { limit: span(limit) })}
          </span>
        </div>
      </div>
      <div className={`big ${left < 0 ? 'over' : ''}`}>
        <i style={{ width: `${(share * 100).toFixed(1)}%` }} />
      </div>
      <p className="where">
        {path.join(' / ')}
        {i.area && (
          <button type="button" className="plain" onClick={() => view.setState({ area: i.area, camera: null })}>
            {areaLabel(tree, i.area)}
          </button>
        )}
      </p>
    </div>
  );
}

function Steps({ incident: i }: { incident: Incident }) {
  const { t, at } = useText();
  const now = useNow();
  const reached = states.indexOf(i.state);
  const markOf = (s: IncidentState) => i.marks.find((m) => m.state === s);
  return (
    <ol className="st6" aria-label={t('dossier.steps')}>
      {states.map((s, k) => {
        const mark = markOf(s);
        const before = k > 0 ? markOf(states[k - 1]!) : undefined;
        return (
          <li
            key={s}
            className={k < reached ? 'd' : k === reached ? 'd c' : 'f'}
            aria-current={k === reached && isOpen(i) ? 'step' : undefined}
          >
            <i />
            <b>{t(`state.${s}`)}</b>
            <span className="fig">{mark ? at(mark.at).hms : '—'}</span>
            <em className="fig">
              {mark && before ? duration(mark.at - before.at) : ''}
              {k === reached && mark && isOpen(i) ? ` ${t('dossier.since', { d: duration(Math.max(0, now - mark.at)) })}` : ''}
              {k === 0 && mark ? '' : ''}
            </em>
          </li>
        );
      })}
    </ol>
  );
}

/** 台账记录 of this incident and, where it came from an alarm, of the alarm: newest first. */
function Log({ incident: i }: { incident: Incident }) {
  const { t, at } = useText();
  const { commands } = useApp();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [failed, setFailed] = useState(false);
  const steps = i.marks.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new step is a new entry in the ledger
  useEffect(() => {
    const stop = new AbortController();
    const subjects = [i.id, ...(i.alarm ? [i.alarm] : [])];
    Promise.all(subjects.map((subject) => commands.ledger({ subject, limit: 50 }, stop.signal)))
      .then((lists) => {
        setEntries(lists.flat().sort((a, b) => b.seq - a.seq));
        setFailed(false);
      })
      .catch(() => stop.signal.aborted || setFailed(true));
    return () => stop.abort();
  }, [commands, i.id, i.alarm, steps]);

  const known = i.marks
    .map((m, k) => ({ key: `${k}`, at: m.at as number, actor: m.actor, text: t(`step.${m.step}`), note: m.note }))
    .reverse();
  const rows = entries
    ? entries.map((e) => {
        const body = e.body as { note?: string; unit?: string; value?: number };
        const unit = body.unit ? (world.units.get(body.unit)?.name ?? body.unit) : undefined;
        const step = e.kind === 'incident.reported' ? 'report' : stepOfKind(e.kind);
        const text = step
          ? t(`step.${step}`)
          : `${t('alarm.title')} ${e.kind === 'alarm.acknowledged' ? t('alarm.acked') : body.value === undefined ? '' : plainNumber(body.value)}`;
        return { key: String(e.seq), at: e.at as number, actor: e.actor, text, note: [unit, body.note].filter(Boolean).join(' · ') };
      })
    : known;
  return (
    <Panel
      id="log"
      title={t('dossier.log')}
      sub={failed ? t('dossier.logFailed') : t('dossier.logCount', { n: rows.length })}
      fresh={fresh}
    >
      <ul className="log">
        {rows.slice(0, 6).map((r) => (
          <li key={r.key}>
            <span className="fig">{at(r.at).hms}</span>
            <b>{r.text}</b>
            <span>{r.note || (r.actor === 'import' ? t('dossier.imported') : r.actor === 'demo-operator' ? t('demo') : r.actor)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Nearest(props: {
  units: ReturnType<typeof nearestUnits>;
  chosen: string | undefined;
  assigned: string | null;
  onPick: ((id: string) => void) | undefined;
}) {
  const { t, ago, metres } = useText();
  const now = useNow();
  const { view } = useApp();
  const at = Math.max(0, ...props.units.map((u) => u.at));
  const fresh = useFreshness(at, PERIOD.positions);
  const language = useView((s) => s.language);
  return (
    <Panel id="nearest" title={t('dossier.nearest')} n={props.units.length} sub={t('dossier.nearestSub')} fresh={fresh}>
      {props.units.length === 0 && <p className="t3">{t('dossier.noUnits')}</p>}
      <ul className="fo">
        {props.units.slice(0, 5).map((u) => (
          <li key={u.id} className={props.assigned === u.id ? 'on' : ''}>
            <button
              type="button"
              aria-pressed={props.onPick ? props.chosen === u.id : undefined}
              className={props.chosen === u.id ? 'chosen' : ''}
              onClick={() => (props.onPick ? props.onPick(u.id) : view.setState({ selection: { kind: 'unit', id: u.id } }))}
              onFocus={() => view.setState({ hover: { kind: 'unit', id: u.id } })}
              onBlur={() => view.setState({ hover: null })}
            >
              <span className="ro" title={t(`roles.${u.role}`)}>
                {language === 'zh' ? t(`roleMark.${u.role}`) : t(`roles.${u.role}`)}
              </span>
              <b>{u.name}</b>
              <span className="fig d">{metres(u.metres)}</span>
              <span className="fig e">{ago(Math.max(0, now - u.at))}</span>
              <span className="q1">{props.assigned === u.id ? t('dossier.sent') : u.busy ? t('state.dispatched') : ''}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** 附近视频: which cameras see the place. There are no pictures before there are streams. */
function NearCameras({ at }: { at: LngLat }) {
  const { t, metres } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const fresh = useFreshness();
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the world only the cameras matter
  const cameras = useMemo(() => nearestCameras(world, at, 3), [world.cameras, at]);
  if (cameras.length === 0) return null;
  return (
    <Panel
      id="cameras"
      className="near-cameras"
      title={t('dossier.cameras')}
      n={cameras.length}
      sub={t('dossier.camerasSub')}
      fresh={fresh}
    >
      <ul className="cams">
        {cameras.map((c) => (
          <li key={c.id}>
            <button type="button" onClick={() => view.setState({ selection: { kind: 'camera', id: c.id } })}>
              <b>{c.name}</b>
              <span className="fig">{metres(c.metres)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
