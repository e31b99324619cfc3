import { z } from 'zod';
import type { Role } from '../../model/access.ts';
import { zId } from '../../model/fields.ts';
import type { EntryBody } from '../../model/ledger.ts';
import { incidentOf } from '../../model/world.ts';
import { mustBeAllowed } from '../commands.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { Refused } from '../refused.ts';
import type { Store } from '../store/store.ts';
import { type Route, route } from './route.ts';

interface Parts {
  readonly ledger: Ledger;
  readonly store: Pick<Store, 'readEntries' | 'getPeople'>;
}
/** Who calls back. */
const desk: ReadonlySet<Role> = new Set<Role>(['operator', 'supervisor']);

/** Callers by name and number: not shown, but told to who must call them back, and written down. */
export function peopleRoutes({ ledger, store }: Parts): Route[] {
  /** Where the incident lies and who reported it; of one that ended long ago, from the ledger. */
  async function reportOf(incident: string) {
    const held = incidentOf(ledger.world, incident);
    if (held) return held;
    const [row] = await store.readEntries({ subject: incident, kinds: ['incident.reported'], limit: 1 });
    return row && (JSON.parse(row.body) as EntryBody<'incident.reported'>);
  }

  return [
    route({
      method: 'post',
      path: '/api/v1/people/{id}/contact',
      tag: 'operators',
      summary: 'Name and telephone number of the caller of an incident, to call back',
      description: 'Every reading is an entry of the ledger (`person.read`): who, whose and on account of which incident.',
      params: z.object({ id: zId }),
      body: z.object({ incident: zId }),
      answers: {
        200: {
          what: 'the caller; an anonymous one has no name',
          json: z.object({ id: z.string(), name: z.string(), tel: z.string().nullable(), seq: z.number().int() }),
        },
        404: { what: 'not the caller of that incident' },
      },
      async handle({ actor, params, body }) {
        const report = await reportOf(body.incident);
        mustBeAllowed(actor, 'read-people', report?.area ?? null, ledger.world);
        if (!desk.has(actor.role)) throw new Refused(403, 'actor', `role ${actor.role} may not read telephone numbers`);
        const known = report?.reporter === params.id ? await store.getPeople([params.id]) : [];
        if (!known[0]) throw new Refused(404, 'id', `not the caller of incident ${body.incident}`);
        // written down before it is told
        const [entry] = await ledger.append(actor.id, () => [
          { kind: 'person.read', body: { person: params.id, incident: body.incident } },
        ]);
        const { id, name, tel } = known[0];
        return { json: { id, name, tel, seq: entry!.seq } };
      },
    }),
  ];
}
