import type { CareFigure } from '../model/care-figures.ts';
import { get } from './http.ts';

/** What of a person may be shown: 张*芳 and the end of the number. */
export interface MaskedPerson {
  readonly name: string;
  readonly telTail: string | null;
}
interface Answer {
  readonly rows: readonly { readonly id: string; readonly person: MaskedPerson | null }[];
}
/** Masked names of those to be visited, by care; who may not have them gets none. */
export async function fetchCareNames(signal?: AbortSignal): Promise<ReadonlyMap<string, MaskedPerson | null>> {
  const { rows } = await get<Answer>('/api/v1/cares', { limit: 5000 }, signal);
  return new Map(rows.map((r) => [r.id, r.person]));
}

export interface CareFigures {
  /** epoch ms */
  readonly from: number;
  readonly to: number;
  readonly figures: readonly CareFigure[];
}
export const fetchCareFigures = (area: string | null, signal?: AbortSignal) =>
  get<CareFigures>('/api/v1/cares/figures', { area: area ?? undefined }, signal);
