import type { patrolZh } from './patrol-zh.ts';

export const patrolEn: typeof patrolZh = {
  patrol: {
    tabs: 'Patrols',
    tab: { units: 'Units', coverage: 'Coverage', rounds: 'Rounds', cares: 'Visits', tracks: 'Tracks', devices: 'Devices' },
  },
};
