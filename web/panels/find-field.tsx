import { useApp } from '../app-context.ts';
import { narrow } from '../store/view-store.ts';

/** Words that narrow the list of a tab (`q` in the address), taken with Enter. */
export function FindField({ value, label }: { value: string | undefined; label: string }) {
  const { view } = useApp();
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        narrow(view, { q: String(new FormData(e.currentTarget).get('q') ?? '').trim() });
      }}
    >
      <input key={value ?? ''} name="q" type="search" maxLength={60} defaultValue={value} placeholder={label} aria-label={label} />
    </form>
  );
}
