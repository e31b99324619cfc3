import type { Line } from './arrange.ts';
import type { Way, WayClass } from './mesh.ts';
import { type Pt, smooth } from './plane.ts';

export const STREET = { code: '510107062', name: '肖家河街道' } as const;

/**
 * The seven communities with their national statistical codes (2023 edition). `seed`: a point inside, on the plan sheet.
 * `grids`: how many general grids it is divided into.
 */
export const communities = [
  { code: '510107062001', name: '永丰', seed: [820, 190], grids: 7 },
  { code: '510107062003', name: '兴蓉', seed: [1320, 290], grids: 5 },
  { code: '510107062004', name: '正街', seed: [1080, 200], grids: 6 },
  { code: '510107062005', name: '科园', seed: [1180, 570], grids: 6 },
  { code: '510107062006', name: '新北', seed: [700, 350], grids: 6 },
  { code: '510107062007', name: '新盛', seed: [960, 480], grids: 5 },
  { code: '510107062008', name: '新光', seed: [870, 670], grids: 7 },
] as const;

/** The plan sheet: 2.6 m to a unit, x right, y down, its middle on the heart of the street. */
export const SCALE = 2.6;
const MIDDLE: Pt = [965, 420];
export const sheet = ([x, y]: Pt): Pt => [(x - MIDDLE[0]) * SCALE, (MIDDLE[1] - y) * SCALE];

interface Stroke {
  readonly name: string;
  readonly class: WayClass;
  readonly border?: true;
  readonly points: readonly Pt[];
}

/** The sheet's edge: the surroundings end here, about 1.5 km beyond the street. */
export const FRAME = { x0: -20, x1: 1980, y0: -520, y1: 1380 } as const;

/**
 * Main roads and waters as drawn on the plan sheet. The names of the street's own roads are those of the neighbourhood;
 * their courses, like everything here, are invented.
 */
