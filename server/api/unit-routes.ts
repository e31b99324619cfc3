import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Actor } from '../../model/access.ts';
import { zId } from '../../model/fields.ts';
import { messageResults, zMessageForm } from '../../model/patrol-plan.ts';
import type { Unit } from '../../model/world.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Outbox } from '../devices/outbox.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Pick<Ledger, 'world' | 'append'>;
  readonly store: Pick<Store, 'getPeople'>;
  readonly outbox: Outbox;
  /** door and device by which a unit can be spoken to; null = it reports by none that says where it is */
  readonly wayTo: (unit: string) => { readonly door: string; readonly device: string } | null;
}

/** 喊话 and 通话: a text to a unit's device, and the number to call who carries it. */
export function unitRoutes({ ledger, store, outbox, wayTo }: Parts): Route[] {
  /** @throws Refused 404, 403 */
  function unitFor(actor: Actor, id: string): Unit {
    const unit = ledger.world.units.get(id);
    if (!unit) throw new Refused(404, 'id', `unit ${id} is not registered`);
    mustBeAllowed(actor, 'message', unit.area, ledger.world);
    return unit;
  }
  const of = { tag: 'operators', params: z.object({ id: zId }) } as const;

  return [
    route({
      ...of,
      method: 'post',
      path: '/api/v1/units/{id}/messages',
      summary: 'Send a text to the device of a unit',
      description:
        'The text stands in the ledger as it is given (`unit.messaged`), for everybody who may see the unit: no personal data. The answer comes when the device has answered or its time is over (`unit.message-answered`).',
      body: zMessageForm,
      answers: {
        200: {
          what: '`delivered`: the device said so. `refused`: it said it cannot. `unreachable`: it is not connected, or did not answer in time.',
          json: z.object({ message: z.string(), door: z.string(), result: z.enum(messageResults), seq: z.number().int() }),
        },
        404: { what: 'no such unit' },
        409: { what: 'no device of this unit can be sent a text' },
      },
      async handle({ actor, params, body: { text } }) {
        const unit = unitFor(actor, params.id);
        const way = wayTo(unit.id);
        if (!way)
          throw new Refused(409, 'id', `unit ${unit.id} has no device of its own, or it has not been heard since the server started`);
        if (!outbox.carries(way.door)) throw new Refused(409, 'id', `door ${way.door} of unit ${unit.id} cannot carry a text`);
        const broken = outbox.rule(way.door, text);
        if (broken) throw new Refused(400, 'text', broken);
        const message = `m-${randomBytes(8).toString('hex')}`;
        const about = { unit: unit.id, area: unit.area, message };
        // written down before it is sent
        await ledger.append(actor.id, () => [{ kind: 'unit.messaged', body: { ...about, text, door: way.door } }]);
        const result = await outbox.send(way.door, way.device, text, message);
        const [entry] = await ledger.append(unit.id, () => [{ kind: 'unit.message-answered', body: { ...about, result } }]);
        return { json: { message, door: way.door, result, seq: entry!.seq } };
      },
    }),
    route({
      ...of,
      method: 'get',
      path: '/api/v1/units/{id}/contact',
      summary: 'Name and telephone number of who carries a unit, to call',
      description: 'Every reading is an entry of the ledger (`person.read`): who, whose and as which unit.',
      answers: {
        200: { what: 'the person', json: z.object({ name: z.string(), tel: z.string().nullable() }) },
        404: { what: 'no such unit, or nobody is registered for it' },
      },
      async handle({ actor, params }) {
        const unit = unitFor(actor, params.id);
        const [known] = unit.person === undefined ? [] : await store.getPeople([unit.person]);
        if (!known) throw new Refused(404, 'person', `nobody is registered for unit ${unit.id}`);
        // written down before it is told
        await ledger.append(actor.id, () => [{ kind: 'person.read', body: { person: known.id, unit: unit.id } }]);
        return { json: { name: known.name, tel: known.tel } };
      },
    }),
  ];
}
