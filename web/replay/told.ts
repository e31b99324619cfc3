import type { TFunction } from 'i18next';
import { atCentre } from '../design/format.ts';
import type { Told } from './replay.ts';

/** What the time machine has to say, in one line. */
export function toldWords(told: Told, t: TFunction<'wall'>, utcOffsetMinutes: number): string {
  if (told.what === 'noEvent') return t(told.dir === 'next' ? 'replay.noNext' : 'replay.noPrev');
  if (told.what === 'eventFailed') return t('replay.eventFailed', { rule: told.rule });
  const { date, hms } = atCentre(told.at, utcOffsetMinutes);
  return t(told.what === 'oldest' ? 'replay.oldest' : 'replay.caughtUp', { at: `${date} ${hms}` });
}
