import type { CSSProperties } from 'react';
import { type Incident, isOpen, type Whistle, type WhistleCall } from '../../../model/incident.ts';
import type { WhistleActForm } from '../../../model/incident-forms.ts';
import { heldBy, useApp, useServer, useStop } from '../../app-context.ts';
import { duration } from '../../design/format.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { PriorityGlyph } from '../../design/glyphs.tsx';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { departmentName } from './log-text.ts';
import { useMay } from './rights.ts';

/** 社区吹哨 · 部门报到: one panel a whistle, the latest first. */
export function Whistles({ incident: i }: { incident: Incident }) {
  return [...i.whistles].reverse().map((w) => <WhistlePanel key={w.no} incident={i} whistle={w} />);
}

function WhistlePanel({ incident: i, whistle: w }: { incident: Incident; whistle: Whistle }) {
  const { t, at, span } = useText();
  const { commands, view } = useApp();
  const stop = useStop();
  const fresh = useFreshness();
  const allowed = useMay('whistle', i.area) && isOpen(i);
  const here = w.calls.filter((c) => c.arrivedAt !== null).length;
  const act = async (form: WhistleActForm) => {
    const answer = await commands.whistleAct(i.id, form);
    if (!answer.ok) view.setState({ notice: t('dossier.failed', { rule: answer.rule }) });
  };
  return (
    <Panel
      id={`whistle-${w.no}`}
      className="whistle"
      title={t('whistleBoard.title')}
      n={`${here} / ${w.calls.length}`}
      sub={t('whistleBoard.sub', { at: at(w.at).hms, limit: span(w.due - w.at) })}
      fresh={fresh}
    >
      <p className="wtext">
        <b>{t(`whistleBoard.kind.${w.kind}`)}</b> · {t(`whistleBoard.grounds.${w.grounds}`)} · {w.text}
        {w.releasedAt === null ? (
          allowed && (
            <button type="button" className="plain" {...heldBy(stop)} onClick={() => act({ act: 'release', whistle: w.no })}>
              {t('whistleBoard.release')}
            </button>
          )
        ) : (
          <span className="fig t3">{t('whistleBoard.released', { at: at(w.releasedAt).hms })}</span>
        )}
      </p>
      <ul className="wh">
        {w.calls.map((c) => (
          <Call key={c.department} incident={i} whistle={w} call={c} allowed={allowed} act={act} />
        ))}
      </ul>
    </Panel>
  );
}

function Call(props: {
  incident: Incident;
  whistle: Whistle;
  call: WhistleCall;
  allowed: boolean;
  act: (form: WhistleActForm) => Promise<void>;
}) {
  const { incident: i, whistle: w, call: c, allowed, act } = props;
  const { t, at, language } = useText();
  const now = useNow();
  const world = useServer((s) => s.world);
  const rates = useMay('whistle', i.area);
  const stop = useStop();
  const name = departmentName(world, c.department, language);
  const end = c.arrivedAt ?? w.releasedAt ?? now;
  const share = Math.min(1, Math.max(0, (end - w.at) / Math.max(1, w.due - w.at)));
  const late = end > w.due;
  const state = c.arrivedAt !== null ? 'arrived' : c.answeredAt !== null ? 'answered' : 'silent';
  const department = c.department;
  return (
    <li className={state === 'arrived' ? 'd' : state === 'silent' || late ? 'x' : 'w'} style={{ '--share': share } as CSSProperties}>
      <b>{name}</b>
      <span className="ws">
        {state === 'silent' && <PriorityGlyph priority={2} u={12} />}
        {t(`whistleBoard.${state}`)}
      </span>
      <span className="fig wa">
        {c.arrivedAt !== null
          ? at(c.arrivedAt).hms
          : c.urgedAt.length > 0
            ? t('whistleBoard.urged', { n: c.urgedAt.length })
            : c.answeredAt !== null
              ? at(c.answeredAt).hms
              : ''}
      </span>
      <span className="wb">
        <i />
      </span>
      <span className="fig wr">
        {state === 'arrived'
          ? t('whistleBoard.took', { d: duration(end - w.at) })
          : late
            ? t('whistleBoard.late', { d: duration(end - w.due) })
            : t('whistleBoard.left', { d: duration(w.due - end) })}
      </span>
      <span className="wbtn">
        {c.rating !== null && <span className="t3">{t('whistleBoard.rated', { n: c.rating })}</span>}
        {w.releasedAt !== null && c.rating === null && rates && (
          <span className="stars">
            {([1, 2, 3, 4, 5] as const).map((n) => (
              <button
                key={n}
                type="button"
                {...heldBy(stop)}
                aria-label={t('whistleBoard.rateOf', { name, n })}
                onClick={() => act({ act: 'rate', whistle: w.no, department, rating: n })}
              >
                {n}
              </button>
            ))}
          </span>
        )}
        {w.releasedAt === null && state === 'arrived' && c.rating === null && <span aria-hidden="true">✓</span>}
        {w.releasedAt === null && state !== 'arrived' && allowed && (
          <>
            <button
              type="button"
              {...heldBy(stop)}
              aria-label={t('whistleBoard.reportOf', { name })}
              onClick={() => act({ act: 'arrive', whistle: w.no, department })}
            >
              {t('whistleBoard.report')}
            </button>
            <button
              type="button"
              {...heldBy(stop)}
              aria-label={t('whistleBoard.urgeOf', { name })}
              onClick={() => act({ act: 'urge', whistle: w.no, department })}
            >
              {t('whistleBoard.urge')}
            </button>
          </>
        )}
      </span>
    </li>
  );
}
