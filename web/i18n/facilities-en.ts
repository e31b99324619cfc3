import type { facilitiesZh } from './facilities-zh.ts';

export const facilitiesEn: typeof facilitiesZh = {
  facilities: {
    title: 'Facilities',
    empty: 'Facilities will be listed here; not available yet',
  },
};
