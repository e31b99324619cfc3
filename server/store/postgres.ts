import pg from 'pg';
import { type BookmarkStore, bookmarkStore } from './bookmarks.ts';
import { type CameraStateStore, cameraStateStore } from './camera-states.ts';
import { type ChunkStore, chunkStore, positionTables, readingTables } from './chunks.ts';
import { type DeviceStore, deviceStore } from './devices.ts';
import { attachEmbedded, type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts';
import { entryStore } from './entries.ts';
import { DataDirBusyError, StoreError, StoreUnavailableError } from './errors.ts';
import { type Happenings, happenings } from './happenings.ts';
import { type IncidentLists, incidentLists } from './incident-lists.ts';
import { type IncidentStore, incidentStore } from './incidents.ts';
import { type PastLists, pastLists } from './incidents-then.ts';
import { migrate } from './migrate.ts';
import { takeLockWithin } from './owner.ts';
import { type QuarantineStore, quarantineStore } from './quarantine.ts';
import { recordStore } from './records.ts';
import { type ReelStore, reelStore } from './reels.ts';
import { types } from './sql.ts';
import type { Store } from './store.ts';
import { type ViewStore, viewStore } from './views.ts';

export interface StoreConfig {
  readonly dataDir: string;
  /** null = the embedded server */
  readonly databaseUrl: string | null;
}

export interface StoreOptions {
  /** The database went away, or our ownership with it: nothing can be appended any more, the process should end. */
  readonly onLost?: (error: Error) => void;
  readonly note?: (line: string) => void;
  /** `false`: only read, beside a running owner; nothing is migrated and appends are refused. Default true. */
  readonly own?: boolean;
  /** of DATABASE_URL: how long a held lock is asked for again, as the connection of a server killed a moment ago may still be closing; default 0 */
  readonly ownWithinMs?: number;
  readonly embedded?: Pick<EmbeddedOptions, 'binaries' | 'fsync' | 'runAs'>;
}

export interface PgStore extends Store {
  readonly kind: 'embedded' | 'external';
  /** the read model of incidents, and what is asked of it */
  readonly incidents: IncidentStore;
  readonly lists: IncidentLists;
  readonly pastLists: PastLists;
  readonly views: ViewStore;
  /** readings and positions of weeks */
  readonly chunks: ChunkStore;
  readonly positionChunks: ChunkStore;
  readonly reels: ReelStore;
  readonly happenings: Happenings;
  readonly bookmarks: BookmarkStore;
  readonly cameraStates: CameraStateStore;
  readonly devices: DeviceStore;
  readonly quarantine: QuarantineStore;
  /** For administration and tests. Everybody else goes through Store. */
  readonly pool: pg.Pool;
}

const OLDEST = 15;

/**
 * Open the database: start or reach it, become its only owner, bring it to the newest form.
 * @throws DataDirBusyError when another process owns it
 * @throws StoreUnavailableError when it cannot be started, reached or used
 */
export async function openStore(config: StoreConfig, options: StoreOptions = {}): Promise<PgStore> {
  let closing = false;
  let lost: Error | null = null;
  const lose = (why: string) => {
    if (closing || lost) return;
    lost = new StoreError(why);
    options.onLost?.(lost);
  };
  const own = options.own ?? true;
  const attached = own || config.databaseUrl !== null ? null : await attachEmbedded(config.dataDir);
  let embedded: Embedded | null = null;
  if (config.databaseUrl === null && attached === null)
    embedded = await startEmbedded({
      dataDir: config.dataDir,
      ...options.embedded,
      ...(options.note ? { note: options.note } : {}),
      onExit: lose,
    });
  const reach: pg.ClientConfig = embedded?.reach ?? attached ?? { connectionString: config.databaseUrl! };
  const common: pg.ClientConfig = { ...reach, types, connectionTimeoutMillis: 15_000, keepAlive: true, application_name: 'genglou' };

  let writer: pg.Client | null = null;
  const pool = new pg.Pool({ ...common, max: 10, idleTimeoutMillis: 60_000 });
  const past = pastLists(pool);
  pool.on('error', () => {}); // an idle connection that breaks is replaced; the writer's is the one that counts
  const stop = async () => {
    closing = true;
    await past.close().catch(() => {});
    await pool.end().catch(() => {});
    if (writer && writer !== embedded?.owner) await writer.end().catch(() => {});
    await embedded?.stop();
  };
  try {
    writer = embedded?.owner ?? (await connectWriter(common));
    writer.on('error', () => lose('the connection to the database was lost'));
    writer.on('end', () => lose('the connection to the database was lost'));
    await checkServer(writer);
    if (own) {
      if (!embedded && !(await takeLockWithin(writer, options.ownWithinMs ?? 0)))
        throw new DataDirBusyError('another Genglou server owns this database: stop it, or set another DATABASE_URL');
      await migrate(writer);
    }
  } catch (error) {
    await stop();
    throw error;
  }

  const appendOn = () => {
    if (!own) throw new StoreError('this store was opened for reading only');
    if (lost) throw lost;
    return writer!;
  };
  return {
    kind: config.databaseUrl === null ? 'embedded' : 'external',
    pool,
    ...entryStore(appendOn, pool),
    ...recordStore(pool),
    incidents: incidentStore(pool),
    lists: incidentLists(pool),
    pastLists: past,
    views: viewStore(pool),
    chunks: chunkStore(pool, readingTables),
    positionChunks: chunkStore(pool, positionTables),
    reels: reelStore(pool),
    happenings: happenings(pool),
    bookmarks: bookmarkStore(pool),
    cameraStates: cameraStateStore(pool),
    devices: deviceStore(pool),
    quarantine: quarantineStore(pool),
    close: stop,
  };
}

async function connectWriter(config: pg.ClientConfig): Promise<pg.Client> {
  const client = new pg.Client(config);
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    const code = (error as { code?: string }).code;
    throw new StoreUnavailableError(
      `the database of DATABASE_URL cannot be reached${code ? ` (${code})` : ''}: check address, user and password`,
    );
  }
}

async function checkServer(client: pg.Client) {
  const { rows } = await client.query<{ version: string; encoding: string }>(
    `SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding`,
  );
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major < OLDEST) throw new StoreUnavailableError(`the database is PostgreSQL ${major}; ${OLDEST} or newer is needed`);
  if (rows[0]?.encoding !== 'UTF8') throw new StoreUnavailableError(`the database is encoded in ${rows[0]?.encoding}; UTF8 is needed`);
  await client.query('SET synchronous_commit = on');
}
