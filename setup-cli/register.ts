import { readFile } from 'node:fs/promises';
import { DoorRefused, type Io, openDoor } from './door.ts';
import { TableError } from './table.ts';

const lists = ['sensors', 'cameras', 'facilities', 'cares'];

interface Flags {
  readonly url?: string | undefined;
  readonly data?: string | undefined;
  readonly dry?: boolean | undefined;
}

/** Register a table. @throws TableError with every line the centre found wrong */
export async function register(list: string, file: string, flags: Flags, io: Io): Promise<void> {
  if (!lists.includes(list)) throw new Error(`${list}: one of ${lists.join(', ')}`);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file} cannot be read (${error.code ?? error.message})`);
  });
  const door = await openDoor(flags, io);
  const path = `/api/v1/registry/${list}.csv${flags.dry ? '?dry=1' : ''}`;
  const { rows } = await door.send<{ rows: number }>(path, bytes, 'text/csv').catch((error: unknown) => {
    const { mistakes } = (error instanceof DoorRefused ? error.json : {}) as {
      mistakes?: { line: number; column: string; rule: string }[];
    };
    if (!mistakes) throw error;
    throw new TableError(
      file,
      mistakes.map(({ line, column, rule }) => ({ line, field: column || 'row', rule })),
    );
  });
  io.out(flags.dry ? `可登记 can be registered: ${rows} ${list}` : `已登记 registered: ${rows} ${list}`);
}
