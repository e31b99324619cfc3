import pg from 'pg';
import { storeError } from './errors.ts';

/** int8 as a number; every bigint of ours is a seq or epoch milliseconds, both far below 2^53. */
const readInt8 = (text: string): number => {
  const n = Number(text);
  if (!Number.isSafeInteger(n)) throw new RangeError(`${text} is not a safe integer`);
  return n;
};
export const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: string) =>
    oid === 20 && format !== 'binary' ? readInt8 : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

type Queryable = Pick<pg.ClientBase, 'query'> | pg.Pool;
type Row = Record<string, unknown>;

/** Run one statement; what goes wrong comes out as a StoreError without the driver's parameters. */
export async function run<T extends Row>(db: Queryable, text: string, values: readonly unknown[] = [], name?: string): Promise<T[]> {
  return (await ask<T>(db, text, values, name)).rows;
}

/** As `run`, for a statement that gives back no rows: how many it wrote. */
export async function change(db: Queryable, text: string, values: readonly unknown[], name?: string): Promise<number> {
  return (await ask(db, text, values, name)).rowCount ?? 0;
}

async function ask<T extends Row>(db: Queryable, text: string, values: readonly unknown[], name?: string): Promise<pg.QueryResult<T>> {
  try {
    const query: pg.QueryConfig = name ? { name, text, values: values as unknown[] } : { text, values: values as unknown[] };
    return await (db as pg.ClientBase).query<T>(query);
  } catch (error) {
    throw storeError(error);
  }
}
