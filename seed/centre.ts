import { chengduLevels } from '../model/area.ts';
import { type Centre, type CentreInput, type SensorKind, zCentre } from '../model/centre.ts';
import { calendar } from './calendar.ts';
import { careKinds } from './care-kinds.ts';
import { categories, departments } from './categories.ts';
import { matterOf } from './matters.ts';
import { demoPatrol } from './patrol.ts';
import { sensorKinds } from './sensor-kinds.ts';
import { STREET } from './street/plan.ts';

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
  careKinds,
  ...demoPatrol,
  departments,
  calendar,
  whistle: { minutes: { daily: 24 * 60, tough: 120, urgent: 10 } },
  // a matter of the first priority that is overdue is the street's at once; others climb level by level
  escalation: { everyMinutes: 30, top: { zh: '区', en: 'District' }, startAt: { '1': 'street' } },
};

/** The same with every default filled in, as the rules want it. */
export const demoParsed: Centre = zCentre.parse(demoCentre);
export const demoKinds: ReadonlyMap<string, SensorKind> = new Map(demoParsed.sensorKinds.map((k) => [k.code, k]));
