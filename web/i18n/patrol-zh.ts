/** 场景“巡防”: its frame. Keys are the same in patrol-en.ts; each tab has a file of its own. */
export const patrolZh = {
  patrol: {
    tabs: '巡防',
    tab: { units: '力量', coverage: '覆盖', rounds: '巡查', cares: '走访', tracks: '轨迹', devices: '设备' },
  },
};
