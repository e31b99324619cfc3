import { readFile } from 'node:fs/promises';
import { openMapper } from '../model/map-message.ts';
import { mistakeLine, readMappings } from '../model/mapping.ts';
import type { Io } from './door.ts';

interface Flags {
  readonly topic?: string | undefined;
  readonly message?: string | undefined;
}

/** Try a file of mappings, and what it makes of a message, without a centre. @throws Error where something is wrong with either */
export async function checkMapping(file: string, { topic, message }: Flags, io: Io): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? error.message})`);
  });
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${file}: not JSON: ${(error as Error).message}`);
  }
  const read = readMappings(json);
  if (!('mappings' in read)) {
    for (const mistake of read.mistakes) io.err(`${file}: ${mistakeLine(mistake)}`);
    throw new Error(`${file}: ${read.mistakes.length} wrong`);
  }
  const mapper = openMapper(read.mappings);
  io.out(`映射可用 the mappings can be used; topics: ${mapper.filters.join(', ')}`);
  if (topic === undefined && message === undefined) return;
  if (topic === undefined || message === undefined) throw new Error('give --topic and --message, or neither');
  const mapped = mapper.map(topic, message);
  switch (mapped.say) {
    case 'others':
      throw new Error(`${topic}: of no mapping`);
    case 'ignored':
      return io.out(`${topic}: passed over`);
    case 'refused':
      throw new Error(`${mapped.mapping ?? topic}: ${mapped.refusal.field}: ${mapped.refusal.rule}`);
    case 'online':
      return io.out(`${mapped.mapping}: device ${mapped.device} ${mapped.online ? 'online' : 'offline'}`);
    case 'readings':
      for (const { sensor, value, at } of mapped.readings) {
        io.out(`${mapped.mapping}: ${sensor} = ${value} at ${at === null ? 'receipt' : new Date(at).toISOString()}`);
      }
      for (const { field, rule } of mapped.refused) io.err(`${mapped.mapping}: ${field}: ${rule}`);
      if (mapped.refused.length) throw new Error(`${mapped.refused.length} of its values cannot be taken`);
  }
}
