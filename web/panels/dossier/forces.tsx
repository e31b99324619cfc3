import type { Candidate } from '../../../model/candidates.ts';
import { type CrewMember, type Incident, isOpen } from '../../../model/incident.ts';
import { useApp, useView } from '../../app-context.ts';
import { duration } from '../../design/format.ts';
import { Panel, PERIOD, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useForces } from './forces-context.ts';
import { useReasons } from './reasons.ts';
import { useSteps } from './rights.ts';

/** 最近力量: who is there, who is on the way, and who could go, with the reasons for the one that would be sent. */
export function ForcesPanel({ incident: i, rows = 7 }: { incident: Incident; rows?: number }) {
  const { t } = useText();
  const forces = useForces();
  const fresh = useFreshness(forces.at, PERIOD.positions);
  const steps = useSteps(i);
  const pickable = steps.includes('dispatch') || steps.includes('reinforce');
  if (!isOpen(i)) return null;
  const crew = new Map(i.crew.map((c) => [c.unit, c]));
  const sent = forces.candidates.filter((c) => crew.has(c.unit));
  const list = [...sent, ...forces.candidates.filter((c) => !crew.has(c.unit))].slice(0, rows);
  return (
    <Panel
      id="nearest"
      className="forces"
      title={t('dossier.nearest')}
      n={forces.candidates.length}
      sub={t(forces.by === 'road' ? 'dossier.nearestSub' : 'dossier.nearestStraight')}
      fresh={fresh}
    >
      {list.length === 0 && <p className="t3">{t('dossier.noUnits')}</p>}
      <ul className="fo">
        {list.map((c) => (
          <Row key={c.unit} candidate={c} member={crew.get(c.unit)} pickable={pickable} />
        ))}
      </ul>
    </Panel>
  );
}

function Row({ candidate: c, member, pickable }: { candidate: Candidate; member: CrewMember | undefined; pickable: boolean }) {
  const { t, metres } = useText();
  const { view } = useApp();
  const forces = useForces();
  const reasons = useReasons();
  const language = useView((s) => s.language);
  const chosen = pickable && !member && forces.chosen?.unit === c.unit;
  const there = member?.arrivedAt != null;
  const word = there
    ? t('dossier.onSite')
    : member
      ? t('dossier.onWay')
      : c.unit === forces.first?.unit
        ? t('dossier.first')
        : c.free
          ? ''
          : t('dossier.busy');
  return (
    <li className={member ? 'on' : ''}>
      <button
        type="button"
        aria-pressed={pickable && !member ? chosen : undefined}
        className={chosen ? 'chosen' : ''}
        onClick={() => (pickable && !member ? forces.pick(c.unit) : view.setState({ selection: { kind: 'unit', id: c.unit } }))}
        onFocus={() => view.setState({ hover: { kind: 'unit', id: c.unit } })}
        onBlur={() => view.setState({ hover: null })}
      >
        <span className="ro" title={t(`roles.${c.role}`)}>
          {language === 'zh' ? t(`roleMark.${c.role}`) : t(`roles.${c.role}`)}
        </span>
        <b>{c.name}</b>
        <span className="fig d">{there ? '' : metres(c.metres)}</span>
        <span className="fig e">{there ? '' : c.by === 'road' ? duration(c.minutes * 60_000) : t('dossier.straight')}</span>
        <span className="q1">{word}</span>
        {chosen && <span className="why2">{reasons(c.reasons)}</span>}
      </button>
    </li>
  );
}