const strokes: readonly Stroke[] = [
  {
    name: '二环路南四段',
    class: 'ring',
    border: true,
    points: [
      [-80, -500],
      [120, -330],
      [300, -175],
      [489, -12],
      [793, 269],
      [833, 293],
      [934, 338],
      [1027, 390],
      [1077, 412],
      [1139, 428],
      [1265, 447],
      [1470, 510],
      [1587, 532],
      [1738, 541],
      [1812, 536],
      [2040, 500],
    ],
  },
  {
    name: '永丰路',
    class: 'main',
    border: true,
    points: [
      [1330, -560],
      [1230, -330],
      [1150, -160],
      [1094, -12],
      [1073, 26],
      [1008, 182],
      [748, 574],
      [728, 612],
    ],
  },
  {
    name: '永丰路',
    class: 'main',
    points: [
      [728, 612],
      [678, 708],
      [576, 852],
      [480, 1010],
      [380, 1180],
      [250, 1440],
    ],
  },
  {
    name: '高升桥路',
    class: 'main',
    border: true,
    points: [
      [300, -560],
      [430, -400],
      [560, -260],
      [700, -130],
      [842, -12],
      [869, 12],
      [967, 48],
      [1043, 102],
      [1116, 88],
      [1235, 172],
      [1266, 210],
      [1300, 242],
      [1391, 272],
      [1634, 317],
      [1722, 321],
      [2040, 312],
    ],
  },
  {
    name: '肖家河街',
    class: 'main',
    border: true,
    points: [
      [1590, -560],
      [1540, -350],
      [1505, -180],
      [1466, -12],
      [1391, 272],
      [1382, 459],
      [1365, 544],
      [1338, 626],
      [1279, 682],
      [1246, 724],
      [1219, 852],
      [1180, 1040],
      [1140, 1240],
      [1110, 1440],
    ],
  },
  {
    name: '新光路',
    class: 'main',
    border: true,
    points: [
      [-80, -230],
      [30, -110],
      [115, -12],
      [154, 39],
      [317, 205],
      [459, 313],
      [578, 422],
      [639, 458],
      [784, 519],
      [873, 576],
      [940, 612],
      [1133, 695],
      [1205, 717],
      [1332, 742],
      [1489, 804],
      [1553, 823],
      [1629, 832],
      [1782, 826],
      [2040, 830],
    ],
  },
  {
    name: '创业路',
    class: 'main',
    border: true,
    points: [
      [1460, -560],
      [1420, -360],
      [1372, -170],
      [1323, -12],
      [1239, 162],
      [1197, 311],
      [1174, 370],
      [1141, 428],
      [1124, 470],
      [1078, 514],
      [1010, 702],
    ],
  },
  {
    name: '创业路',
    class: 'main',
    points: [
      [1010, 702],
      [949, 852],
      [900, 1000],
      [850, 1200],
      [810, 1440],
    ],
  },
  {
    name: '紫荆西路',
    class: 'main',
    border: true,
    points: [
      [1100, -560],
      [1000, -330],
      [930, -150],
      [880, -12],
      [869, 12],
      [861, 18],
      [759, 73],
      [701, 183],
      [597, 239],
      [562, 319],
      [540, 390],
      [544, 469],
      [555, 529],
      [514, 601],
      [416, 731],
      [349, 852],
      [290, 950],
      [180, 1100],
      [20, 1440],
    ],
  },
  {
    name: '神仙树北路',
    class: 'main',
    border: true,
    points: [
      [-80, 40],
      [-12, 108],
      [187, 324],
      [234, 369],
      [483, 546],
      [589, 591],
      [736, 717],
      [867, 764],
      [988, 819],
      [1070, 828],
      [1152, 821],
      [1250, 836],
      [1420, 880],
      [1600, 905],
      [2040, 900],
    ],
  },
  {
    name: '新盛西街',
    class: 'main',
    border: true,
    points: [
      [634, 430],
      [622, 455],
      [610, 484],
      [601, 520],
      [589, 575],
      [582, 620],
    ],
  },
  {
    name: '科园东街',
    class: 'main',
    border: true,
    points: [
      [1182, 690],
      [1169, 730],
      [1161, 777],
      [1148, 850],
    ],
  },
  // beyond the street
  {
    name: '武侯大道',
    class: 'main',
    points: [
      [640, -560],
      [800, -350],
      [960, -180],
      [1100, -80],
      [1250, 0],
      [1400, 70],
      [1580, 110],
      [1800, 120],
      [2040, 110],
    ],
  },
  {
    name: '一环路南三段',
    class: 'ring',
    points: [
      [930, -560],
      [1080, -400],
      [1230, -260],
      [1400, -150],
      [1600, -90],
      [2040, -110],
    ],
  },
  {
    name: '浆洗街',
    class: 'main',
    points: [
      [1300, -560],
      [1420, -430],
      [1600, -330],
      [2040, -310],
    ],
  },
  {
    name: '紫竹北街',
    class: 'main',
    points: [
      [-80, 300],
      [100, 480],
      [260, 620],
      [420, 740],
      [560, 840],
      [720, 920],
      [900, 1000],
      [1100, 1045],
      [1350, 1065],
      [1700, 1080],
      [2040, 1070],
    ],
  },
  {
    name: '新南路',
    class: 'main',
    points: [
      [-80, 600],
      [120, 780],
      [330, 930],
      [560, 1060],
      [800, 1150],
      [1100, 1220],
      [1500, 1250],
      [2040, 1240],
    ],
  },
  {
    name: '石羊场路',
    class: 'main',
    points: [
      [-80, 880],
      [200, 1120],
      [450, 1270],
      [700, 1440],
    ],
  },
  {
    name: '高朋大道',
    class: 'main',
    points: [
      [780, -560],
      [690, -370],
      [600, -200],
      [500, -60],
      [420, 80],
      [360, 230],
      [345, 380],
      [310, 540],
      [220, 700],
      [100, 880],
      [-80, 1120],
    ],
  },
  {
    name: '创业西路',
    class: 'main',
    points: [
      [430, -560],
      [380, -400],
      [290, -230],
      [190, -80],
      [110, 80],
      [80, 240],
      [60, 400],
      [-80, 560],
    ],
  },
  {
    name: '燃灯寺路',
    class: 'main',
    points: [
      [130, -560],
      [70, -420],
      [-80, -300],
    ],
  },
  {
    name: '桐梓林北路',
    class: 'main',
    points: [
      [1770, -560],
      [1720, -350],
      [1690, -150],
      [1660, 50],
      [1640, 250],
      [1650, 430],
      [1640, 600],
      [1580, 800],
      [1540, 1000],
      [1480, 1200],
      [1450, 1440],
    ],
  },
  {
    name: '人民南路',
    class: 'main',
    points: [
      [1960, -560],
      [1930, -200],
      [1900, 100],
      [1890, 350],
      [1900, 600],
      [1860, 850],
      [1820, 1100],
      [1780, 1440],
    ],
  },
  {
    name: '肖家河',
    class: 'river',
    points: [
      [450, -560],
      [520, -380],
      [590, -230],
      [660, -110],
      [714, -10],
      [764, 72],
      [805, 116],
      [857, 141],
      [904, 165],
      [939, 199],
      [966, 238],
      [995, 265],
      [1036, 276],
      [1121, 289],
      [1168, 331],
      [1223, 368],
      [1285, 366],
      [1336, 377],
      [1416, 450],
      [1523, 551],
      [1642, 620],
      [1724, 634],
      [2040, 630],
    ],
  },
  {
    name: '龙爪堰',
    class: 'river',
    points: [
      [-60, -200],
      [20, 38],
      [140, 330],
      [300, 548],
      [443, 684],
      [560, 770],
      [680, 836],
      [800, 895],
      [950, 930],
      [1150, 950],
      [1400, 975],
      [2040, 990],
    ],
  },
];

/** Half of the room a way takes between the blocks, metres, kerb and pavement included. */
export const halfWidth: Record<WayClass, number> = { ring: 24, main: 13, minor: 8, lane: 4.4, wall: 1.4, river: 26, frame: 0 };

export function planLines(): Line[] {
  const lines = strokes.map((s, i): Line => {
    const way: Way = { id: i, class: s.class, name: s.name, border: s.border ?? false };
    return { way, points: smooth(s.points.map(sheet), 3) };
  });
  const { x0, x1, y0, y1 } = FRAME;
  const corners: Pt[] = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ].map((p) => sheet(p as unknown as Pt));
  corners.forEach((a, i) => {
    lines.push({ way: { id: strokes.length + i, class: 'frame', name: '', border: false }, points: [a, corners[(i + 1) % 4]!] });
  });
  return lines;
}
