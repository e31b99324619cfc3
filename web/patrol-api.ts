import type { messageResults } from '../model/patrol-plan.ts';
import { get, post } from './http.ts';

/** Name and number of the person behind a unit; reading it is an entry of the ledger. */
export interface UnitContact {
  readonly name: string;
  /** null = none is registered */
  readonly tel: string | null;
}
/** How a message to a unit ended. */
export interface MessageAnswer {
  readonly message: string;
  readonly door: string;
  readonly result: (typeof messageResults)[number];
}
const of = (unit: string) => `/api/v1/units/${encodeURIComponent(unit)}`;

/** @throws ApiError */
export const unitContact = (unit: string, signal?: AbortSignal) => get<UnitContact>(`${of(unit)}/contact`, {}, signal);
/** @throws ApiError, also where no device that takes text is bound */
export const messageUnit = (unit: string, text: string) => post<MessageAnswer>(`${of(unit)}/messages`, { text });
