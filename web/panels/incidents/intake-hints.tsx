import { useEffect, useState } from 'react';
import { areaLabel } from '../../../model/area.ts';
import type { LngLat } from '../../../model/brand.ts';
import { permitFor } from '../../../model/permit.ts';
import type { Responsibility } from '../../../model/responsibility.ts';
import { treeOf } from '../../../model/world.ts';
import { useApp, useServer } from '../../app-context.ts';
import type { Similar } from '../../commands.ts';
import { useText } from '../../design/use-text.ts';
import { useNow } from '../../store/clock.ts';
import { useReasons } from '../dossier/reasons.ts';
import { PeopleList } from '../people-list.tsx';
import { useNames } from './words.ts';

const PAUSE_MS = 300;

interface Probe {
  readonly lngLat: LngLat;
  readonly category: string;
  readonly title: string;
  readonly alarm: string | undefined;
}

/** What is known of the place and the matter while the form is being filled in: who answers, a permit, and reports much like it. */
export function IntakeHints({ probe, into, onInto }: { probe: Probe; into: string | null; onInto: (incident: string | null) => void }) {
  const { t } = useText();
  const { commands } = useApp();
  const world = useServer((s) => s.world);
  const names = useNames();
  const reasons = useReasons();
  const now = useNow();
  const [who, setWho] = useState<Responsibility | null>(null);
  const [alike, setAlike] = useState<readonly Similar[]>([]);
  const [failed, setFailed] = useState<string | null>(null);
  const { lngLat, category, title, alarm } = probe;
  const [lng, lat] = lngLat;

  useEffect(() => {
    const stop = new AbortController();
    const here = [lng, lat] as unknown as LngLat;
    const timer = setTimeout(() => {
      const failing = (e: unknown) => stop.signal.aborted || setFailed(e instanceof Error ? e.message : String(e));
      commands.who(here, category, stop.signal).then((a) => {
        setWho(a);
        setFailed(null);
      }, failing);
      commands.similar({ lngLat: here, category, title: title.trim() || undefined, alarm }, stop.signal).then(setAlike, failing);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [commands, lng, lat, category, title, alarm]);

  const leaf = who?.path.at(-1);
  const permit = permitFor(world, category, lngLat, now);
  return (
    <div className="hints">
      {failed && <p className="t3">{t('events.failed', { rule: failed })}</p>}
      {who && (
        <section aria-label={t('ask.title')}>
          <h3>
            {t('ask.title')} <span>{leaf ? areaLabel(treeOf(world), leaf.code) : t('queue.outside')}</span>
          </h3>
          {who.answers.length > 0 ? <PeopleList answers={who.answers} /> : <p className="t3">{t('dossier.whoNone')}</p>}
          {who.department && <p className="t2">{t('ask.department', { name: names.department(who.department.code) })}</p>}
        </section>
      )}
      {permit && (
        <p className="permit">
          <b>{t('events.permitted')}</b> {t('events.intake.permit', { name: permit.name, from: permit.hours.from, to: permit.hours.to })}
        </p>
      )}
      {alike.length > 0 && (
        <section aria-label={t('events.intake.alike')}>
          <h3>
            {t('events.intake.alike')} <span>{alike.length}</span>
          </h3>
          <ul className="alike">
            {alike.map((a) => (
              <li key={a.incident}>
                <div>
                  <b>
                    {String(a.no).padStart(4, '0')} {a.title}
                  </b>
                  <span>
                    {t(`state.${a.state}`)}
                    {a.place && ` · ${a.place}`}
                  </span>
                  <small>{reasons(a.reasons)}</small>
                </div>
                <button
                  type="button"
                  className="quiet"
                  aria-pressed={into === a.incident}
                  onClick={() => onInto(into === a.incident ? null : a.incident)}
                >
                  {t(into === a.incident ? 'events.intake.merging' : 'events.intake.merge')}
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
