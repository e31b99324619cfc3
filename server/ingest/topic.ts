import { z } from 'zod';
import type { Refusal, StateReport } from '../../model/report.ts';

/** `genglou/{street}/…`; what a broker of others is asked for. */
export const TOPICS = 'genglou/#';

/** What a topic and its payload say: a report for the engine, a device's state, or why neither. `nothing`: a retained state was erased. */
export type Message =
  | { readonly say: 'report'; readonly report: unknown }
  | { readonly say: 'state'; readonly state: StateReport }
  | { readonly say: 'nothing' }
  | { readonly say: 'refused'; readonly refusal: Refusal };

const MAX_PAYLOAD_BYTES = 16 * 1024;
const zState = z.union([
  z.object({ online: z.boolean() }).transform((s) => s.online),
  z.enum(['online', 'offline']).transform((s) => s === 'online'),
]);
const of = ['unit', 'sensor', 'camera'] as const;

/** @param street code of the centre this server answers for; null before there is one */
export function readMessage(topic: string, payload: Uint8Array, street: string | null): Message {
  const [root, place, ...rest] = topic.split('/');
  const what = rest.at(-1) ?? '';
  if (root !== 'genglou' || !place) return refused('topic', 'topics begin with genglou/{street code}/');
  if (street !== null && place !== street) return refused('topic', `this centre is ${street}, not ${place}`, 'place');
  if (payload.length > MAX_PAYLOAD_BYTES) return refused('payload', `at most ${MAX_PAYLOAD_BYTES} bytes`, 'too-large');

  const text = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8');
  const kind = rest[0] as (typeof of)[number];
  // an id may itself hold slashes: everything between the kind of device and the last level
  const id = rest.slice(1, -1).join('/');
  if (what === 'state' && id && of.includes(kind)) {
    if (text === '') return { say: 'nothing' };
    const state = zState.safeParse(text === 'online' || text === 'offline' ? text : json(text));
    if (!state.success) return refused('payload', '{"online": true}, {"online": false}, online or offline');
    return { say: 'state', state: { kind: 'state', of: kind, id, online: state.data } };
  }

  const fields = json(text);
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return refused('payload', 'a JSON object');
  if (what === 'position' && kind === 'unit' && id) return { say: 'report', report: { ...fields, kind: 'position', unit: id } };
  if (what === 'reading' && kind === 'sensor' && id) return { say: 'report', report: { ...fields, kind: 'reading', sensor: id } };
  if (what === 'incident' && rest.length === 1) return { say: 'report', report: { ...fields, kind: 'incident' } };
  return refused('topic', 'unit/{id}/position, sensor/{id}/reading, {unit|sensor|camera}/{id}/state or incident');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
const refused = (field: string, rule: string, reason: Refusal['reason'] = 'form'): Message => ({
  say: 'refused',
  refusal: { field, rule, reason },
});
