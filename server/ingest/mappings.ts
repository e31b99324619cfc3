import { readFile } from 'node:fs/promises';
import { type Mapper, openMapper } from '../../model/map-message.ts';
import { mistakeLine, readMappings } from '../../model/mapping.ts';

const MOST_LINES = 30;

/** The file of mappings of foreign buses. @throws Error that names every mistake by entry and field */
export async function openMappings(file: string): Promise<Mapper> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`MAPPINGS=${file}: cannot be read (${error.code ?? error.message})`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`MAPPINGS=${file}: not JSON: ${(error as Error).message}`);
  }
  const read = readMappings(json);
  if ('mappings' in read) return openMapper(read.mappings);
  const lines = read.mistakes.slice(0, MOST_LINES).map((m) => `  ${mistakeLine(m)}`);
  const more = read.mistakes.length - lines.length;
  throw new Error(`MAPPINGS=${file} cannot be used:\n${lines.join('\n')}${more > 0 ? `\n  … and ${more} more` : ''}`);
}
