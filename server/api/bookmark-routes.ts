import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { may } from '../../model/access.ts';
import { given, zAreaOrNull, zEpochMs, zId } from '../../model/fields.ts';
import { treeOf } from '../../model/world.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { BookmarkStore } from '../store/bookmarks.ts';
import { type Route, route } from './route.ts';

const MOST = 500;
const zBookmark = z.object({
  id: z.string(),
  at: z.number(),
  name: z.string(),
  area: z.string().nullable(),
  by: z.string(),
  madeAt: z.number(),
});

/**
 * 书签: moments that were given a name. They are shared: whoever may watch the place of one finds it; it is removed by whoever made it, or by
 * a role that configures the centre.
 */
export function bookmarkRoutes({
  bookmarks,
  ledger,
  now,
}: {
  bookmarks: BookmarkStore;
  ledger: Pick<Ledger, 'world'>;
  now: () => number;
}): Route[] {
  const path = '/api/v1/bookmarks';
  const tag = 'time machine';
  return [
    route({
      method: 'get',
      path,
      tag,
      summary: 'Moments that were given a name',
      answers: { 200: { what: "those of places within the reader's area, by moment", json: z.object({ bookmarks: z.array(zBookmark) }) } },
      async handle({ actor }) {
        const tree = treeOf(ledger.world);
        return { json: { bookmarks: (await bookmarks.list()).filter((b) => may(actor, 'watch', b.area, tree).ok) } };
      },
    }),
    route({
      method: 'post',
      path,
      tag,
      summary: 'Give a moment a name',
      body: z.object({
        at: zEpochMs,
        name: given(60).transform((s) => s.trim()),
        area: zAreaOrNull.optional().describe("the place it is about; null = the whole centre; absent = the account's own area"),
      }),
      answers: { 200: { what: 'the bookmark', json: zBookmark }, 409: { what: `already ${MOST} bookmarks` } },
      async handle({ actor, body: { at, name, area } }) {
        if (at > now()) throw new Refused(400, 'at', 'in the future');
        const { world } = ledger;
        const whole = may(actor, 'watch', null, treeOf(world)).ok;
        const about = area === undefined ? (whole ? null : actor.area) : area;
        if (about !== null && !world.areas.has(about)) throw new Refused(400, 'area', `no area ${about} in the boundaries`);
        mustBeAllowed(actor, 'watch', about, world);
        const mark = { id: randomUUID(), at, name, area: about, by: actor.id, madeAt: now() };
        if (!(await bookmarks.put(mark, MOST))) throw new Refused(409, 'name', `already ${MOST} bookmarks: remove one`);
        return { json: mark };
      },
    }),
    route({
      method: 'delete',
      path: `${path}/{id}`,
      tag,
      summary: 'Remove a bookmark: by whoever made it, or by whoever configures the centre',
      params: z.object({ id: zId }),
      answers: { 200: { what: 'it is gone' }, 403: { what: "somebody else's" }, 404: { what: 'no such bookmark' } },
      async handle({ actor, params: { id } }) {
        const mark = await bookmarks.get(id);
        const tree = treeOf(ledger.world);
        if (!mark || !may(actor, 'watch', mark.area, tree).ok) throw new Refused(404, 'id', `no bookmark ${id}`);
        if (mark.by !== actor.id) mustBeAllowed(actor, 'configure', mark.area, ledger.world);
        await bookmarks.remove(id);
        return { json: { ok: true } };
      },
    }),
  ];
}
