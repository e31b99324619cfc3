/** Another process owns this data directory (or database). One sentence, meant for the person at the terminal. */
export class DataDirBusyError extends Error {
  override readonly name = 'DataDirBusyError';
}

/** The database could not be started or reached. One sentence, meant for the person at the terminal. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError';
}

/** A statement was refused. Carries the SQLSTATE and a short text only: driver errors carry parameters, which may be personal data. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly code: string | undefined;
  constructor(message: string, code?: string) {
    super(message);
    this.code = code;
  }
}

/** The seq of an append is taken, or leaves a gap: another owner wrote, or this one lost count. */
export class SeqTakenError extends StoreError {
  override readonly name = 'SeqTakenError';
}

const MESSAGE_MAX = 160;
const SEQ_TAKEN = '23505';

/** What may reach a log or a caller of a driver's error: first line, truncated, quoted values removed. */
export function storeError(error: unknown): Error {
  if (error instanceof StoreError || error instanceof DataDirBusyError || error instanceof StoreUnavailableError) return error;
  const e = error as { message?: string; code?: string; table?: string };
  const first = String(e?.message ?? error).split('\n', 1)[0] ?? '';
  const text = first.replace(/: "(?:[^"\\]|\\.)*"?/g, ': "…"').slice(0, MESSAGE_MAX);
  if (e?.code === SEQ_TAKEN && e.table === 'ledger') return new SeqTakenError(text, e.code);
  return new StoreError(text, e?.code);
}
