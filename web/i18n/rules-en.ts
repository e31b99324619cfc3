import type { rulesZh } from './rules-zh.ts';

export const rulesEn: typeof rulesZh = {
  alarmRules: {
    title: 'Alarm rules',
    empty: 'Alarm rules will be listed here; not available yet',
  },
};
