import { useEffect, useId, useState } from 'react';
import type { LngLat } from '../../../model/brand.ts';
import { useText } from '../../design/use-text.ts';
import { type FoundPlace, searchPlaces } from '../../incidents-api.ts';

const PAUSE_MS = 150;

/**
 * 位置: typed (characters, pinyin or initials) and picked from the list with arrows and Enter, or pointed at on the map. `given`: how the
 * place already pointed at is spoken of; `onType`: what was picked or pointed at is being typed over and holds no more.
 */
export function PlaceField(props: {
  id: string;
  given: string;
  wrong: boolean;
  onPick: (lngLat: LngLat, name: string) => void;
  onType: () => void;
}) {
  const { t } = useText();
  const list = useId();
  const [text, setText] = useState('');
  const [typed, setTyped] = useState(false);
  const [found, setFound] = useState<readonly FoundPlace[]>([]);
  const [at, setAt] = useState(0);
  const [open, setOpen] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const q = text.trim();

  useEffect(() => {
    if (!q || !typed) {
      setFound([]);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(() => {
      searchPlaces(q, stop.signal)
        .then((places) => {
          setFound(places);
          setAt(0);
          setFailed(null);
        })
        .catch((e: unknown) => stop.signal.aborted || setFailed(e instanceof Error ? e.message : String(e)));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [q, typed]);
  // a place pointed at on the map takes the field over
  useEffect(() => {
    if (!props.given) return;
    setText(props.given);
    setTyped(false);
  }, [props.given]);

  const pick = (p: FoundPlace | undefined) => {
    if (!p) return;
    props.onPick(p.lngLat, p.name);
    setText(p.name);
    setTyped(false);
    setOpen(false);
  };
  const shown = open && typed && q !== '';
  const active = shown && found[at] ? `${list}-${at}` : undefined;
  return (
    <div className="combo">
      <input
        id={props.id}
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={active}
        aria-invalid={props.wrong}
        autoComplete="off"
        placeholder={t('events.intake.placeHint')}
        value={text}
        maxLength={60}
        onChange={(e) => {
          setText(e.target.value);
          if (!typed) props.onType();
          setTyped(true);
          setOpen(true);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={(e) => {
          if (!shown || found.length === 0) return;
          if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
            e.preventDefault();
            setAt((at + (e.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length);
          } else if (e.key === 'Enter' && !e.nativeEvent.isComposing) {
            e.preventDefault();
            pick(found[at]);
          } else if (e.key === 'Escape') {
            e.stopPropagation();
            setOpen(false);
          }
        }}
      />
      <div className="options" id={list} role="listbox" aria-label={t('events.intake.places')} hidden={!shown || found.length === 0}>
        {found.map((p, n) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field, which names the active option
          <div
            key={`${p.kind} ${p.name} ${p.lngLat.join()}`}
            id={`${list}-${n}`}
            role="option"
            aria-selected={n === at}
            onMouseDown={(e) => e.preventDefault()}
            onClick={() => pick(p)}
          >
            <b>{p.name}</b>
            <span>
              {t(`events.intake.kind.${p.kind}`)}
              {p.label && p.label !== p.name && ` · ${p.label}`}
            </span>
          </div>
        ))}
      </div>
      {shown && failed && <p className="t3">{t('events.failed', { rule: failed })}</p>}
      {shown && !failed && found.length === 0 && <p className="t3">{t('events.intake.noPlace')}</p>}
    </div>
  );
}
