import type { z } from 'zod';
import type { ServiceTab, zFacility } from '../model/facility.ts';

type Input = z.input<typeof zFacility>;
export type OfferInput = NonNullable<Input['offers']>[number];
export type HoursInput = NonNullable<Input['hours']>;

const weekdays = [1, 2, 3, 4, 5];
export const hours = {
  always: [],
  office: [
    { days: weekdays, from: '09:00', to: '12:00' },
    { days: weekdays, from: '13:00', to: '17:00' },
  ],
  daily: [{ from: '08:30', to: '21:00' }],
  park: [{ from: '05:30', to: '23:00' }],
  school: [{ days: weekdays, from: '07:30', to: '18:00' }],
  mall: [{ from: '10:00', to: '22:00' }],
  market: [{ from: '06:00', to: '20:00' }],
  /** across midnight: they belong to the evening they begin on */
  nightClinic: [{ from: '18:00', to: '02:00' }],
  riders: [{ from: '17:00', to: '05:00' }],
  nightMarket: [{ days: [5, 6], from: '18:00', to: '01:00' }],
} satisfies Record<string, HoursInput>;

const offer = (zh: string, en: string, more: Omit<OfferInput, 'name'> = {}): OfferInput => ({ name: { zh, en }, ...more });
const on =
  (tab: ServiceTab, floor: string) =>
  (zh: string, en: string, own?: HoursInput): OfferInput =>
    offer(zh, en, { tab, floor, ...(own ? { hours: own } : {}) });

const health = on('health', '3F');
const gym = on('health', '4F');
const study = on('education', '2F');
const children = on('education', '4F');
const old = on('elderly', '3F');
const table = on('elderly', '1F');
const safe = on('safety', '2F');
const life = on('life', '1F');

/** 红梅·幸福家 (S048): 22 functions under five tabs, floor by floor. */
export const happyHome: readonly OfferInput[] = [
  table('餐厅', 'Canteen', [
    { from: '07:00', to: '09:00' },
    { from: '11:00', to: '13:30' },
    { from: '17:00', to: '19:00' },
  ]),
  table('助餐配送', 'Meals brought home', [{ from: '10:30', to: '12:30' }]),
  life('便民服务台', 'Service desk', hours.office),
  life('快递驿站', 'Parcels', [{ from: '08:00', to: '22:00' }]),
  life('缝补修理', 'Mending and repairs', [{ days: [2, 4, 6], from: '09:00', to: '17:00' }]),
  life('理发', 'Barber'),
  life('共享洗衣', 'Laundry', hours.always),
  safe('平安工作站', 'Safety post', hours.always),
  safe('矛盾调解室', 'Mediation room', hours.office),
  safe('公共法律服务', 'Legal advice', [{ days: [3, 5], from: '14:00', to: '17:00' }]),
  safe('消防体验', 'Fire drill room'),
  study('阅览室', 'Reading room'),
  study('四点半课堂', 'After-school class', [{ days: weekdays, from: '16:30', to: '18:30' }]),
  study('老年大学', 'College for the elderly', [{ days: weekdays, from: '09:00', to: '11:30' }]),
  health('健康小屋', 'Health corner', [{ from: '08:30', to: '17:30' }]),
  health('中医理疗', 'Traditional therapy', [{ days: weekdays, from: '09:00', to: '17:00' }]),
  health('心理咨询', 'Counselling', [{ days: [6], from: '09:00', to: '12:00' }]),
  old('日间照料', 'Day care', [{ days: weekdays, from: '08:00', to: '18:00' }]),
  old('适老化体验', 'Aids for the home'),
  old('助浴间', 'Assisted bathing', [{ days: [1, 3, 5], from: '09:00', to: '16:00' }]),
  gym('健身房', 'Gym', [{ from: '06:30', to: '22:30' }]),
  children('儿童驿站', "Children's corner", [{ from: '09:00', to: '20:00' }]),
];

/** What every community's own centre does. */
export const communityCentre: readonly OfferInput[] = [
  offer('党群服务', 'Party and residents', { tab: 'life', floor: '1F' }),
  offer('社保医保', 'Social security', { tab: 'life', floor: '1F' }),
  offer('助老服务', 'For the elderly', { tab: 'elderly', floor: '2F' }),
  offer('调解室', 'Mediation', { tab: 'safety', floor: '2F' }),
];

/** R29 (S044) and the hall of the governance centre: what stands there and its device, round the clock. */
export const r29: readonly OfferInput[] = [
  offer('自助洗衣', 'Laundry', { tab: 'life', device: 'd-r29-wash' }),
  offer('证照自助机', 'Documents kiosk', { tab: 'life', device: 'd-r29-kiosk' }),
  offer('健身', 'Gym', { tab: 'health', device: 'd-r29-gym' }),
  offer('自习', 'Study room', { tab: 'education', device: 'd-r29-study' }),
  offer('自助售药', 'Medicines', { tab: 'health', device: 'd-r29-pharmacy' }),
];
export const governanceHall: readonly OfferInput[] = [
  offer('证照自助机', 'Documents kiosk', { tab: 'life', device: 'd-hall-kiosk' }),
  offer('材料收件柜', 'Document lockers', { tab: 'life', device: 'd-hall-locker' }),
  offer('社保自助机', 'Social security kiosk', { tab: 'life', device: 'd-hall-social' }),
];
