import { useText } from '../../../design/use-text.ts';
import type { ShownFix } from '../../../devices-api.ts';

/** Fixes as they were told, newest first. */
export function FixTable({ fixes, none, label }: { fixes: readonly ShownFix[]; none: string; label: string }) {
  const { t, at } = useText();
  if (fixes.length === 0) return <p className="t3">{none}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className="dv-fixes" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('devices.quarantine.at')}</th>
            <th scope="col">{t('devices.quarantine.received')}</th>
            <th scope="col">{t('devices.quarantine.place')}</th>
          </tr>
        </thead>
        <tbody>
          {fixes.map((f) => (
            <tr key={`${f.at} ${f.receivedAt}`}>
              <td className="fig">
                {at(f.at).date} {at(f.at).hms}
              </td>
              <td className="fig">{at(f.receivedAt).hms}</td>
              <td className="fig">
                {f.lng.toFixed(6)}, {f.lat.toFixed(6)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
