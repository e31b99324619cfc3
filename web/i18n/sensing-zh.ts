/** 场景“感知”: frame, device matrix, device page, alarm report. Keys are the same in sensing-en.ts. */
export const sensingZh = {
  sensing: {
    skip: '跳到内容',
    tabs: '感知',
    tab: { matrix: '设备', alarms: '告警', rules: '规则', report: '报表', facilities: '设施', cameras: '视频' },
    area: '位置',
    allAreas: '全部',
    loading: '正在取出',
    later: '尚未提供',
  },
};
