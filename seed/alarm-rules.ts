import type { z } from 'zod';
import { type AlarmRule, zAlarmRule } from '../model/alarm-rule.ts';
import type { AreaCode } from '../model/brand.ts';
import type { DemoSensor } from './devices.ts';
import type { DemoFacility } from './facilities.ts';
import { lift } from './sensor-kinds.ts';
import { communities } from './street/plan.ts';

type Rule = z.input<typeof zAlarmRule>;
const name = (zh: string, en: string): Rule['name'] => ({ zh, en });
const night: Rule['hours'] = [{ from: '22:00', to: '06:00' }];

/** 兴蓉: its bank is low. */
const riverside = communities[1].code as AreaCode;

/**
 * 告警规则 of the demonstration street. Priorities come from consequence and the time to respond (ISA-18.2), except where the
 * law of the thing says otherwise. Limits are the demonstration's; sources of real ones are a centre's own.
 */
const rules: readonly Rule[] = [
  {
    kind: 'smoke',
    code: 'high',
    name: name('烟感报警', 'Smoke'),
    test: { is: 'high', limit: 0.1, deadband: 0.03 },
    onDelayS: 5,
    offDelayS: 60,
    consequence: 'major',
    respondMinutes: 10,
    latch: true,
    suppressedWhile: 'high-high',
  },
  {
    kind: 'smoke',
    code: 'high-high',
    name: name('烟感浓烟', 'Dense smoke'),
    test: { is: 'high', limit: 0.4, deadband: 0.1 },
    offDelayS: 60,
    consequence: 'severe',
    respondMinutes: 5,
    latch: true,
    reAlarmMinutes: 15,
    incident: 'fire-alarm',
  },
  {
    kind: 'smoke',
    code: 'no-data',
    name: name('烟感失联', 'Smoke detector silent'),
    test: { is: 'no-data', intervals: 10 },
    consequence: 'minor',
    respondMinutes: 240,
    shelveMaxMinutes: 3 * 1440,
  },
  {
    kind: 'gas',
    code: 'high',
    name: name('可燃气体超限', 'Combustible gas high'),
    test: { is: 'high', limit: 10, deadband: 2 },
    offDelayS: 30,
    consequence: 'major',
    respondMinutes: 20,
    reAlarmMinutes: 30,
    suppressedWhile: 'high-high',
  },
  {
    kind: 'gas',
    code: 'high-high',
    name: name('可燃气体严重超限', 'Combustible gas very high'),
    test: { is: 'high', limit: 20, deadband: 3 },
    offDelayS: 30,
    consequence: 'severe',
    respondMinutes: 5,
    reAlarmMinutes: 15,
    shelveMaxMinutes: 60,
    incident: 'gas-over',
  },
  {
    kind: 'gas',
    code: 'no-data',
    name: name('燃气探测器失联', 'Gas detector silent'),
    test: { is: 'no-data', intervals: 10 },
    consequence: 'minor',
    respondMinutes: 120,
    shelveMaxMinutes: 3 * 1440,
  },
  {
    kind: 'thermal',
    code: 'high',
    name: name('易燃棚高温', 'Shed hot'),
    test: { is: 'high', limit: 70, deadband: 8 },
    onDelayS: 30,
    consequence: 'major',
    respondMinutes: 20,
  },
  {
    kind: 'charge-sockets',
    code: 'full',
    name: name('充电插座已满', 'Sockets all taken'),
    test: { is: 'high', limit: 20, deadband: 1 },
    onDelayS: 600,
    offDelayS: 120,
    consequence: 'minor',
    respondMinutes: 240,
  },
  {
    kind: 'charge-load',
    code: 'high',
    name: name('充电负荷偏高', 'Charging load high'),
    test: { is: 'high', limit: 14, deadband: 1 },
    onDelayS: 60,
    offDelayS: 60,
    consequence: 'major',
    respondMinutes: 60,
    suppressedWhile: 'hot-load',
  },
  {
    kind: 'charge-load',
    code: 'hot-load',
    name: name('充电棚负荷与温度同高', 'Shed hot under load'),
    test: {
      is: 'both',
      here: { is: 'high', limit: 14, deadband: 1 },
      kind: 'charge-temp',
      there: { is: 'high', limit: 60, deadband: 5 },
    },
    onDelayS: 20,
    offDelayS: 60,
    consequence: 'severe',
    respondMinutes: 5,
    reAlarmMinutes: 15,
    incident: 'fire-alarm',
  },
  {
    kind: 'charge-temp',
    code: 'high',
    name: name('充电棚高温', 'Charging shed hot'),
    test: { is: 'high', limit: 60, deadband: 5 },
    onDelayS: 30,
    offDelayS: 60,
    consequence: 'major',
    respondMinutes: 15,
  },
  {
    kind: 'water-level',
    code: 'high',
    name: name('河道水位偏高', 'River level high'),
    test: { is: 'high', limit: 0.8, deadband: 0.05 },
    onDelayS: 60,
    offDelayS: 300,
    consequence: 'major',
    respondMinutes: 60,
    suppressedWhile: 'high-high',
    overrides: [{ area: riverside, limit: 0.75 }],
  },
  {
    kind: 'water-level',
    code: 'high-high',
    name: name('河道水位超警戒', 'River above warning level'),
    test: { is: 'high', limit: 1.2, deadband: 0.1 },
    onDelayS: 30,
    offDelayS: 300,
    consequence: 'major',
    respondMinutes: 30,
    reAlarmMinutes: 30,
  },
  {
    kind: 'water-level',
    code: 'rising',
    name: name('河道水位上涨过快', 'River rising fast'),
    test: { is: 'rate', limit: 0.02, windowS: 600, direction: 'rising' },
    onDelayS: 60,
    offDelayS: 300,
    consequence: 'major',
    respondMinutes: 45,
  },
  {
    kind: 'noise',
    code: 'high',
    name: name('噪声超限', 'Noise high'),
    test: { is: 'high', limit: 70, deadband: 3 },
    onDelayS: 30,
    offDelayS: 60,
    consequence: 'minor',
    respondMinutes: 30,
  },
  {
    kind: 'noise',
    code: 'night',
    name: name('夜间噪声超限', 'Noise at night'),
    test: { is: 'high', limit: 55, deadband: 3 },
    onDelayS: 60,
    offDelayS: 120,
    consequence: 'minor',
    respondMinutes: 30,
    hours: night,
    suppressedWhile: 'high',
  },
  {
    kind: 'lift',
    code: 'trapped',
    name: name('电梯困人', 'Someone trapped in a lift'),
    test: { is: 'state', values: [lift.trapped] },
    consequence: 'severe',
    respondMinutes: 5,
    latch: true,
    shelveMaxMinutes: 30,
    incident: 'lift-trapped',
  },
  {
    kind: 'lift',
    code: 'stopped',
    name: name('电梯停梯', 'Lift stopped'),
    test: { is: 'state', values: [lift.stopped, lift.noPower] },
    onDelayS: 5,
    consequence: 'minor',
    respondMinutes: 30,
    shelveMaxMinutes: 1440,
    suppressedWhile: 'trapped',
  },
  {
    kind: 'machine',
    code: 'down',
    name: name('自助设备停机', 'Machine down'),
    test: { is: 'state', values: [0] },
    onDelayS: 120,
    consequence: 'minor',
    respondMinutes: 240,
    shelveMaxMinutes: 1440,
  },
  {
    kind: 'sos',
    code: 'pressed',
    name: name('紧急呼救', 'SOS'),
    test: { is: 'state', values: [1] },
    consequence: 'severe',
    respondMinutes: 5,
    latch: true,
    shelveMaxMinutes: 30,
    incident: 'sos',
  },
  {
    kind: 'activity',
    code: 'still',
    name: name('长时间无活动', 'No movement'),
    test: { is: 'high', limit: 720 },
    consequence: 'major',
    respondMinutes: 30,
  },
  {
    kind: 'door',
    code: 'night-open',
    name: name('夜间开门', 'Door open at night'),
    test: { is: 'state', values: [1] },
    onDelayS: 180,
    consequence: 'minor',
    respondMinutes: 20,
    hours: night,
  },
  {
    kind: 'door',
    code: 'left-open',
    name: name('门长时间未关', 'Door left open'),
    test: { is: 'state', values: [1] },
    onDelayS: 1800,
    consequence: 'minor',
    respondMinutes: 120,
    hours: [{ from: '06:00', to: '22:00' }],
  },
  {
    kind: 'crowd',
    code: 'high',
    name: name('人流密集', 'Crowded'),
    test: { is: 'high', limit: 800, deadband: 60 },
    onDelayS: 120,
    offDelayS: 120,
    consequence: 'minor',
    respondMinutes: 20,
    suppressedWhile: 'high-high',
  },
  {
    kind: 'crowd',
    code: 'high-high',
    name: name('人流过密', 'Overcrowded'),
    test: { is: 'high', limit: 1300, deadband: 100 },
    onDelayS: 60,
    offDelayS: 120,
    consequence: 'severe',
    respondMinutes: 60,
  },
  {
    kind: 'parking',
    code: 'full',
    name: name('车位将满', 'Car park nearly full'),
    test: { is: 'high', limit: 190, deadband: 4 },
    onDelayS: 300,
    offDelayS: 300,
    consequence: 'minor',
    respondMinutes: 120,
  },
];

