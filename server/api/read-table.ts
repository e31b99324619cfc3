import type { CsvMistake } from '../csv-table.ts';
import { Refused } from '../refused.ts';

/** Mistakes of a table that are told at once. */
export const MAX_TOLD = 100;

/** A body as a whole. @throws Refused 413 */
export async function bytesOf(content: AsyncIterable<Uint8Array>, max: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > max) throw new Refused(413, 'body', `larger than ${max} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A table is taken whole or not at all: the first mistake as the error, all of them beside it. */
export function refusedTable(mistakes: readonly CsvMistake[]): Refused {
  const [first] = mistakes;
  const field = [`line ${first!.line}`, first!.column].filter(Boolean).join(', ');
  return new Refused(422, field, first!.rule, {}, { total: mistakes.length, mistakes: mistakes.slice(0, MAX_TOLD) });
}
