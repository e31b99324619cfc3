import { chengduLevels } from '../model/area.ts';
import { type Centre, type CentreInput, type SensorKind, zCentre } from '../model/centre.ts';
import { calendar } from './calendar.ts';
import { categories, departments } from './categories.ts';
import { matterOf } from './matters.ts';
import { STREET } from './street/plan.ts';

const sensorKinds: CentreInput['sensorKinds'] = [
  {
    code: 'smoke',
    name: { zh: '烟感', en: 'Smoke detector' },
    alarm: { zh: '烟感报警', en: 'Smoke' },
    unit: 'dB/m',
    high: 0.1,
    deadband: 0.03,
    priority: 2,
    intervalS: 60,
  },
  {
    code: 'gas',
    name: { zh: '可燃气体', en: 'Combustible gas' },
    alarm: { zh: '可燃气体超限', en: 'Combustible gas high' },
    unit: '%LEL',
    high: 10,
    deadband: 2,
    priority: 1,
    intervalS: 30,
  },
  {
    code: 'water-level',
    name: { zh: '河道水位', en: 'River level' },
    alarm: { zh: '河道水位偏高', en: 'River level high' },
    unit: 'm',
    high: 0.8,
    deadband: 0.05,
    priority: 3,
    intervalS: 30,
  },
  {
    code: 'manhole',
    name: { zh: '智能井盖', en: 'Manhole cover' },
    alarm: { zh: '井盖倾斜', en: 'Manhole cover tilted' },
    unit: '°',
    high: 15,
    deadband: 3,
    priority: 2,
    intervalS: 120,
  },
  {
    code: 'noise',
    name: { zh: '噪声', en: 'Noise' },
    alarm: { zh: '噪声超限', en: 'Noise high' },
    unit: 'dB(A)',
    high: 70,
    deadband: 3,
    priority: 3,
    intervalS: 10,
  },
  {
    code: 'charging',
    name: { zh: '充电棚', en: 'E-bike charging shed' },
    alarm: { zh: '充电棚高温', en: 'Charging shed hot' },
    unit: '℃',
    high: 60,
    deadband: 5,
    priority: 2,
    intervalS: 30,
  },
  {
    code: 'lamp',
    name: { zh: '路灯', en: 'Street lamp' },
    alarm: { zh: '路灯欠压', en: 'Street lamp undervoltage' },
    unit: 'V',
    low: 190,
    deadband: 5,
    priority: 4,
    intervalS: 120,
  },
  {
    code: 'lift',
    name: { zh: '电梯', en: 'Lift' },
    alarm: { zh: '电梯平层偏差', en: 'Lift levelling error' },
    unit: 'mm',
    high: 30,
    deadband: 8,
    priority: 2,
    intervalS: 30,
  },
  {
    code: 'bin',
    name: { zh: '垃圾箱房', en: 'Refuse room' },
    alarm: { zh: '垃圾满溢', en: 'Refuse overflowing' },
    unit: '%',
    high: 90,
    deadband: 10,
    priority: 4,
    intervalS: 300,
  },
  {
    code: 'air',
    name: { zh: '空气站', en: 'Air station' },
    alarm: { zh: '颗粒物超标', en: 'PM2.5 high' },
    unit: 'µg/m³',
    high: 150,
    deadband: 10,
    priority: 3,
    intervalS: 60,
  },
];

/** The demonstration centre. Its boundaries are drawn, not surveyed, and the map says so. */
export const demoCentre: CentreInput = {
  code: STREET.code,
  name: { zh: STREET.name, en: 'Xiaojiahe Subdistrict' },
  boundaryNote: '演示边界',
  levels: [...chengduLevels],
  utcOffsetMinutes: 480,
  // the trades that are sent to a matter of each kind
  categories: categories.map((c) => ({ ...c, roles: [...matterOf(c.code).roles] })),
  sensorKinds,
  departments,
  calendar,
  whistle: { minutes: { daily: 24 * 60, tough: 120, urgent: 10 } },
  // a matter of the first priority that is overdue is the street's at once; others climb level by level
  escalation: { everyMinutes: 30, top: { zh: '区', en: 'District' }, startAt: { '1': 'street' } },
};

/** The same with every default filled in, as the rules want it. */
export const demoParsed: Centre = zCentre.parse(demoCentre);
export const demoKinds: ReadonlyMap<string, SensorKind> = new Map(demoParsed.sensorKinds.map((k) => [k.code, k]));
