import type { alarmListZh } from './alarm-list-zh.ts';

export const alarmListEn: typeof alarmListZh = {
  alarmList: {
    title: 'Alarms',
    empty: 'Alarms will be listed here; not available yet',
  },
};
