import { z } from 'zod';
import { zAreaCode } from './area.ts';
import { zText } from './centre.ts';
import { text, zAreaOrNull, zId, zLngLat } from './fields.ts';
import { type Hours, isWithinHours, zHours } from './hours.ts';

/** 五大功能 of a community's service place: 健康 教育 养老 平安 生活 (S048). */
export const serviceTabs = ['health', 'education', 'elderly', 'safety', 'life'] as const;
export type ServiceTab = (typeof serviceTabs)[number];

/**
 * 设施: a place with a use of its own. Its sensors and cameras name it (`facility`). charging-shed 充电棚 (S037), parking 停车场 (S038),
 * self-service 24 小时自助 (S044), service-centre 综合服务场所 with floors (S048), stop 参观点 (S079), other.
 */
export const facilityKinds = ['charging-shed', 'parking', 'self-service', 'service-centre', 'stop', 'other'] as const;
export type FacilityKind = (typeof facilityKinds)[number];

/** A thing a facility offers: 1F 餐厅, 3F 健康小屋, 洗衣, 证照自助机. `device`: the sensors of that device tell whether it is up. */
export const zOffer = z.object({
  name: zText,
  tab: z.enum(serviceTabs).optional(),
  floor: text(12).optional(),
  /** its own hours; absent = the facility's */
  hours: zHours.optional(),
  device: zId.optional(),
});
export type Offer = z.output<typeof zOffer>;

export const zFacility = z.object({
  id: zId,
  kind: z.enum(facilityKinds),
  name: text(60),
  lngLat: zLngLat,
  area: zAreaOrNull,
  /** none = always open (24 小时) */
  hours: zHours.default([]),
  /** bays, sockets, seats: what its occupancy is measured against */
  capacity: z.number().int().positive().max(1_000_000).optional(),
  offers: z.array(zOffer).max(200).default([]),
  /** since when it stands, for before and after; epoch ms */
  since: z.number().int().min(0).optional(),
});
export type Facility = z.output<typeof zFacility>;

/** 示范环线 (S079): stops in order, each a facility or a place with a name. */
export const zTour = z.object({
  id: zId,
  name: text(60),
  stops: z
    .array(z.object({ name: text(60), lngLat: zLngLat, facility: zId.optional(), note: text(200).optional() }))
    .min(2)
    .max(100),
  /** [lng, lat] line between the stops as one walks or drives; absent = straight from stop to stop */
  path: z.array(zLngLat).max(5000).optional(),
});
export type Tour = z.output<typeof zTour>;

export const zFacilityForm = zFacility.extend({ area: zAreaCode.nullable().default(null) });

/** Whether a facility, or one of its offers, is open at `at` (epoch ms) by the centre's clock; right across midnight. */
export const isOpenAt = (hours: Hours, at: number, utcOffsetMinutes: number) => isWithinHours(hours, at, utcOffsetMinutes);
