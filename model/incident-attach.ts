import type { z } from 'zod';
import { type Actor, may } from './access.ts';
import type { Attachment, Incident } from './incident.ts';
import type { zAttachmentFields } from './incident-forms.ts';
import { type Decision, notHeld, refuse } from './incident-step.ts';
import { incidentOf, treeOf, type World } from './world.ts';

/** More than this on one incident is a mistake or a nuisance: every screen holds their list. */
export const MAX_ATTACHMENTS = 40;

/**
 * May this actor attach to the incident, and read the originals of what is attached? A unit or a department on its own incidents
 * only: sent there, called by whistle, or having reported it.
 * @returns the rule against it; null = yes
 */
export function attachRule(world: World, i: Incident, actor: Actor): string | null {
  const allowed = may(actor, 'attach', i.area, treeOf(world));
  if (!allowed.ok) return allowed.rule;
  if (i.marks[0]?.actor === actor.id) return null;
  if (actor.role === 'worker' && !i.crew.some((c) => c.unit === actor.id)) return `incident ${i.id} was not given to unit ${actor.id}`;
  const called = i.department === actor.id || i.whistles.some((w) => w.calls.some((c) => c.department === actor.id));
  return actor.role === 'department' && !called ? `incident ${i.id} was not given to department ${actor.id}` : null;
}

/** A file attached: the fact it becomes. The same file again is no new fact: `again` is the attachment it already is. */
export function decideAttach(
  world: World,
  id: string,
  file: z.output<typeof zAttachmentFields>,
  actor: Actor,
): Decision | { readonly ok: true; readonly facts: readonly []; readonly again: Attachment } {
  const i = incidentOf(world, id);
  if (!i) return notHeld(id);
  const rule = attachRule(world, i, actor);
  if (rule) return refuse(403, 'actor', rule);
  const again = i.attachments.find((a) => a.hash === file.hash);
  if (again) return { ok: true, facts: [], again };
  if (i.attachments.length >= MAX_ATTACHMENTS) return refuse(409, 'incident', `at most ${MAX_ATTACHMENTS} attachments on one incident`);
  return { ok: true, state: i.state, facts: [{ kind: 'incident.attached', body: { incident: id, ...file } }] };
}
