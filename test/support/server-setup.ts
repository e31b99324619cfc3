import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { startEmbedded } from '../../server/store/embedded.ts';
import { handOver, makeTemplate, urlOf } from './shared.ts';

/**
 * What all server tests of a run share, made once: one PostgreSQL without durability, with an empty migrated database to copy,
 * and our processes as one file of JavaScript each. A server then starts with CREATE DATABASE and a third of the work of
 * `node --import tsx`. Tests of the embedded store, or of how a person starts the server, ask for the plain way.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [database, scripts] = await Promise.all([onePostgres(), bundle()]);
  handOver({ ...database.shared, scripts: scripts.dir });
  project.onTestsRerun(scripts.make);
  return async () => {
    await database.stop();
    rmSync(scripts.dir, { recursive: true, force: true });
  };
}

async function onePostgres() {
  const dir = mkdtempSync(join(tmpdir(), 'genglou-test-pg-'));
  const embedded = await startEmbedded({ dataDir: dir, fsync: false, maxConnections: 500 });
  // nothing here outlives the machine: no copies of pages, few checkpoints
  for (const set of ['full_page_writes = off', `max_wal_size = '2GB'`, `checkpoint_timeout = '1h'`])
    await embedded.owner.query(`ALTER SYSTEM SET ${set}`);
  await embedded.owner.query('SELECT pg_reload_conf()');
  const template = await makeTemplate(embedded.reach);
  return {
    shared: { postgres: urlOf(embedded.reach, 'postgres'), template },
    async stop() {
      await embedded.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const root = fileURLToPath(new URL('../..', import.meta.url));
/** by the names under which shared.ts looks for them */
const input = { 'server-main': 'server/main.ts', 'server-admin': 'server/admin.ts', 'server-ledger-cli': 'server/ledger/cli.ts' };

/** Our own source in one file, packages left where they are; every module still knows the address of its own source. */
async function bundle() {
  const cache = join(root, 'node_modules', '.cache'); // below node_modules, so that packages are found
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'genglou-test-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true })); // also when the run is broken off
  const make = async () => {
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      publicDir: false,
      build: {
        ssr: true,
        outDir: dir,
        emptyOutDir: false,
        target: 'node20',
        rolldownOptions: {
          input,
          output: {
            entryFileNames: '[name].mjs',
            chunkFileNames: '[name].mjs',
            // a process asks by its own name whether it was started or imported
            banner: (chunk) => (chunk.isEntry ? `process.argv[1] = ${JSON.stringify(chunk.facadeModuleId)};` : ''),
          },
        },
      },
      plugins: [
        {
          name: 'address-of-source',
          transform: (code, id) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
        },
      ],
    });
  };
  await make();
  return { dir, make };
}
