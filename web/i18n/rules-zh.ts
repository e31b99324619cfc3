/** 感知 · 规则: texts of the tab. Keys are the same in rules-en.ts. */
export const rulesZh = {
  alarmRules: {
    title: '告警规则',
    empty: '这里列出告警规则，尚未提供',
  },
};
