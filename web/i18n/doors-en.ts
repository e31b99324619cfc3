import type { doorsZh } from './doors-zh.ts';

export const doorsEn: typeof doorsZh = {
  refused: {
    title: 'Refused last',
    sub: 'the last {{n}} of each door; telephone numbers are not kept',
    only: 'Refused messages are for supervisors and administrators',
    failed: 'Refused messages could not be had: {{rule}}',
    none: 'Nothing refused since the start',
    time: 'Time',
    where: 'Topic or route',
    mapping: 'Mapping',
    why: 'Field and rule',
    begins: 'Begins',
    unknown: 'Devices not registered',
    unknownSub: 'Once registered, the next message is taken: npm run register -- sensors TABLE.csv',
    device: 'Id',
    messages: 'Messages',
  },
};
