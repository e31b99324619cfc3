import type { RefObject } from 'react';
import { categoryOf } from '../../../model/centre.ts';
import { handledAt, type Incident, isOpen, remaining } from '../../../model/incident.ts';
import { headline } from '../../../model/incident-name.ts';
import { treeOf, type World } from '../../../model/world.ts';
import { useApp } from '../../app-context.ts';
import { duration } from '../../design/format.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { useLimitText } from './limit-text.ts';

/** What it is, where, who told of it, and how long is left. */
export function Head({ incident: i, world, heading }: { incident: Incident; world: World; heading: RefObject<HTMLHeadingElement | null> }) {
  const { t, say, at, language } = useText();
  const { view } = useApp();
  const { what, where } = headline(i, world.centre, language);
  const tree = treeOf(world);
  const places = i.area ? tree.path(i.area).map((a) => a.name) : [t('queue.outside')];
  const path = places.length > 2 ? places.slice(1) : places; // whose street it is stands above everything
  const category = say(categoryOf(world.centre, i.category).name);
  const source = t(`source.${i.source}`);
  const from = [source, i.channel !== source && i.channel, i.ref && t('dossier.ref', { ref: i.ref })].filter(Boolean).join(' · ');
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
          {[t('dossier.no', { no: String(i.no).padStart(4, '0') }), where ?? (what === category ? null : category), t(`state.${i.state}`)]
            .filter(Boolean)
            .join(' · ')}
        </div>
        <Countdown incident={i} />
      </div>
      <Bar incident={i} />
      <p className="where">
        {i.area ? (
          <button type="button" className="plain" onClick={() => view.setState({ area: i.area, camera: null })}>
            {path.join(' / ')}
          </button>
        ) : (
          <span>{path.join(' / ')}</span>
        )}
        {i.permit && <b className="permit">{t('dossier.permit')}</b>}
        <span className="from">
          {from} · <span className="fig">{`${at(i.reportedAt).date} ${at(i.reportedAt).hms}`}</span>
        </span>
      </p>
    </div>
  );
}

const standsStill = (i: Incident) =>
  i.pausedAt !== null && isOpen(i) && handledAt(i) === null ? (i.suspension ? 'suspended' : 'extension') : null;

/** 不予立案, 作废 or 合并 before anybody handled it: its clock measures nothing. */
const endedUnhandled = (i: Incident) => !isOpen(i) && handledAt(i) === null;

function Countdown({ incident: i }: { incident: Incident }) {
  const { t, at } = useText();
  const limit = useLimitText();
  const now = useNow();
  const left = remaining(i, now);
  if (left === null || endedUnhandled(i))
    return (
      <div className="cd none">
        <b>{left === null ? t('dossier.noLimit') : t(`state.${i.state}`)}</b>
        <span>{i.closedAt === null ? '' : t('dossier.ended', { state: t(`state.${i.state}`), at: at(i.closedAt).hm })}</span>
      </div>
    );
  const over = left < 0;
  const pause = standsStill(i);
  const frozen = handledAt(i) !== null || i.closedAt !== null;
  const word = frozen ? (over ? 'stoppedOver' : 'stopped') : over ? 'over' : 'remaining';
  return (
    <div className={`cd ${(over || i.priority === 1) && !pause && !frozen ? 'hot' : ''} ${pause ? 'paused' : ''}`}>
      <b>{duration(Math.abs(left))}</b>
      <span>
        {pause ? `${t('dossier.paused')} · ${t(`dossier.pausedFor.${pause}`)}` : t(`dossier.${word}`)}
        {i.clocks.handle && `　${t('dossier.limit', { limit: limit(i.clocks.handle) })}`}
      </span>
    </div>
  );
}

function Bar({ incident: i }: { incident: Incident }) {
  const now = useNow();
  const left = remaining(i, now);
  if (left === null || endedUnhandled(i)) return <div className="big none" />;
  const total = Math.max(1, (i.deadline as number) - (i.clocks.handle?.from ?? i.reportedAt));
  const share = Math.min(1, Math.max(0, left / total));
  return (
    <div className={`big ${left < 0 ? 'over' : ''} ${standsStill(i) ? 'paused' : ''}`}>
      <i style={{ width: `${(share * 100).toFixed(1)}%` }} />
    </div>
  );
}
