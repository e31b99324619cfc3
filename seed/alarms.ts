import { alarmId } from '../model/alarm.ts';
import { demoKinds } from './centre.ts';
import type { DemoSensor } from './devices.ts';
import { between, intBetween, pick, type Rng } from './rng.ts';
import type { PastFact } from './story.ts';

const MINUTE = 60_000;

/** What a sensor in alarm reads: beyond its limit by a believable part. */
export function beyondLimit(kind: string, r: Rng): { value: number; limit: number; rule: 'high' | 'low'; priority: number } {
  const k = demoKinds.get(kind);
  if (!k) throw new RangeError(`no sensor kind ${kind}`);
  const rule = k.high !== undefined ? 'high' : 'low';
  const limit = k.high ?? k.low!;
  const raw = rule === 'high' ? limit * between(r, 1.02, 1.35) : limit * between(r, 0.86, 0.98);
  return { value: Number((k.unit === '%' ? Math.min(100, raw) : raw).toPrecision(3)), limit, rule, priority: k.priority };
}

export function raise(s: DemoSensor, at: number, r: Rng): PastFact {
  const { rule, value, limit, priority } = beyondLimit(s.kind, r);
  return {
    at,
    kind: 'alarm.raised',
    body: {
      alarm: alarmId(s.id, rule),
      sensor: s.id,
      rule,
      priority,
      value,
      limit,
      at: Math.round(at - 800),
      lngLat: s.lngLat,
      area: s.area,
    },
  };
}

/** Some fifty alarms a day, each acknowledged and cleared before `until`. */
export function alarmsOf(sensors: readonly DemoSensor[], r: Rng, moment: () => number, until: number): PastFact[] {
  const out: PastFact[] = [];
  const used = new Set<string>();
  const count = intBetween(r, 48, 64);
  for (let n = 0; n < count; n++) {
    const s = pick(r, sensors);
    const at = moment();
    const acked = at + between(r, 0.4, 6) * MINUTE;
    const cleared = acked + between(r, 4, 30) * MINUTE;
    const value = Number((beyondLimit(s.kind, r).limit * (s.kind === 'lamp' ? 1.12 : 0.5)).toPrecision(3));
    if (cleared > until || used.has(s.id)) continue;
    used.add(s.id);
    const up = raise(s, at, r);
    const alarm = up.body.alarm;
    out.push(
      up,
      { at: acked, kind: 'alarm.acknowledged', body: { alarm } },
      { at: cleared, kind: 'alarm.cleared', body: { alarm, value, at: Math.round(cleared - 700) } },
    );
  }
  return out;
}
