import { useCallback } from 'react';
import type { CandidateReason } from '../../../model/candidates.ts';
import type { LikenessReason } from '../../../model/duplicates.ts';
import { incidentOf } from '../../../model/world.ts';
import { useServer } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';

type Reason = CandidateReason | LikenessReason;

/** Reasons as one line a person can read. */
export function useReasons(): (reasons: readonly Reason[]) => string {
  const { t, language, metres, span, ago, say } = useText();
  const world = useServer((s) => s.world);
  return useCallback(
    (reasons) => {
      const word = (r: Reason): string => {
        switch (r.key) {
          case 'sent':
            return t(r.arrived ? 'reason.arrived' : 'reason.sent');
          case 'answers': {
            const level = world.centre?.levels.find((l) => l.key === r.level)?.name;
            return t('reason.answers', { level: level ? say(level) : r.level });
          }
          case 'walk':
            return r.by === 'straight'
              ? t('reason.straight', { metres: metres(r.metres) })
              : t('reason.walk', { metres: metres(r.metres), minutes: Math.max(1, Math.round(r.minutes)) });
          case 'busy':
            return t('reason.busy', { title: incidentOf(world, r.incident)?.title ?? r.incident });
          case 'fix':
            return t('reason.fix', { age: ago(r.ms) });
          case 'near':
            return t('reason.near', { metres: metres(r.metres) });
          case 'within':
            return t('reason.within', { age: span(r.ms) });
          case 'title':
            return t('reason.title', { share: Math.round(100 * r.likeness) });
          default:
            return t(`reason.${r.key}`);
        }
      };
      return reasons.map(word).join(language === 'zh' ? '，' : ', ');
    },
    [t, language, metres, span, ago, say, world],
  );
}
