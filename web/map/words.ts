import type { SensorKind } from '../../model/centre.ts';
import type { UnitRole } from '../../model/ledger.ts';
import type { Language } from '../i18n/language.ts';

/** What the map itself writes. Names of places, kinds and matters come with the data. */
interface Words {
  readonly map: string;
  readonly open: (n: number) => string;
  readonly left: string;
  readonly over: string;
  readonly stopped: string;
  readonly households: (n: number) => string;
  readonly density: (value: string) => string;
  readonly roles: Readonly<Record<UnitRole, string>>;
  readonly ago: (seconds: number) => string;
  readonly none: string;
  readonly offline: string;
  readonly camera: string;
  readonly many: (n: number) => string;
  readonly alarms: (n: number) => string;
  readonly noWebGl: string;
  readonly failed: (reason: string) => string;
}

const zh: Words = {
  map: '街道地图，方向键移动，加减号缩放',
  open: (n) => `在办 ${n}`,
  left: '剩',
  over: '超时',
  stopped: '已停',
  households: (n) => `${n} 户`,
  density: (v) => `${v} 件/百户`,
  roles: { grid: '网格员', police: '社区民警', fire: '消防', urban: '城管', volunteer: '志愿者', medical: '医疗' },
  ago: (s) => (s < 60 ? `${Math.round(s)} 秒前` : s < 3600 ? `${Math.round(s / 60)} 分前` : `${Math.round(s / 3600)} 时前`),
  none: '无读数',
  offline: '离线',
  camera: '视频',
  many: (n) => `${n} 件`,
  alarms: (n) => `${n} 条告警`,
  noWebGl: '本机浏览器不支持 WebGL 2，地图无法显示；其余功能照常',
  failed: (reason) => `地图出错，其余功能照常：${reason}`,
};

const en: Words = {
  map: 'Map of the subdistrict; arrow keys pan, plus and minus zoom',
  open: (n) => `${n} open`,
  left: 'left',
  over: 'overdue',
  stopped: 'stopped',
  households: (n) => `${n} households`,
  density: (v) => `${v} per 100 households`,
  roles: { grid: 'Grid worker', police: 'Police', fire: 'Fire', urban: 'City management', volunteer: 'Volunteer', medical: 'Medical' },
  ago: (s) => (s < 60 ? `${Math.round(s)} s ago` : s < 3600 ? `${Math.round(s / 60)} min ago` : `${Math.round(s / 3600)} h ago`),
  none: 'no reading',
  offline: 'offline',
  camera: 'Camera',
  many: (n) => `${n} incidents`,
  alarms: (n) => `${n} alarms`,
  noWebGl: 'This browser has no WebGL 2, so the map cannot be shown; all else works',
  failed: (reason) => `The map failed, all else works: ${reason}`,
};

export const words = (language: Language): Words => (language === 'en' ? en : zh);

/** `18:12` below an hour, `1:12:08` above; the sign is left to the word before it. */
export function duration(ms: number): string {
  const s = Math.floor(Math.abs(ms) / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const h = Math.floor(s / 3600);
  return h > 0 ? `${h}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
}

export const reading = (kind: SensorKind | undefined, value: number) =>
  `${Number.isInteger(value) ? value : value.toFixed(Math.abs(value) < 10 ? 2 : 1)}${kind?.unit ? ` ${kind.unit}` : ''}`;

/** `640 m`, from a kilometre on `1.24 km`. */
export const metresText = (metres: number) => (metres < 999.5 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(2)} km`);
