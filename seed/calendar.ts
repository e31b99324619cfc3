import type { CentreInput } from '../model/centre.ts';

const days = (name: string, ...dates: string[]) => dates.map((date) => ({ date, name }));
const span = (name: string, month: string, from: number, to: number) =>
  days(name, ...Array.from({ length: to - from + 1 }, (_, i) => `2026-${month}-${String(from + i).padStart(2, '0')}`));

/**
 * 工作日历: office hours of the street, and the public holidays and worked weekends (调休) of 2026 after the State Council's notice of
 * 2025-11-04. Other years have their weekends only, until their notice is imported.
 */
export const calendar: CentreInput['calendar'] = {
  version: '2026-1',
  hours: [
    { from: '09:00', to: '12:00' },
    { from: '13:00', to: '17:00' },
  ],
  weekend: [0, 6],
  holidays: [
    ...span('元旦', '01', 1, 3),
    ...span('春节', '02', 15, 23),
    ...span('清明节', '04', 4, 6),
    ...span('劳动节', '05', 1, 5),
    ...span('端午节', '06', 19, 21),
    ...span('中秋节', '09', 25, 27),
    ...span('国庆节', '10', 1, 7),
  ],
  workdays: [
    ...days('元旦调休', '2026-01-04'),
    ...days('春节调休', '2026-02-14', '2026-02-28'),
    ...days('劳动节调休', '2026-05-09'),
    ...days('国庆节调休', '2026-09-20', '2026-10-10'),
  ],
};
