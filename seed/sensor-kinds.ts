import type { CentreInput, Priority } from '../model/centre.ts';

type Kind = CentreInput['sensorKinds'][number];
type Text = Kind['name'];
/** 安全 环境 设施 照护 交通: as the matrix of devices lists them. */
export const sensorGroups = ['安全', '环境', '设施', '照护', '交通'] as const;

const text = (zh: string, en: string): Text => ({ zh, en });
const states = (...names: Text[]): NonNullable<Kind['states']> => names.map((name, value) => ({ value, name }));

/** A kind that measures. `range` is what its sensor can say at all: a reading outside is a fault of the line, not of the street. */
function gauge(
  code: string,
  name: Text,
  group: (typeof sensorGroups)[number],
  [unit, min, max]: readonly [string, number, number],
  intervalS: number,
  alarm: Text,
  priority: Priority,
  simple: Pick<Kind, 'high' | 'low' | 'deadband' | 'measures'> = {},
): Kind {
  return { code, name, alarm, group, unit, range: { min, max }, intervalS, priority, ...simple };
}
/** A kind that says in which of its states it is; a change is told at once, the interval is its heartbeat. */
function contact(
  code: string,
  name: Text,
  group: (typeof sensorGroups)[number],
  names: readonly Text[],
  intervalS: number,
  alarm: Text,
  priority: Priority,
): Kind {
  return { code, name, alarm, group, unit: '', states: states(...names), intervalS, priority };
}

/** States of a lift (电梯) as its monitoring box tells them. */
export const lift = { running: 0, service: 1, stopped: 2, trapped: 3, noPower: 4 } as const;

/**
 * What the street measures. Some kinds carry their one simple limit themselves, as a small centre would write it; what needs two
 * levels, delays, hours or two sensors at once is a rule of its own (alarm-rules.ts).
 */
export const sensorKinds: CentreInput['sensorKinds'] = [
  gauge('smoke', text('烟感', 'Smoke detector'), '安全', ['dB/m', 0, 5], 60, text('烟感报警', 'Smoke'), 2),
  gauge('gas', text('可燃气体', 'Combustible gas'), '安全', ['%LEL', 0, 100], 30, text('可燃气体超限', 'Combustible gas high'), 2),
  gauge('thermal', text('易燃棚热成像', 'Thermal camera of a shed'), '安全', ['℃', -20, 350], 30, text('易燃棚高温', 'Shed hot'), 2),
  gauge(
    'charge-sockets',
    text('充电棚插座', 'Charging sockets in use'),
    '安全',
    ['个', 0, 60],
    60,
    text('充电插座已满', 'Sockets all taken'),
    4,
    { measures: 'occupied' },
  ),
  gauge('charge-load', text('充电棚负荷', 'Charging load'), '安全', ['kW', 0, 60], 30, text('充电负荷偏高', 'Charging load high'), 3),
  gauge(
    'charge-temp',
    text('充电棚温度', 'Charging shed temperature'),
    '安全',
    ['℃', -20, 200],
    30,
    text('充电棚高温', 'Charging shed hot'),
    2,
  ),
  gauge('water-level', text('河道水位', 'River level'), '环境', ['m', 0, 6], 30, text('河道水位偏高', 'River level high'), 3),
  gauge('noise', text('噪声', 'Noise'), '环境', ['dB(A)', 20, 140], 10, text('噪声超限', 'Noise high'), 3),
  gauge('air', text('扬尘监测', 'Dust (PM10)'), '环境', ['µg/m³', 0, 1000], 60, text('扬尘超标', 'PM10 high'), 3, {
    high: 150,
    deadband: 10,
  }),
  gauge('manhole', text('智能井盖', 'Manhole cover'), '设施', ['°', 0, 90], 120, text('井盖倾斜', 'Manhole cover tilted'), 2, {
    high: 15,
    deadband: 3,
  }),
  gauge('lamp', text('路灯', 'Street lamp'), '设施', ['V', 0, 300], 120, text('路灯欠压', 'Street lamp undervoltage'), 4, {
    low: 190,
    deadband: 5,
  }),
  contact(
    'lift',
    text('电梯', 'Lift'),
    '设施',
    [
      text('运行', 'Running'),
      text('检修', 'In service'),
      text('停梯', 'Stopped'),
      text('困人', 'Someone inside'),
      text('断电', 'No power'),
    ],
    60,
    text('电梯停梯', 'Lift stopped'),
    3,
  ),
  gauge('bin', text('垃圾箱房', 'Refuse room'), '设施', ['%', 0, 100], 300, text('垃圾满溢', 'Refuse overflowing'), 4, {
    high: 90,
    deadband: 10,
  }),
  contact(
    'machine',
    text('自助设备', 'Self-service machine'),
    '设施',
    [text('停机', 'Down'), text('可用', 'Up')],
    120,
    text('自助设备停机', 'Machine down'),
    4,
  ),
  contact('sos', text('SOS 按钮', 'SOS button'), '照护', [text('待命', 'Ready'), text('按下', 'Pressed')], 300, text('紧急呼救', 'SOS'), 1),
  gauge(
    'activity',
    text('独居活动', 'Activity of someone living alone'),
    '照护',
    ['min', 0, 10_080],
    300,
    text('长时间无活动', 'No movement'),
    2,
  ),
  contact(
    'door',
    text('门磁', 'Door contact'),
    '照护',
    [text('关', 'Closed'), text('开', 'Open')],
    120,
    text('门未关', 'Door left open'),
    4,
  ),
  gauge('crowd', text('人流计数', 'Crowd count'), '交通', ['人', 0, 20_000], 60, text('人流密集', 'Crowded'), 3),
  gauge('parking', text('停车占用', 'Parking occupancy'), '交通', ['个', 0, 5000], 120, text('车位将满', 'Car park nearly full'), 4, {
    measures: 'occupied',
  }),
];
