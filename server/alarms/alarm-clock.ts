import { type Alarm, hidden } from '../../model/alarm.ts';
import { ruleForSensor, ruleOfAlarm } from '../../model/alarm-rules.ts';
import { alarmSource } from '../../model/alarm-source.ts';
import { raisedFacts } from '../../model/alarm-step.ts';
import type { Fact } from '../../model/ledger.ts';
import type { World } from '../../model/world.ts';

/** When an alarm next asks for something by itself: its shelf ends, or it was acknowledged so long ago that it asks again; null = never. */
export function alarmMoment(world: World, alarm: Alarm): number | null {
  const moments = [alarm.shelf?.until, reAlarmAt(world, alarm)].filter((m) => m !== undefined && m !== null);
  return moments.length ? Math.min(...moments) : null;
}

function reAlarmAt(world: World, alarm: Alarm): number | null {
  if (!alarm.active || !alarm.acked || hidden.has(alarm.state)) return null;
  const minutes = ruleOfAlarm(world, alarm.id)?.reAlarmMinutes ?? null;
  return minutes === null ? null : (alarm.ackedBy?.at ?? alarm.changedAt) + minutes * 60_000;
}

/** What is due of these alarms at `now`, by the newest world: nothing of those that somebody saw to meanwhile. */
export function alarmClockFacts(world: World, ids: readonly string[], now: number): Fact[] {
  return ids.flatMap((id): Fact[] => {
    const alarm = world.alarms.get(id);
    if (!alarm) return [];
    if (alarm.shelf && alarm.shelf.until <= now) return [{ kind: 'alarm.unshelved', body: { alarm: id } }];
    const again = reAlarmAt(world, alarm);
    const [rule, source] = [ruleOfAlarm(world, id), alarmSource(world, alarm.sensor)];
    if (again === null || again > now || !rule || !source) return [];
    const held = ruleForSensor(world, rule, { id: source.id, area: alarm.area });
    const sensor = { id: source.id, lngLat: source.lngLat ?? alarm.lngLat };
    return raisedFacts(world, held, { sensor, area: alarm.area, value: alarm.value, at: alarm.first.at }, true);
  });
}

/** The moments of all alarms that have one, looked through only when the earliest has come. */
export class AlarmClock {
  private readonly moments = new Map<string, number>();
  private earliest = Number.POSITIVE_INFINITY;

  lookAt(world: World, id: string) {
    const alarm = world.alarms.get(id);
    const moment = alarm ? alarmMoment(world, alarm) : null;
    if (moment === null) this.moments.delete(id);
    else {
      this.moments.set(id, moment);
      this.earliest = Math.min(this.earliest, moment);
    }
  }
  lookAtAll(world: World) {
    this.moments.clear();
    this.earliest = Number.POSITIVE_INFINITY;
    for (const id of world.alarms.keys()) this.lookAt(world, id);
  }
  due(now: number): string[] {
    if (this.earliest > now) return [];
    const due: string[] = [];
    this.earliest = Number.POSITIVE_INFINITY;
    for (const [id, moment] of this.moments) {
      if (moment <= now) due.push(id);
      else if (moment < this.earliest) this.earliest = moment;
    }
    return due;
  }
  /** These could not be written: ask again. */
  retry(at: number) {
    this.earliest = Math.min(this.earliest, at);
  }
}