/** Car parks and sheds are of different sizes: each has the limit of its own capacity. */
const ofCapacity: Readonly<Record<string, number>> = { 'parking/full': 0.95, 'charge-sockets/full': 1 };

/** The rules with the overrides that the devices of this street ask for; one that hides another comes before it. */
export function alarmRules(sensors: readonly DemoSensor[], facilities: readonly DemoFacility[]): AlarmRule[] {
  const capacity = new Map(facilities.map((f) => [f.id, f.capacity]));
  const frail = sensors.find((s) => s.kind === 'activity');
  const inOrder = [...rules].sort((a, b) => Number(Boolean(a.suppressedWhile)) - Number(Boolean(b.suppressedWhile)));
  return inOrder.map((r) => {
    const share = ofCapacity[`${r.kind}/${r.code}`];
    const own = share === undefined ? [] : sensors.filter((s) => s.kind === r.kind);
    const limits = own.map((s) => ({ sensor: s.id, limit: Math.floor(capacity.get(s.facility!)! * share!) }));
    // someone who has fallen before is asked after sooner
    const sooner = r.code === 'still' && frail ? [{ sensor: frail.id, limit: 480 }] : [];
    return zAlarmRule.parse({ ...r, overrides: [...(r.overrides ?? []), ...limits, ...sooner] });
  });
}
