import { readTableFile } from '../table.ts';

/** One service request of the city (Boston 311, June 2015). Times are local, without an offset; '' = not given. */
export interface Request {
  /** line of the file */
  readonly line: number;
  readonly id: string;
  readonly opened: string;
  readonly target: string;
  readonly closed: string;
  /** the city's own verdict */
  readonly verdict: '' | 'ONTIME' | 'OVERDUE';
  readonly type: string;
  readonly department: string;
  readonly source: string;
  /** [lng, lat] degrees, WGS-84 */
  readonly lngLat: readonly [number, number];
}

const columns = [
  'CASE_ENQUIRY_ID',
  'OPEN_DT',
  'TARGET_DT',
  'CLOSED_DT',
  'OnTime_Status',
  'TYPE',
  'Department',
  'Source',
  'LATITUDE',
  'LONGITUDE',
];

/** @throws Error where the file cannot be read or a row is not of this form */
export async function readRequests(file: string): Promise<Request[]> {
  const rows = await readTableFile(
    file,
    columns.map((c) => c.toLowerCase()),
  );
  return rows.map(({ line, values: v }) => {
    const verdict = v.ontime_status!;
    if (verdict !== '' && verdict !== 'ONTIME' && verdict !== 'OVERDUE') throw new Error(`${file}:${line}: OnTime_Status: ${verdict}`);
    const lngLat = [Number(v.longitude), Number(v.latitude)] as const;
    if (!v.latitude || !v.longitude || !lngLat.every(Number.isFinite)) throw new Error(`${file}:${line}: LATITUDE, LONGITUDE: no place`);
    return {
      line,
      id: v.case_enquiry_id!,
      opened: v.open_dt!,
      target: v.target_dt!,
      closed: v.closed_dt!,
      verdict,
      type: v.type!,
      department: v.department!,
      source: v.source!,
      lngLat,
    };
  });
}
