import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** The import directions are lint rules; this proves that they are on, by trying to break each one in a copy of the house. */
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome');

function lint(file: string, source: string): string {
  const house = mkdtempSync(join(tmpdir(), 'genglou-lint-'));
  try {
    const config = JSON.parse(readFileSync('biome.json', 'utf8'));
    writeFileSync(join(house, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
    mkdirSync(dirname(join(house, file)), { recursive: true });
    writeFileSync(join(house, file), source);
    const run = spawnSync(process.execPath, [biome, 'lint', file], { cwd: house, encoding: 'utf8' });
    return run.stdout + run.stderr;
  } finally {
    rmSync(house, { recursive: true });
  }
}

const forbidden: [file: string, from: string, says: string][] = [
  ['model/kpi.ts', '../server/store/store.ts', 'model is pure'],
  ['model/kpi.ts', '../geo/locate.ts', 'model is pure'],
  ['model/kpi.ts', 'node:fs', 'model is pure'],
  ['geo/locate.ts', '../model/ledger.ts', 'geo knows only'],
  ['geo/boundaries/check.ts', '../../server/config.ts', 'geo imports no other room'],
  ['seed/load.ts', '../server/config.ts', 'real doors'],
  ['seed/play/cli.ts', '../../server/config.ts', 'real doors'],
  ['setup-cli/categories.ts', '../server/setup.ts', 'setup-cli imports only model'],
  ['setup-cli/boston/replay.ts', '../../geo/locate.ts', 'setup-cli imports only model'],
  ['server/engine.ts', '../web/link.ts', 'server imports only'],
  ['server/ingest/http.ts', '../stream/stream.ts', 'A door never speaks to screens'],
  ['web/app.tsx', '../server/config.ts', 'web never imports the server'],
  ['web/panels/queue.tsx', '../link.ts', 'A panel knows neither'],
  ['web/panels/queue.tsx', '../map/map-view.tsx', 'A panel knows neither'],
  ['web/map/map-view.tsx', '../panels/queue.tsx', 'The map knows neither'],
  ['web/map/layers/units.ts', '../../link.ts', 'The map knows neither'],
  ['server/engine.ts', '../test/support/server.ts', 'imports'],
];

test.each(forbidden)('%s may not import %s', (file, from, says) => {
  expect(lint(file, `import { thing } from '${from}';\nexport const used = thing;\n`)).toContain(says);
});

test.each([
  ['geo/locate.ts', '../model/area.ts'],
  ['server/engine.ts', '../geo/locate.ts'],
  ['web/panels/queue.tsx', '../../model/world.ts'],
  ['seed/load.ts', '../model/centre.ts'],
  ['setup-cli/calendar.ts', '../model/worktime.ts'],
])('%s may import %s', (file, from) => {
  expect(lint(file, `import { thing } from '${from}';\nexport const used = thing;\n`)).not.toContain('noRestrictedImports');
});

test('only the composition roots read the environment', () => {
  const source = 'export const home = process.env.HOME;\n';
  expect(lint('server/store/postgres.ts', source)).toContain('noProcessEnv');
  expect(lint('server/main.ts', source)).not.toContain('noProcessEnv');
});
