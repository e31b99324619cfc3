import { type Incident, isOnTime, isOpen } from '../../model/incident.ts';
import type { IncidentRow } from '../../model/incident-row.ts';
import type { Request } from './requests.ts';

/** What the product says of one request. */
export interface Told {
  readonly open: boolean;
  readonly onTime: (moment: number) => boolean;
}
/** As the model judges it, folded from its entries. */
export const toldByLedger = (i: Incident): Told => ({ open: isOpen(i), onTime: (moment) => isOnTime(i, moment) });
/** As the server's list says it: of an ended one its verdict, of an open one its deadline. */
export const toldByList = (row: Pick<IncidentRow, 'open' | 'overdue' | 'deadline'>): Told => ({
  open: row.open,
  onTime: (moment) => (row.open ? row.deadline === null || moment <= row.deadline : !row.overdue),
});

/** One request on which the product and the city do not agree. `because` null = nothing explains it. */
export interface Difference {
  readonly request: Request;
  readonly product: 'ONTIME' | 'OVERDUE' | 'missing';
  readonly because: string | null;
}
export interface Comparison {
  /** requests the city has a verdict on */
  readonly judged: number;
  readonly agreed: number;
  readonly differences: readonly Difference[];
  /** without a verdict of the city */
  readonly unjudged: readonly Request[];
  /** judged by the city while they were open */
  readonly open: number;
  /** closed before they were opened, as the city wrote it down */
  readonly backwards: number;
  /** the moment, in local time, as of which open requests are judged */
  readonly asOf: string;
}

/**
 * The city's verdict on a request still open is as of the day the file was made, which it does not say. It cannot have been made before
 * the latest closing it tells of: open requests are judged as of that moment.
 */
export const extractedAt = (requests: readonly Request[]): string =>
  requests.reduce((latest, r) => (r.closed > latest ? r.closed : latest), '');

/**
 * Compare the product's verdict (按期, `isOnTime`) with the city's, request by request.
 * @param asOf local time as of which open requests are judged
 */
export function compareVerdicts(
  requests: readonly Request[],
  told: (r: Request) => Told | undefined,
  instantOf: (local: string) => number,
  asOf = extractedAt(requests),
): Comparison {
  const moment = instantOf(asOf);
  const differences: Difference[] = [];
  let judged = 0;
  let open = 0;
  for (const request of requests) {
    if (request.verdict === '') continue;
    judged += 1;
    const said = told(request);
    if (said?.open) open += 1;
    const product = said ? (said.onTime(moment) ? 'ONTIME' : 'OVERDUE') : 'missing';
    if (product !== request.verdict) differences.push({ request, product, because: said ? explain(request, asOf) : null });
  }
  return {
    judged,
    agreed: judged - differences.length,
    differences,
    unjudged: requests.filter((r) => r.verdict === ''),
    open,
    backwards: requests.filter((r) => r.closed !== '' && r.closed < r.opened).length,
    asOf,
  };
}

/** What in the city's own row accounts for a difference; null where the row is sound and the product is wrong. */
function explain(r: Request, asOf: string): string | null {
  const end = r.closed === '' ? asOf : r.closed;
  const byOwnColumns = r.target === '' || end <= r.target ? 'ONTIME' : 'OVERDUE';
  if (byOwnColumns === r.verdict) return null;
  const what = r.closed === '' ? `open as of ${asOf}` : `closed ${r.closed}`;
  return `the row contradicts itself: ${what}, target ${r.target || 'none'}, yet ${r.verdict}`;
}
