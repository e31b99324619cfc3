import { useApp } from '../../app-context.ts';
import { useText } from '../../design/use-text.ts';
import { ask, type ListQuery } from '../../store/view-store.ts';

/** A count that opens the list of exactly what it counts. */
export function RecordsButton({ n, query }: { n: number; query: ListQuery }) {
  const { t } = useText();
  const { view } = useApp();
  return (
    <button type="button" className="figb" data-records={n} title={t('events.openRecords')} onClick={() => ask(view, query, 'list')}>
      {n}
    </button>
  );
}
