import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, type Actor, may, type Role, roles, WHOLE_CENTRE } from '../../model/access.ts';
import { areaTree } from '../../model/area.ts';
import { areaCode } from '../../model/brand.ts';
import { areas } from '../support/facts.ts';

const tree = areaTree(new Map(areas.map((a) => [a.code, a])));
const root = areaCode('510107062');
const actor = (role: Role, area = root): Actor => ({ id: 'a', role, area });

const actions = [
  'watch',
  'report',
  'file',
  'dispatch',
  'work',
  'verify',
  'close',
  'suspend',
  'approve',
  'whistle',
  'answer-whistle',
  'attach',
  'acknowledge',
  'register',
  'configure',
  'read-people',
  'administer',
] as const satisfies Action[];
/** Who may do what, read by a person: one letter an action, in the order above. */
const matrix: Record<Role, string> = {
  operator: /*   */ 'yyyyyyyy-yyyy--y-',
  supervisor: /* */ 'yyyyyyyyyyyyy--y-',
  leader: /*     */ 'y--------------y-',
  worker: /*     */ 'yy--y------y-----',
  department: /* */ 'y---y-----yy-----',
  admin: /*      */ 'yy-----------yyyy',
  screen: /*     */ 'y----------------',
  device: /*     */ '-y---------------',
};

describe('may', () => {
  it.each(roles.flatMap((role) => actions.map((action, i) => [role, action, matrix[role][i] === 'y'] as const)))(
    '%s %s: %s',
    (role, action, allowed) => {
      const verdict = may(actor(role), action, areaCode('510107062007001001'), tree);
      expect(verdict.ok).toBe(allowed);
      if (!verdict.ok) expect(verdict.rule).toBe(`role ${role} may not ${action}`);
    },
  );

  it('never reaches outside the actor’s own place', () => {
    const arbArea = fc.constantFrom(...areas.map((a) => a.code));
    fc.assert(
      fc.property(fc.constantFrom(...roles), fc.constantFrom(...actions), arbArea, fc.option(arbArea), (role, action, scope, target) => {
        const inside = scope === root || Boolean(target?.startsWith(scope));
        expect(may(actor(role, scope), action, target, tree).ok).toBe(matrix[role][actions.indexOf(action)] === 'y' && inside);
      }),
    );
    expect(may(actor('operator', areaCode('510107062008')), 'file', areaCode('510107062007'), tree)).toEqual({
      ok: false,
      rule: "outside the actor's area 510107062008",
    });
  });

  it('gives what lies outside every area only to those who answer for the whole', () => {
    expect(may(actor('operator'), 'file', null, tree).ok).toBe(true);
    expect(may(actor('operator', areaCode('510107062007')), 'file', null, tree).ok).toBe(false);
    expect(may(actor('operator', areaCode('510107062007')), 'file', areaCode('unknown'), tree).ok).toBe(false);
  });

  it('in a centre of several streets nobody of one street reaches another; the whole-centre scope reaches all', () => {
    const streets = areas.filter((a) => a.parent === null).concat({ ...areas[0]!, code: areaCode('510107063'), parent: null });
    const two = areaTree(new Map(streets.map((a) => [a.code, a])));
    expect(may(actor('operator'), 'file', areaCode('510107063'), two).ok).toBe(false);
    expect(may(actor('operator'), 'file', root, two).ok).toBe(true);
    expect(may(actor('operator', WHOLE_CENTRE), 'file', areaCode('510107063'), two).ok).toBe(true);
    expect(may(actor('leader', WHOLE_CENTRE), 'file', root, two).ok).toBe(false);
  });

  it('still asks for the role before there are any areas', () => {
    const empty = areaTree(new Map());
    expect(may(actor('admin'), 'configure', null, empty).ok).toBe(true);
    expect(may(actor('screen'), 'configure', null, empty).ok).toBe(false);
  });
});
