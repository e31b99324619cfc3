import type { NearbyAsked } from '../model/facility-figures.ts';
import { get } from './http.ts';

/** What only the server knows of a facility: incidents of the past near it, and since when a machine has been up again. */
export interface FacilityAnswer {
  readonly at: number;
  readonly rows: readonly {
    readonly id: string;
    readonly offers: readonly {
      readonly machine: { readonly device: string; readonly up: boolean; readonly since: number | null } | null;
    }[];
    readonly incidents: readonly (NearbyAsked & { readonly count: number })[];
  }[];
}
export const fetchFacilities = (signal?: AbortSignal) => get<FacilityAnswer>('/api/v1/facilities', {}, signal);
