import { parse } from 'csv-parse/sync';

/** What is wrong with a table: the line (the header is line 1), the column ('' = the whole line), the rule. */
export interface CsvMistake {
  readonly line: number;
  readonly column: string;
  readonly rule: string;
}
export const MAX_CSV_ROWS = 20_000;

export interface CsvColumn {
  /** what it may also be called */
  readonly zh: string;
  readonly needed?: boolean;
}
export interface CsvRow {
  readonly line: number;
  /** by the column's name; '' = empty */
  readonly cells: Readonly<Record<string, string>>;
}

/**
 * Read a table: UTF-8, with or without mark, comma-separated (RFC 4180), one header line with names in English or Chinese.
 * @returns its rows; `mistakes` of the table and of lines that are too long. Without rows the table as a whole is wrong
 */
export function readCsvTable(
  bytes: Uint8Array,
  known: Readonly<Record<string, CsvColumn>>,
): { readonly rows: readonly CsvRow[]; readonly mistakes: CsvMistake[] } {
  const mistakes: CsvMistake[] = [];
  const wrong = (line: number, column: string, rule: string) => void mistakes.push({ line, column, rule });
  const one = (line: number, column: string, rule: string) => ({ rows: [], mistakes: [{ line, column, rule }] });

  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return one(
      1,
      '',
      'not UTF-8: save the table as “CSV UTF-8” (GBK, GB 18030 and UTF-16 are not read) | 文件不是 UTF-8 编码，请另存为“CSV UTF-8”',
    );
  }
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, { info: true, skip_empty_lines: true, relax_column_count: true, trim: true }) as never;
  } catch (error) {
    const { lines = 1, message } = error as Error & { lines?: number };
    return one(lines, '', message);
  }
  const [header, ...lines] = records;
  if (!header) return one(1, '', 'the table is empty');
  if (lines.length === 0) return one(1, '', 'no rows below the header');
  if (lines.length > MAX_CSV_ROWS) return one(MAX_CSV_ROWS + 2, '', `at most ${MAX_CSV_ROWS} rows`);

  const names = header.record.map((h) => columnNamed(known, h));
  for (const [i, name] of names.entries()) {
    if (name === null) wrong(1, header.record[i]!.slice(0, 40), `no such column; there are ${Object.keys(known).join(', ')}`);
    else if (names.indexOf(name) !== i) wrong(1, name, 'stands twice');
  }
  for (const [name, { zh, needed }] of Object.entries(known))
    if (needed && !names.includes(name)) wrong(1, name, `column ${name} (${zh}) is missing`);
  if (mistakes.length) return { rows: [], mistakes };

  const rows: CsvRow[] = [];
  for (const { record, info } of lines) {
    if (record.slice(names.length).some((cell) => cell !== ''))
      wrong(info.lines, '', `${record.length} values, where the header has ${names.length} columns`);
    else rows.push({ line: info.lines, cells: Object.fromEntries(names.map((name, i) => [name, record[i] ?? ''])) });
  }
  return { rows, mistakes };
}

function columnNamed(known: Readonly<Record<string, CsvColumn>>, header: string): string | null {
  const name = header.trim().toLowerCase();
  return Object.keys(known).find((key) => key.toLowerCase() === name || known[key]!.zh === name) ?? null;
}
