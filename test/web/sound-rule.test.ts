import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../model/alarm.ts';
import { areaCode, epochMs } from '../../model/brand.ts';
import type { World } from '../../model/world.ts';
import { nextTurn, opened, REPEAT_MS, type Sound, type SoundMemory, soundNow, voicesOf } from '../../web/pages/wall/sound-rule.ts';
import { aKind, alarmWorld, anAlarm, aSensor } from '../support/alarm.ts';
import { anIncident } from '../support/incident.ts';

const NOW = 1_800_000_000_000;
const micro = areaCode('510107062007001001');
const sensors = [1, 2, 3, 4].map((n) => aSensor(`s-${n}`, 'gas'));
const world = (alarms: readonly Alarm[], more: Partial<World> = {}): World => ({
  ...alarmWorld({ kinds: [aKind('gas')], sensors, alarms }),
  ...more,
});
const p = (priority: 1 | 2 | 3, n = 1, more = {}) => anAlarm({ sensor: `s-${n}`, priority, area: micro, ...more });
const flood = { surge: { since: epochMs(NOW - 60_000), steps: [[epochMs(NOW - 30_000), 500] as const] } };
const shelf = { kind: 'timed', until: epochMs(NOW + 1), reason: '检修', by: 'op' } as const;

/** What a screen opened on an empty world sounds, one world after another. */
function heard(...steps: readonly { w: World; at?: number; silent?: boolean }[]): Sound[] {
  let memory: SoundMemory = opened(voicesOf(world([]), NOW));
  return steps.map(({ w, at = NOW, silent = false }) => {
    const out = soundNow(memory, voicesOf(w, NOW), at, silent);
    memory = out.memory;
    return out.sound;
  });
}

describe('P1', () => {
  it('sounds at once and every ten seconds until it is acknowledged', () => {
    const w = world([p(1)]);
    expect(
      heard({ w }, { w, at: NOW + 5000 }, { w, at: NOW + REPEAT_MS }, { w: world([p(1, 1, { acked: true })]), at: NOW + 2 * REPEAT_MS }),
    ).toEqual(['p1', null, 'p1', null]);
  });
  it('of another source sounds at once, also between two turns', () => {
    expect(heard({ w: world([p(1)]) }, { w: world([p(1), p(1, 2)]), at: NOW + 3000 })).toEqual(['p1', 'p1']);
  });
  it('keeps its voice in a flood', () => {
    const w = world([p(1), p(1, 2), p(2, 3)], flood);
    expect(voicesOf(w, NOW).p1).toHaveLength(2);
    expect(heard({ w }, { w, at: NOW + REPEAT_MS })).toEqual(['p1', 'p1']);
  });
  it('is heard when a mute ends', () => {
    const w = world([p(1)]);
    expect(heard({ w, silent: true }, { w, at: NOW + 1, silent: true }, { w, at: NOW + 2 })).toEqual([null, null, 'p1']);
  });
});

describe('P2', () => {
  it('sounds once, and again only when it was acknowledged and asks anew', () => {
    const w = world([p(2)]);
    expect(heard({ w }, { w }, { w: world([p(2, 1, { acked: true })]) }, { w })).toEqual(['p2', null, null, 'p2']);
  });
  it('sounds once per group in a flood, whatever joins the group', () => {
    expect(heard({ w: world([p(2), p(2, 2)], flood) }, { w: world([p(2), p(2, 2), p(2, 3)], flood) })).toEqual(['p2', null]);
    expect(heard({ w: world([p(2), p(2, 2)]) }, { w: world([p(2), p(2, 2), p(2, 3)]) })).toEqual(['p2', 'p2']);
  });
  it('that came while nobody could hear it does not sound late', () => {
    const w = world([p(2)]);
    expect(heard({ w, silent: true }, { w })).toEqual([null, null]);
  });
  it('standing when the screen is opened is silent', () => {
    const voices = voicesOf(world([p(2)]), NOW);
    expect(soundNow(opened(voices), voices, NOW, false).sound).toBeNull();
  });
});

describe('silence', () => {
  it('is kept for P3, for what is hidden, and for what has returned', () => {
    const w = world([p(3), p(1, 2, { shelf }), p(1, 3, { suppressedBy: 'x' }), p(1, 4, { outOfService: { reason: '更换', by: 'op' } })]);
    expect(heard({ w }, { w: world([p(1, 1, { active: false })]) })).toEqual([null, null]);
  });
  it('comes with acknowledging, though the incident made of the alarm still waits to be filed', () => {
    const incidents = new Map([['i-1', anIncident({ priority: 1, alarm: 's-1/high' })]]);
    expect(heard({ w: world([p(1, 1, { acked: true })], { incidents }) })).toEqual([null]);
    expect(heard({ w: world([], { incidents: new Map([['i-1', anIncident({ priority: 1 })]]) }) })).toEqual(['p1']);
  });
  it('has no next turn', () => {
    const none = voicesOf(world([]), NOW);
    expect(nextTurn(opened(none), none, NOW)).toBeNull();
    expect(nextTurn({ rangAt: NOW, p1: new Set(), told: new Set() }, voicesOf(world([p(1)]), NOW), NOW + 4000)).toBe(6000);
  });
});
