import type { AreaTree } from './area.ts';
import { type AreaCode, areaCode } from './brand.ts';

/** 值班员 · 主管 · 领导 · 网格员 · 职能部门 · 管理员 · 大屏 · 设备 */
export const roles = ['operator', 'supervisor', 'leader', 'worker', 'department', 'admin', 'screen', 'device'] as const;
export type Role = (typeof roles)[number];

/** The scope that covers a whole centre, whatever its areas are or come to be. */
export const WHOLE_CENTRE = areaCode('');

/** Who is asking. `area`: the place whose subtree the actor's rights cover, or `WHOLE_CENTRE`. */
export interface Actor {
  readonly id: string;
  readonly role: Role;
  readonly area: AreaCode;
}

export type Action =
  | 'watch' // see the world and its stream
  | 'report' // hand in an incident, a position, a reading
  | 'file' // file, decline, merge
  | 'dispatch' // send units and departments, escalate
  | 'work' // what is done on the street: accept, arrive, handle, mediate, note, return
  | 'verify'
  | 'close' // close, rate, reopen
  | 'suspend' // 挂账 and back
  | 'approve' // extensions, voiding
  | 'whistle' // call departments, urge, release and rate them
  | 'answer-whistle' // a called department's own answer
  | 'attach' // photos, recordings, documents
  | 'acknowledge' // an alarm; comment on it, reset it
  | 'shelve' // 搁置 an alarm for a time
  | 'maintain' // take an alarm out of service and back
  | 'edit-rules' // the rules that raise alarms
  | 'view-camera' // live pictures
  | 'inspect-doors' // what the doors refused, with its beginnings
  | 'message' // a unit: call it, write to its device
  | 'care' // 走访: record a visit to a person, see who is due
  | 'bind-devices' // which device is which unit, what waits, what was quarantined
  | 'export-history' // clips and tracks leave the house
  | 'register' // units, sensors, cameras, duties
  | 'configure' // the centre, boundaries, basemap
  | 'read-people' // names of staff from the vault
  | 'administer'; // accounts

const desk: readonly Action[] = [
  'watch',
  'report',
  'file',
  'dispatch',
  'work',
  'verify',
  'close',
  'suspend',
  'whistle',
  'answer-whistle',
  'attach',
  'acknowledge',
  'shelve',
  'view-camera',
  'read-people',
  'message',
  'care',
  'export-history',
];
const rights: Record<Role, ReadonlySet<Action>> = {
  operator: new Set<Action>(desk),
  supervisor: new Set<Action>([...desk, 'approve', 'maintain', 'edit-rules', 'inspect-doors', 'bind-devices']),
  leader: new Set<Action>(['watch', 'read-people']),
  worker: new Set<Action>(['watch', 'report', 'work', 'attach', 'care']),
  department: new Set<Action>(['watch', 'work', 'answer-whistle', 'attach']),
  admin: new Set<Action>([
    'watch',
    'report',
    'register',
    'configure',
    'maintain',
    'edit-rules',
    'inspect-doors',
    'bind-devices',
    'read-people',
    'administer',
  ]),
  screen: new Set<Action>(['watch']),
  device: new Set<Action>(['report']),
};

export type Verdict = { ok: true } | { ok: false; rule: string };

/**
 * The one gate. `area` is where the thing acted upon lies; null = outside every area. That is covered by `WHOLE_CENTRE` and, in
 * a centre of one street, by that street. Before a centre has any area (an empty start) every scope covers everything.
 */
export function may(actor: Actor, action: Action, area: AreaCode | null, tree: AreaTree): Verdict {
  if (!rights[actor.role].has(action)) return { ok: false, rule: `role ${actor.role} may not ${action}` };
  const roots = tree.children(null);
  if (actor.area === WHOLE_CENTRE || roots.length === 0 || (roots.length === 1 && actor.area === roots[0]?.code)) return { ok: true };
  if (area !== null && tree.isWithin(area, actor.area)) return { ok: true };
  return { ok: false, rule: `outside the actor's area ${actor.area}` };
}
