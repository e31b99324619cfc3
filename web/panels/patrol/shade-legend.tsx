import { useText } from '../../design/use-text.ts';
import type { MapShade } from '../../map-contract.ts';
import { StateMark } from './state-mark.tsx';

const q = ['q1', 'q2', 'q3', 'q4', 'q5'] as const;

/** What the colours of places mean: five steps, each with its bounds. */
export function ShadeLegend({ legend }: { legend: MapShade['legend'] }) {
  const { t } = useText();
  return (
    <div className="ov lg pt-legend" data-map-keepout>
      <div>{legend.title}</div>
      <ul>
        {q.map(
          (token, i) =>
            legend.steps[i] && (
              <li key={token}>
                <i style={{ background: `var(--${token})` }} />
                {legend.steps[i]}
              </li>
            ),
        )}
        <li>
          <i className="pt-novalue" />
          {t('mapTool.noValue')}
        </li>
      </ul>
    </div>
  );
}

/** What the marks of units mean. */
export function StateLegend() {
  const { t } = useText();
  return (
    <div className="ov lg pt-legend" data-map-keepout>
      <ul>
        {(['sos', 'silent', 'outside', 'moving', 'off-duty'] as const).map((s) => (
          <li key={s}>
            <StateMark state={s} />
            {t(`unitState.${s}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
