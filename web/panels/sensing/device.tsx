import { Detail } from '../detail.tsx';

/** 设备: one sensor, beside the tab it was chosen in. */
export const Device = ({ id }: { id: string }) => <Detail selection={{ kind: 'sensor', id }} />;
