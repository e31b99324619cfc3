import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

/** One record of a table: its values by column, trimmed, and the line of the file it ends on (the header is line 1). */
export interface Row {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
}
/** What is wrong with a file, where. */
export interface Problem {
  readonly line: number;
  readonly field: string;
  readonly rule: string;
}

/**
 * Read a table with a header. Tab-separated when the header holds a tab, else comma-separated (RFC 4180); UTF-8, with or without mark.
 * @throws Error where it is no table, or a column is missing that must be there
 */
export function readTable(text: string, name: string, needed: readonly string[]): Row[] {
  const tabbed = text.slice(0, text.indexOf('\n') >>> 0).includes('\t');
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((h) => h.trim().toLowerCase()),
      delimiter: tabbed ? '\t' : ',',
      quote: tabbed ? null : '"',
      info: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    throw new Error(`${name}: ${(error as Error).message}`);
  }
  const first = records[0];
  if (!first) throw new Error(`${name}: no rows below the header`);
  for (const column of needed) if (!(column in first.record)) throw new Error(`${name}: column ${column} is missing`);
  return records.map(({ record, info }) => ({ line: info.lines, values: record }));
}

export async function readTableFile(file: string, needed: readonly string[]): Promise<Row[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? error.message})`);
  });
  return readTable(text, file, needed);
}

/** A file with something wrong in it: every problem is told, nothing is imported. */
export class TableError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly Problem[],
  ) {
    super(`${file}: ${problems.length} wrong; nothing was imported`);
  }
}
