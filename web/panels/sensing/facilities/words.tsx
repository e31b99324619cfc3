import type { FacilityKind } from '../../../../model/facility.ts';
import type { Occupancy, OpenState } from '../../../../model/facility-figures.ts';
import { useText } from '../../../design/use-text.ts';

/** Older than this, or off line, a figure says how old it is. */
const OLD_MS = 3 * 60_000;

/** 24 小时 · 开放 至 21:00 · 已关 周六 09:00 开 */
export function useOpenText() {
  const { t, at, language } = useText();
  return ({ open, changesAt }: OpenState, now: number): string => {
    if (changesAt === null) return t(open ? 'facilities.open.always' : 'facilities.open.shutOnly');
    const { hm, month, day, weekday } = at(changesAt);
    const far = changesAt - now > 20 * 3_600_000;
    const sameYear = `${month}-${day}`;
    const on = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en', { weekday: 'short', timeZone: 'UTC' });
    const dayName = on.format(new Date(Date.UTC(2023, 0, 1 + weekday))); // 2023-01-01 was a Sunday
    const when = far ? `${changesAt - now > 6 * 86_400_000 ? sameYear : dayName} ${hm}` : hm;
    return t(open ? 'facilities.open.until' : 'facilities.open.shut', { at: when });
  };
}

/** How old a figure is, where that is worth saying; always told to whoever asks. */
export function DataAge({ at, online, now }: { at: number; online: boolean; now: number }) {
  const { t, span } = useText();
  const age = span(Math.max(0, now - at));
  if (!online) return <small className="fc-age fc-late">{t('facilities.offlineSince', { age })}</small>;
  return <small className={now - at > OLD_MS ? 'fc-age fc-late' : 'fc-age'}>{t('facilities.dataAge', { age })}</small>;
}

/** 插座, 泊位: what the capacity of such a facility counts; '' where that is not settled by its kind. */
export function useCapacityUnit() {
  const { t } = useText();
  return (kind: FacilityKind): string => (kind === 'charging-shed' || kind === 'parking' ? t(`facilities.unit.${kind}`) : '');
}

/** 占用: taken of the capacity, as figures and as a bar. */
export function Taken({
  occupied,
  capacity,
  kind,
  name,
  now,
}: {
  occupied: Occupancy | null;
  capacity: number | undefined;
  kind: FacilityKind;
  name: string;
  now: number;
}) {
  const { t } = useText();
  const unit = useCapacityUnit();
  if (!occupied) return <span className="t3">{t('facilities.notHeard')}</span>;
  const { value, share } = occupied;
  const n = Math.round(value);
  return (
    <span className={occupied.online ? 'fc-taken' : 'fc-taken fc-late'}>
      <b>{capacity === undefined ? n : t('facilities.of', { n, capacity })}</b>
      <small>{unit(kind)}</small>
      {share === null ? (
        <small>{t('facilities.noCapacity')}</small>
      ) : (
        <>
          <span>{Math.round(share)} %</span>
          <meter
            className="fc-bar"
            min={0}
            max={100}
            value={Math.min(100, share)}
            aria-label={t('facilities.shareOf', { name, share: Math.round(share) })}
          />
        </>
      )}
      <DataAge at={occupied.at} online={occupied.online} now={now} />
    </span>
  );
}
