/** 感知 · 告警: texts of the tab. Keys are the same in alarm-list-en.ts. */
export const alarmListZh = {
  alarmList: {
    title: '告警',
    empty: '这里列出告警，尚未提供',
  },
};
