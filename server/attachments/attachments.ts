import { type Actor, may } from '../../model/access.ts';
import type { AreaCode } from '../../model/brand.ts';
import type { Attachment } from '../../model/incident.ts';
import { attachRule, decideAttach } from '../../model/incident-attach.ts';
import { notHeld } from '../../model/incident-step.ts';
import type { EntryBody } from '../../model/ledger.ts';
import { incidentOf, treeOf } from '../../model/world.ts';
import type { SentFile } from '../api/route.ts';
import { refusedAs } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { contentOfFile, extensionOf } from './content.ts';
import type { AttachmentFiles } from './files.ts';
import { picturesOf, SHOWN_TYPE } from './photo.ts';

export const MAX_BYTES = 20 * 1024 * 1024;

export interface Upload {
  readonly content: AsyncIterable<Uint8Array>;
  /** its Content-Type: a claim */
  readonly claimed: string | undefined;
  /** what the sender calls it; '' = nothing */
  readonly name: string;
}

/** 附件: photos, recordings and documents of incidents. See docs/decisions/012-attachments.md. */
export interface Attachments {
  /** Resolves when file and entry are durable, the file first. The same file again on the same incident is the attachment it already is. */
  attach(actor: Actor, incident: string, upload: Upload): Promise<{ ok: true; seq: number; attachment: Attachment }>;
  /** What is shown to whoever may watch an incident that has it: a photo without its data, its thumbnail, a recording, a PDF. */
  shown(actor: Actor, hash: string): Promise<SentFile>;
  /** The file as it was handed in: evidence, with the place and device it was taken by. */
  original(actor: Actor, hash: string): Promise<SentFile>;
  /** Remove files that never got an entry. */
  sweep(): Promise<number>;
}

interface Parts {
  readonly ledger: Ledger;
  readonly store: Pick<Store, 'readEntries' | 'attachedAs' | 'attachedHashes'>;
  readonly files: AttachmentFiles;
}
type Attached = EntryBody<'incident.attached'>;

export function openAttachments({ ledger, store, files }: Parts): Attachments {
  function mayAttach(actor: Actor, id: string) {
    const incident = incidentOf(ledger.world, id);
    if (!incident) throw refusedAs(notHeld(id), undefined);
    const rule = attachRule(ledger.world, incident, actor);
    if (rule) throw new Refused(403, 'actor', rule);
  }

  /** Where an incident lies; undefined = there is none. One that has ended long ago is in the ledger only. */
  async function placeOf(id: string): Promise<AreaCode | null | undefined> {
    const held = incidentOf(ledger.world, id);
    if (held) return held.area;
    const [row] = await store.readEntries({ subject: id, kinds: ['incident.reported'], limit: 1 });
    return row && (JSON.parse(row.body) as EntryBody<'incident.reported'>).area;
  }

  /** The first attachment of this hash that the actor may see. @throws Refused 404 when there is none, 403 when it is not for this actor */
  async function attachedAs(hash: string, maySee: (file: Attached) => Promise<string | null>): Promise<Attached> {
    let rule: string | null = null;
    for (const row of await store.attachedAs(hash)) {
      const file = JSON.parse(row.body) as Attached;
      rule = await maySee(file);
      if (rule === null) return file;
    }
    throw rule === null ? new Refused(404, 'hash', 'no such attachment') : new Refused(403, 'actor', rule);
  }

  async function mayDo(actor: Actor, action: 'watch' | 'attach', incident: string): Promise<string | null> {
    const area = await placeOf(incident);
    const verdict = may(actor, action, area ?? null, treeOf(ledger.world));
    return verdict.ok ? null : verdict.rule;
  }
  async function mayReadOriginal(actor: Actor, { incident }: Attached): Promise<string | null> {
    const held = incidentOf(ledger.world, incident);
    if (held) return attachRule(ledger.world, held, actor);
    if (actor.role === 'worker' || actor.role === 'department') return `incident ${incident} has ended`;
    return mayDo(actor, 'attach', incident);
  }

  const sent = (hash: string, type: string, name: string, more: Pick<SentFile, 'save' | 'secret'>): SentFile => ({
    ...files.pathOf(hash),
    type,
    tag: hash,
    name: nameFor(name || hash.slice(0, 12), type),
    ...more,
  });

  return {
    async attach(actor, incident, { content, claimed, name }) {
      mayAttach(actor, incident);
      const arrived = await files.receive(content, MAX_BYTES);
      try {
        const { kind, type } = await contentOfFile(arrived.path, claimed);
        const pictures = kind === 'photo' ? await picturesOf(arrived.path) : null;
        const shown = pictures ? await files.put(pictures.shown) : arrived.hash;
        const thumb = pictures ? await files.put(pictures.thumb) : null;
        await files.keep(arrived); // before the entry: an entry never names a file that is not there
        const { hash, bytes } = arrived;
        let again: Attachment | undefined;
        const [entry] = await ledger.append(actor.id, (world) => {
          const decision = decideAttach(world, incident, { hash, kind, type, bytes, name, shown, thumb }, actor);
          if (!decision.ok) throw refusedAs(decision, incidentOf(world, incident));
          again = 'again' in decision ? decision.again : undefined;
          return decision.facts;
        });
        if (!entry) return { ok: true, seq: ledger.world.seq, attachment: again! };
        return { ok: true, seq: entry.seq, attachment: { hash, kind, type, bytes, name, shown, thumb, at: entry.at, actor: actor.id } };
      } finally {
        await files.discard(arrived);
      }
    },

    async shown(actor, hash) {
      const file = await attachedAs(hash, (f) => mayDo(actor, 'watch', f.incident));
      const picture = file.kind === 'photo';
      if (hash !== file.shown && hash !== file.thumb) {
        throw new Refused(404, 'hash', 'this is an original: what is shown of it has a hash of its own');
      }
      return sent(hash, picture ? SHOWN_TYPE : file.type, file.name, { save: file.kind === 'pdf', secret: false });
    },

    async original(actor, hash) {
      const file = await attachedAs(hash, (f) => mayReadOriginal(actor, f));
      if (hash !== file.hash) throw new Refused(404, 'hash', 'no original has this hash');
      return sent(hash, file.type, file.name, { save: true, secret: true });
    },

    sweep: () => files.sweep((hashes) => store.attachedHashes(hashes)),
  };
}

const DAY_MS = 86_400_000;

/** Sweep now and once a day, beside everything else. @returns stop, which waits for a sweep that is on its way */
export function sweepDaily(attachments: Pick<Attachments, 'sweep'>, onError: (error: unknown) => void): () => Promise<unknown> {
  let running: Promise<unknown> = Promise.resolve();
  const sweep = () => {
    running = attachments.sweep().catch(onError);
  };
  sweep();
  const timer = setInterval(sweep, DAY_MS);
  return () => {
    clearInterval(timer);
    return running;
  };
}

/** A name that says what the file is: one that promises another type gets the right ending behind it. */
function nameFor(name: string, type: string): string {
  const ext = extensionOf(type);
  const given = /\.([0-9A-Za-z]{1,8})$/.exec(name)?.[1]?.toLowerCase();
  return given === ext || (ext === 'jpg' && given === 'jpeg') ? name : `${name}.${ext}`;
}
