import type { camerasZh } from './cameras-zh.ts';

export const camerasEn: typeof camerasZh = {
  cameras: {
    title: 'Cameras',
    empty: 'Cameras will be listed here; not available yet',
  },
};
