import type { z } from 'zod';
import { jsonOf, ONLINE_RULE, onlineOf } from '../../model/online.ts';
import { formRefusal, type Refusal, type StateReport } from '../../model/report.ts';
import { zCarried } from './gateways.ts';
import { zMessageAnswer } from './unit-messages.ts';

/** `genglou/{street}/…`; what a broker of others is asked for. */
export const TOPICS = 'genglou/#';

/** What a topic and its payload say: a report for the engine, a device's state, or why neither. `nothing`: a retained state was erased, or our own
 * message to a unit came back. */
export type Message =
  | { readonly say: 'report'; readonly report: unknown }
  | { readonly say: 'state'; readonly state: StateReport }
  | { readonly say: 'carried'; readonly gateway: string; readonly carried: z.output<typeof zCarried> }
  | { readonly say: 'gateway'; readonly gateway: string; readonly online: boolean }
  | { readonly say: 'answer'; readonly unit: string; readonly message: string; readonly ok: boolean }
  | { readonly say: 'nothing' }
  | { readonly say: 'refused'; readonly refusal: Refusal };

const MAX_PAYLOAD_BYTES = 16 * 1024;
/** a gateway's list of thousands of ids */
const MAX_LIST_BYTES = 256 * 1024;
const of = ['unit', 'sensor', 'camera'] as const;

/** @param street code of the centre this server answers for; null before there is one */
export function readMessage(topic: string, payload: Uint8Array, street: string | null): Message {
  const [root, place, ...rest] = topic.split('/');
  const what = rest.at(-1) ?? '';
  if (root !== 'genglou' || !place) return refused('topic', 'topics begin with genglou/{street code}/');
  if (street !== null && place !== street) return refused('topic', `this centre is ${street}, not ${place}`, 'place');
  // an id may itself hold slashes: everything between the kind of device and the last level
  const id = rest.slice(1, -1).join('/');
  const isList = rest[0] === 'gateway' && what === 'devices' && id !== '';
  const most = isList ? MAX_LIST_BYTES : MAX_PAYLOAD_BYTES;
  if (payload.length > most) return refused('payload', `at most ${most} bytes`, 'too-large');

  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  const kind = rest[0] as (typeof of)[number];
  if (isList) {
    if (text === '') return { say: 'nothing' };
    const carried = zCarried.safeParse(jsonOf(text));
    if (carried.success) return { say: 'carried', gateway: id, carried: carried.data };
    return refused(
      formRefusal(carried.error, 'payload').field,
      'a JSON list of ids, or {"sensors": […], "units": […], "cameras": […], "devices": […]}',
    );
  }
  if (what === 'message' && kind === 'unit' && id) return { say: 'nothing' };
  if (what === 'state' && id && (of.includes(kind) || rest[0] === 'gateway')) {
    if (text === '') return { say: 'nothing' };
    const online = onlineOf(text);
    if (online === undefined) return refused('payload', ONLINE_RULE);
    return rest[0] === 'gateway'
      ? { say: 'gateway', gateway: id, online }
      : { say: 'state', state: { kind: 'state', of: kind, id, online } };
  }

  const fields = jsonOf(text);
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return refused('payload', 'a JSON object');
  if (what === 'position' && kind === 'unit' && id) return { say: 'report', report: { ...fields, kind: 'position', unit: id } };
  if (what === 'reading' && kind === 'sensor' && id) return { say: 'report', report: { ...fields, kind: 'reading', sensor: id } };
  if (what === 'answer' && kind === 'unit' && id) {
    const answer = zMessageAnswer.safeParse(fields);
    if (!answer.success) return { say: 'refused', refusal: formRefusal(answer.error, 'payload') };
    return { say: 'answer', unit: id, ...answer.data };
  }
  if (what === 'incident' && rest.length === 1) return { say: 'report', report: { ...fields, kind: 'incident' } };
  return refused(
    'topic',
    'unit/{id}/position, unit/{id}/answer, sensor/{id}/reading, {unit|sensor|camera|gateway}/{id}/state, gateway/{id}/devices or incident',
  );
}

const refused = (field: string, rule: string, reason: Refusal['reason'] = 'form'): Message => ({
  say: 'refused',
  refusal: { field, rule, reason },
});
