import { type DragEvent, useRef, useState } from 'react';
import type { Attachment, Incident } from '../../../model/incident.ts';
import { isOpen } from '../../../model/incident.ts';
import { heldBy, useApp, useStop } from '../../app-context.ts';
import { Panel, useFreshness } from '../../design/freshness.tsx';
import { useText } from '../../design/use-text.ts';
import { useMay } from './rights.ts';

const url = (hash: string) => `/api/v1/attachments/${hash}`;
const ACCEPT = 'image/jpeg,image/png,image/webp,image/heic,audio/*,application/pdf';

/** 附件: thumbnails that open larger, recordings that play, PDFs that open beside; files are added by button or by dropping them. */
export function Files({ incident: i, onOpen }: { incident: Incident; onOpen: (hash: string) => void }) {
  const { t } = useText();
  const { commands } = useApp();
  const fresh = useFreshness();
  const allowed = useMay('attach', i.area) && isOpen(i);
  const stop = useStop();
  const input = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState('');
  const [over, setOver] = useState(false);
  if (i.attachments.length === 0 && !allowed) return null;
  const upload = async (files: readonly File[]) => {
    for (const file of files) {
      setTold(t('files.sending', { name: file.name }));
      const answer = await commands.attach(i.id, file);
      if (!answer.ok) {
        const rule = answer.status === 413 ? t('files.tooLarge') : answer.status === 415 ? t('files.kinds') : answer.rule;
        return setTold(t('files.failed', { name: file.name, rule }));
      }
    }
    setTold('');
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    if (allowed && !stop) void upload([...e.dataTransfer.files]);
  };
  return (
    <Panel
      id="files"
      className="files-panel"
      title={t('files.title')}
      n={i.attachments.length}
      sub={allowed ? t('files.hint') : ''}
      fresh={fresh}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way beside the button in it */}
      <div
        className={`files ${over ? 'over' : ''}`}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(allowed && !stop);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {i.attachments.map((a) => (
          <File key={a.hash} file={a} onOpen={onOpen} />
        ))}
        {allowed && (
          <>
            <button type="button" className="add" {...heldBy(stop)} onClick={() => input.current?.click()}>
              {over ? t('files.drop') : t('files.add')}
            </button>
            <input
              ref={input}
              type="file"
              multiple
              hidden
              accept={ACCEPT}
              onChange={(e) => {
                void upload([...(e.target.files ?? [])]);
                e.target.value = '';
              }}
            />
          </>
        )}
      </div>
      <p className="t2 told" role="status">
        {told}
      </p>
    </Panel>
  );
}

function File({ file: a, onOpen }: { file: Attachment; onOpen: (hash: string) => void }) {
  const { t } = useText();
  if (a.kind === 'audio')
    return (
      <figure className="clip">
        {/* biome-ignore lint/a11y/useMediaCaption: a recording from the street has no captions; its note stands in the record */}
        <audio controls preload="none" src={url(a.shown)} aria-label={t('files.audio', { name: a.name })} />
        <figcaption>{a.name}</figcaption>
      </figure>
    );
  if (a.kind === 'pdf')
    return (
      <a className="doc" href={url(a.shown)} target="_blank" rel="noreferrer" aria-label={t('files.pdf', { name: a.name })}>
        <b>PDF</b>
        <span>{a.name}</span>
      </a>
    );
  return (
    <button type="button" className="thumb" aria-label={t('files.open', { name: a.name })} onClick={() => onOpen(a.hash)}>
      <img src={url(a.thumb ?? a.shown)} alt={a.name} loading="lazy" />
    </button>
  );
}

/** A photo over the wall, as large as it fits; Escape or the button closes it. */
export function Viewer({ file: a, onClose }: { file: Attachment; onClose: () => void }) {
  const { t, at } = useText();
  return (
    <div
      className="viewer"
      role="dialog"
      aria-modal="true"
      aria-label={t('files.open', { name: a.name })}
      onKeyDown={(e) => {
        if (e.key === 'Tab') e.preventDefault(); // one button only: the focus stays on it
        if (e.key !== 'Escape') return;
        e.stopPropagation();
        onClose();
      }}
    >
      {a.kind === 'photo' ? (
        <img src={url(a.shown)} alt={a.name} />
      ) : (
        <a className="plain" href={url(a.shown)} target="_blank" rel="noreferrer">
          {a.name}
        </a>
      )}
      <p>
        <b>{a.name}</b> <span className="fig">{`${at(a.at).date} ${at(a.at).hms}`}</span> {a.kind === 'photo' && t('files.location')}
        {/* biome-ignore lint/a11y/noAutofocus: what was opened by a key is closed by one */}
        <button type="button" autoFocus onClick={onClose}>
          {t('files.close')} <kbd>Esc</kbd>
        </button>
      </p>
    </div>
  );
}
