import { useState } from 'react';
import { areaLabel } from '../../../../model/area.ts';
import { type CareRow, everyDaysOf } from '../../../../model/care.ts';
import { incidentOf, treeOf } from '../../../../model/world.ts';
import { heldBy, useApp, useServer, useStop } from '../../../app-context.ts';
import type { MaskedPerson } from '../../../cares-api.ts';
import { useText } from '../../../design/use-text.ts';
import { narrow } from '../../../store/view-store.ts';
import { useMay } from '../../dossier/rights.ts';
import { CareHistory } from './history.tsx';
import { DueText } from './list.tsx';
import { VisitForm } from './visit-form.tsx';

/** One person: where, who answers, how often; the form for a visit, and the visits made. */
export function CareDetail({ row, person }: { row: CareRow; person: MaskedPerson | null }) {
  const { t, at } = useText();
  const { view } = useApp();
  const world = useServer((s) => s.world);
  const { care } = row;
  const visits = useMay('care', care.area);
  const every = everyDaysOf(care, world.centre);
  const incident = care.overdue?.incident ?? null;
  const tell = (ms: number) => `${at(ms).date} ${at(ms).hm}`;
  return (
    <div className="cr-detail">
      <dl>
        <div>
          <dt>{t('cares.detail.place')}</dt>
          <dd>
            <button type="button" onClick={() => view.setState({ selection: { kind: 'area', id: care.area } })}>
              {world.areas.has(care.area) ? areaLabel(treeOf(world), care.area) : care.area}
            </button>
          </dd>
        </div>
        <div>
          <dt>{t('cares.detail.unit')}</dt>
          <dd>
            {care.unit ? (
              <button type="button" onClick={() => view.setState({ selection: { kind: 'unit', id: care.unit! } })}>
                {world.units.get(care.unit)?.name ?? care.unit}
              </button>
            ) : (
              t('cares.nobody')
            )}
          </dd>
        </div>
        <div>
          <dt>{t('cares.detail.every')}</dt>
          <dd>{every === null ? '—' : t('cares.detail.days', { n: every })}</dd>
        </div>
        <div>
          <dt>{t('cares.detail.next')}</dt>
          <dd>
            <DueText row={row} />
          </dd>
        </div>
        <div>
          <dt>{t('cares.detail.last')}</dt>
          <dd className="fig">{care.lastAt === null ? t('cares.never') : tell(care.lastAt)}</dd>
        </div>
        {incident && (
          <div>
            <dt>{t('cares.detail.incident')}</dt>
            <dd>
              <button
                type="button"
                className="cr-incident"
                onClick={() => view.setState({ selection: { kind: 'incident', id: incident } })}
              >
                {incidentOf(world, incident)?.title ?? incident}
              </button>
            </dd>
          </div>
        )}
        <Person row={row} person={person} />
      </dl>
      {visits && <VisitForm key={care.id} care={care} />}
      <CareHistory care={care} />
      <button type="button" className="cr-close" onClick={() => narrow(view, { care: undefined })}>
        {t('cares.detail.close')}
      </button>
    </div>
  );
}

/** 尾号, and for the desk the whole name and number: asked for one by one, each time recorded. They stay while the row is open. */
function Person({ row: { care }, person }: { row: CareRow; person: MaskedPerson | null }) {
  const { t } = useText();
  const { commands } = useApp();
  const stop = useStop();
  const reads = useMay('read-people', care.area);
  const visits = useMay('care', care.area);
  const [known, setKnown] = useState<{ name: string; tel: string | null } | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  if (!person) return null;
  const reveal = async () => {
    const answer = await commands.reveal(care.id);
    if (answer.ok) setKnown(answer);
    setFailed(answer.ok ? null : answer.rule);
  };
  return (
    <div className="cr-person">
      <dt>{t('cares.detail.tel')}</dt>
      <dd aria-live="polite">
        {known ? (
          <>
            {known.tel ? (
              <a className="cr-tel fig" href={`tel:${known.tel}`}>
                {known.tel}
              </a>
            ) : (
              t('cares.detail.noTel')
            )}{' '}
            <span className="t3">{t('cares.detail.revealed', { name: known.name })}</span>
          </>
        ) : (
          <>
            {person.telTail ? t('cares.detail.tail', { tail: person.telTail }) : t('cares.detail.noTel')}
            {reads && visits && (
              <button
                type="button"
                className="cr-reveal"
                title={t('cares.detail.revealNote')}
                {...heldBy(stop)}
                onClick={() => void reveal()}
              >
                {t('cares.detail.reveal')}
              </button>
            )}
            {failed && <span className="p2">{failed}</span>}
          </>
        )}
      </dd>
    </div>
  );
}
