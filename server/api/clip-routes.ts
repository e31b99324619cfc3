import { z } from 'zod';
import { zAreaCode } from '../../model/area.ts';
import { epochMs } from '../../model/brand.ts';
import { type ClipParts, makeClip } from '../clip/clip.ts';
import { clipPage } from '../clip/clip-page.ts';
import { ownPageOnly } from '../exported.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import { zMoment } from './forms.ts';
import { type Route, route } from './route.ts';

interface Parts extends ClipParts {
  readonly ledger: Ledger;
  /** folder of the built wall */
  readonly dist: string;
}
const MOST_BYTES = 48 * 1024 * 1024;
const types = { html: 'text/html; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

/** 复盘片段: a piece of the past that plays without this server. */
export function clipRoutes({ dist, ...parts }: Parts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/film/clip',
      tag: 'time machine',
      summary: 'A piece of the past in one file that plays offline',
      description:
        'At most 24 hours of one place: its boundaries, the basemap about it, units as role and number while they were within it, incidents and alarms as they changed. Without names, telephone numbers, notes and ids of people; what is about somebody’s home stands in the middle of its micro-grid. Who took it is written into the ledger (history.exported).',
      query: z.object({
        from: zMoment,
        to: zMoment,
        area: zAreaCode.optional().describe("absent = the asker's own area"),
        format: z.enum(['html', 'json']).default('html'),
      }),
      answers: {
        200: { what: 'the file', type: 'text/html' },
        403: { what: 'the role may not export history, or not of this area' },
        413: { what: 'too much happened: ask for less time or a smaller place' },
        503: { what: 'the viewer was not built' },
      },
      async handle({ actor, query: { format, ...asked }, headers }) {
        ownPageOnly(headers);
        const clip = await makeClip(parts, actor, asked);
        const text = format === 'html' ? await clipPage(clip, dist) : `${JSON.stringify(clip)}\n`;
        const bytes = Buffer.byteLength(text);
        if (bytes > MOST_BYTES) throw new Refused(413, 'to', `the clip would be ${bytes} bytes, at most ${MOST_BYTES}`);
        const { code: area } = clip.area;
        await parts.ledger.append(actor.id, () => [
          {
            kind: 'history.exported',
            body: { what: 'clip', format, area, from: epochMs(clip.from), to: epochMs(clip.to), bytes },
          },
        ]);
        const name = `clip-${area}-${new Date(clip.from).toISOString().slice(0, 16).replace(/[-:]/g, '')}Z.${format}`;
        return { stream: { type: types[format], name, chunks: once(text) } };
      },
    }),
  ];
}

async function* once(text: string) {
  yield text;
}
