import { createContext, useContext } from 'react';
import type { Candidate } from '../../../model/candidates.ts';

/** Who could go to one incident, and whom the visitor picked: shared by the list of forces, the command bar and the map's ways. */
export interface Forces {
  readonly incident: string;
  /** those sent already, and who could go, best first */
  readonly candidates: readonly Candidate[];
  /** 'road': the server's list; 'straight': made here from straight lines, because the server gave none */
  readonly by: 'road' | 'straight';
  /** when the list was made, epoch ms by the server's clock */
  readonly at: number;
  readonly first: Candidate | undefined;
  /** the picked one, else the first */
  readonly chosen: Candidate | undefined;
  readonly pick: (unit: string) => void;
}

export const ForcesContext = createContext<Forces | null>(null);

/** @throws Error outside a ForcesProvider */
export function useForces(): Forces {
  const forces = useContext(ForcesContext);
  if (!forces) throw new Error('ForcesContext is missing: render inside <ForcesProvider>');
  return forces;
}
