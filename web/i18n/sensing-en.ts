import type { sensingZh } from './sensing-zh.ts';

export const sensingEn: typeof sensingZh = {
  sensing: {
    skip: 'Skip to the contents',
    tabs: 'Sensing',
    tab: { matrix: 'Devices', alarms: 'Alarms', rules: 'Rules', report: 'Report', facilities: 'Facilities', cameras: 'Cameras' },
    area: 'Place',
    allAreas: 'All',
    loading: 'Loading',
    later: 'Not available yet',
  },
};
