import { z } from 'zod';
import { zHash, zId } from '../../model/fields.ts';
import { zAttachmentFields } from '../../model/incident-forms.ts';
import { type Attachments, MAX_BYTES } from '../attachments/attachments.ts';
import { attachmentTypes } from '../attachments/content.ts';
import { Refused } from '../refused.ts';
import { type Route, route } from './route.ts';

const zAttachment = zAttachmentFields.extend({ at: z.number().int(), actor: z.string() });

/** Photos, recordings and documents of incidents. */
export function attachmentRoutes(attachments: Attachments): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/v1/incidents/{id}/attachments',
      tag: 'attachments',
      summary: 'Attach a photo, a recording or a PDF to an incident',
      description: `The file itself is the body, at most ${MAX_BYTES} bytes; its type is told by its content, and a Content-Type that says another is refused (application/octet-stream says nothing). Answered when file and entry are durable. The same file again on the same incident is answered with the attachment it already is.`,
      params: z.object({ id: zId }),
      raw: attachmentTypes,
      limit: MAX_BYTES,
      headers: { 'X-File-Name': 'what it is called, percent-encoded UTF-8, at most 120 characters' },
      answers: {
        200: { what: 'attached and durable', json: z.object({ ok: z.literal(true), seq: z.number().int(), attachment: zAttachment }) },
        404: { what: 'no such incident among the open and recent ones' },
        409: { what: 'the incident has as many attachments as it may' },
        413: { what: `larger than ${MAX_BYTES} bytes, or a photo of too many pixels` },
        415: { what: 'of no type that is taken, of another than was said, or readable as something else too' },
      },
      handle: async ({ actor, params, headers, content }) => ({
        json: await attachments.attach(actor, params.id, {
          content,
          claimed: headers['content-type'],
          name: nameFrom(headers['x-file-name']),
        }),
      }),
    }),
    route({
      method: 'get',
      path: '/api/v1/attachments/{hash}',
      tag: 'attachments',
      summary: 'What is shown of an attachment, or its thumbnail; never changes',
      description:
        'Photos as JPEG, upright, without the place and device they were taken with. For whoever may watch an incident that has it.',
      params: z.object({ hash: zHash }),
      answers: { 200: { what: 'the file', type: '*/*' }, 404: { what: 'no such attachment' } },
      handle: async ({ actor, params }) => ({ file: await attachments.shown(actor, params.hash) }),
    }),
    route({
      method: 'get',
      path: '/api/v1/attachments/{hash}/original',
      tag: 'attachments',
      summary: 'An attachment as it was handed in, for whoever may attach to an incident that has it',
      params: z.object({ hash: zHash }),
      answers: { 200: { what: 'the file', type: '*/*' }, 404: { what: 'no such original' } },
      handle: async ({ actor, params }) => ({ file: await attachments.original(actor, params.hash) }),
    }),
  ];
}

/** The last part of a path somebody's program may have sent, as one line. */
function nameFrom(header: string | string[] | undefined): string {
  if (header === undefined) return '';
  const rule = 'percent-encoded UTF-8, at most 120 characters, no control characters';
  let name: string;
  try {
    name = decodeURIComponent(String(header))
      .replace(/^.*[/\\]/s, '')
      .trim();
  } catch {
    throw new Refused(400, 'X-File-Name', rule);
  }
  if (name.length > 120 || /[\p{Cc}\p{Cs}]/u.test(name)) throw new Refused(400, 'X-File-Name', rule);
  return name;
}
