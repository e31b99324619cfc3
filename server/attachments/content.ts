import { open } from 'node:fs/promises';
import { fileTypeFromFile } from 'file-type';
import type { AttachmentKind } from '../../model/incident.ts';
import { Refused } from '../refused.ts';

/** What a file is by its content. `type`: its media type, one name for each. */
export interface Content {
  readonly kind: AttachmentKind;
  readonly type: string;
  /** what a file name of this type ends with */
  readonly ext: string;
}

const contents: readonly (Content & { readonly also?: readonly string[] })[] = [
  { kind: 'photo', type: 'image/jpeg', ext: 'jpg', also: ['image/jpg', 'image/pjpeg'] },
  { kind: 'photo', type: 'image/png', ext: 'png' },
  { kind: 'photo', type: 'image/webp', ext: 'webp' },
  { kind: 'audio', type: 'audio/mpeg', ext: 'mp3', also: ['audio/mp3'] },
  { kind: 'audio', type: 'audio/wav', ext: 'wav', also: ['audio/wave', 'audio/x-wav', 'audio/vnd.wave'] },
  { kind: 'audio', type: 'audio/mp4', ext: 'm4a', also: ['audio/x-m4a', 'audio/m4a'] },
  { kind: 'audio', type: 'audio/aac', ext: 'aac', also: ['audio/aacp', 'audio/x-aac'] },
  { kind: 'audio', type: 'audio/ogg', ext: 'ogg', also: ['audio/opus', 'application/ogg'] },
  { kind: 'audio', type: 'audio/amr', ext: 'amr' },
  { kind: 'pdf', type: 'application/pdf', ext: 'pdf' },
];
export const attachmentTypes: readonly string[] = contents.map((c) => c.type);
const RULE = 'a JPEG, PNG or WebP photo, an MP3, WAV, M4A, AAC, Ogg or AMR recording, or a PDF, by its content';

const plain = (type: string) => type.split(';', 1)[0]!.trim().toLowerCase();
const contentOf = (type: string) => contents.find((c) => c.type === type || c.also?.includes(type));
export const extensionOf = (type: string): string => contentOf(type)?.ext ?? 'bin';

/**
 * Name a file by what it holds; its name and header are only claims.
 * @param claimed the Content-Type it was sent with; none, or octet-stream, claims nothing
 * @throws Refused 415 when it is of no type we take, when the claim is another one, or when it could be read as something else too
 */
export async function contentOfFile(path: string, claimed: string | undefined): Promise<Content> {
  const found = await fileTypeFromFile(path);
  const content = found && contentOf(plain(found.mime));
  if (!content) throw new Refused(415, 'body', RULE);
  const claim = plain(claimed ?? '');
  if (claim && claim !== 'application/octet-stream' && contentOf(claim)?.type !== content.type) {
    throw new Refused(415, 'Content-Type', `the file is ${content.type} by its content`);
  }
  const other = await otherReading(path, content);
  if (other) throw new Refused(415, 'body', `the file can also be read as ${other}`);
  return { kind: content.kind, type: content.type, ext: content.ext };
}

/** How far into a file browsers and PDF readers look for what it may be. */
const HEAD = 2048;
/** A ZIP archive is found from its end: a record of 22 bytes and a comment of at most 65,535. */
const TAIL = 22 + 65_535;
const MARKUP = /<(?:!doctype|html|head|body|script|svg|iframe|\?php)[\s>/]/i;

/** What another program would take it for (a polyglot): a page, a PDF, an archive with a harmless beginning. */
async function otherReading(path: string, { kind }: Content): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const piece = async (from: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return buffer.subarray(0, bytesRead);
    };
    const head = (await piece(0, HEAD)).toString('latin1');
    if (MARKUP.test(head)) return 'a page of markup';
    if (kind !== 'pdf' && head.includes('%PDF-')) return 'a PDF';
    if (endsAsArchive(await piece(Math.max(0, size - TAIL), TAIL))) return 'an archive';
    return null;
  } finally {
    await file.close();
  }
}

/** Is there an end-of-archive record whose comment ends with the file? Four chance bytes in a photo are not one. */
function endsAsArchive(tail: Buffer): boolean {
  for (let at = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1'); at >= 0; at = tail.lastIndexOf('PK\x05\x06', at - 1, 'latin1')) {
    if (at + 22 <= tail.length && tail.readUInt32LE(at + 4) === 0 && at + 22 + tail.readUInt16LE(at + 20) === tail.length) return true;
    if (at === 0) break;
  }
  return false;
}
