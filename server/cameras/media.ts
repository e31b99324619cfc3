import type { z } from 'zod';
import type { Actor } from '../../model/access.ts';
import type { zMedia } from '../../model/centre.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';

export type Media = z.output<typeof zMedia>;

/** The centre as it is, with another media server; decided against the newest world, so nothing else of the centre is put back. */
export async function setMedia(ledger: Pick<Ledger, 'append' | 'world'>, actor: Actor, media: Media): Promise<{ seq: number }> {
  const entries = await ledger.append(actor.id, (world) => {
    mustBeAllowed(actor, 'configure', null, world);
    if (!world.centre) throw new Refused(409, 'centre', 'no centre is set up yet');
    const { hls, whep } = world.centre.media ?? {}; // a centre configured by an older version has none
    if (hls === media.hls && whep === media.whep) return [];
    return [{ kind: 'centre.configured', body: { ...world.centre, media } }];
  });
  return { seq: entries.at(-1)?.seq ?? ledger.world.seq };
}

/** Where one stream is handed out. @throws Refused 409 for a name that is no part of a path */
export function addressOf(template: string, stream: string): URL {
  if (stream === '.' || stream === '..') throw new Refused(409, 'camera.stream', `${stream} is no name of a stream`);
  return new URL(template.replaceAll('{stream}', encodeURIComponent(stream)));
}

/** May this be asked on account of the stream at `base`? The same server, below the folder of the stream's own address. */
export function isBelow(base: URL, address: URL): boolean {
  const folder = new URL('.', base).pathname;
  if (address.origin !== base.origin || !address.pathname.startsWith(folder)) return false;
  return !/%2f|%5c|\\/i.test(address.pathname.slice(folder.length));
}
