import type { UnitState } from '../../../model/patrol.ts';
import { PriorityGlyph } from '../../design/glyphs.tsx';

const size = { width: 'calc(14 * var(--u))', height: 'calc(14 * var(--u))' };
const line = { fill: 'none', stroke: 'currentColor', strokeWidth: 2 };

/** 力量状态 by shape: ▲ 求救, hollow 失联, ? 定位异常, a broken ring 越界, dashed 未上线, ■ 停留, ➤ 移动, a dash 下班. Its word stands beside it. */
export function StateMark({ state }: { state: UnitState }) {
  if (state === 'sos') return <PriorityGlyph priority={1} u={14} />;
  return (
    <svg className={`glyph pt-mark pt-s-${state}`} viewBox="0 0 14 14" style={size} aria-hidden="true">
      {state === 'silent' && <path {...line} strokeWidth="1.6" d="M7 1.5L12 12.5L7 9.6L2 12.5Z" />}
      {state === 'doubted' && <path {...line} strokeWidth="1.8" d="M4.2 4.6A2.9 2.9 0 1 1 8.3 7.1Q7 7.9 7 9.2M7 11.6V12.6" />}
      {state === 'outside' && (
        <>
          <circle {...line} cx="7" cy="7" r="5.6" strokeDasharray="3.2 2.6" />
          <circle cx="7" cy="7" r="2.2" fill="currentColor" />
        </>
      )}
      {state === 'unseen' && <circle {...line} strokeWidth="1.4" cx="7" cy="7" r="5.4" strokeDasharray="1.6 2.2" />}
      {state === 'standing' && <rect x="3" y="3" width="8" height="8" fill="currentColor" />}
      {state === 'moving' && <path d="M13 7L2 12L4.8 7L2 2Z" fill="currentColor" />}
      {state === 'off-duty' && <path {...line} d="M2.5 7H11.5" />}
    </svg>
  );
}
