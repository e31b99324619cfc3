import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

/** `npm test`: lint, types, unit, server, browser, in that order, all of them even when one fails; one closing line of counts. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const broken: string[] = [];
const scratch = mkdtempSync(join(tmpdir(), 'genglou-test-'));
const tool = (name: string) => join('node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

function run(title: string, command: string, args: string[]): boolean {
  console.log(`\n== ${title}`);
  const started = Date.now();
  const done = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  const ok = done.status === 0;
  console.log(`== ${title}: ${ok ? 'ok' : 'FAILED'} (${Math.round((Date.now() - started) / 1000)} s)`);
  if (!ok) broken.push(title);
  return ok;
}

function step(title: string, command: string, args: string[]) {
  if (run(title, command, args)) total.passed += 1;
  else total.failed += 1;
}

/** Two files at a time even on two cores: a server test waits for its server more than it computes. */
const workers = `--maxWorkers=${Math.max(2, availableParallelism() - 1)}`;

function count(report: string) {
  if (!existsSync(report)) {
    total.failed += 1;
    return;
  }
  const r = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
  total.passed += r.numPassedTests ?? 0;
  total.failed += (r.numFailedTests ?? 0) + (r.numFailedTests === 0 ? (r.numFailedTestSuites ?? 0) : 0);
  total.skipped += (r.numPendingTests ?? 0) + (r.numTodoTests ?? 0);
}
const vitest = (project: string, report: string, more: readonly string[]) => [
  ...['run', '--project', project, ...more],
  ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
];

function tests(title: string, project: string) {
  const report = join(scratch, `${project}.json`);
  run(title, tool('vitest'), vitest(project, report, [workers]));
  count(report);
}

/** Browser tests wait more than they compute: two halves side by side, each with a product of its own; what one says comes when it is done. */
async function halves(title: string, project: string) {
  console.log(`\n== ${title}, two halves side by side`);
  const started = Date.now();
  const results = await Promise.all(
    [1, 2].map(async (half) => {
      const report = join(scratch, `${project}-${half}.json`);
      const child = spawn(tool('vitest'), vitest(project, report, [`--shard=${half}/2`]), { shell: process.platform === 'win32' });
      const said: Buffer[] = [];
      child.stdout.on('data', (chunk) => said.push(chunk));
      child.stderr.on('data', (chunk) => said.push(chunk));
      const code = await new Promise<number | null>((resolve) => {
        child.on('error', () => resolve(1));
        child.on('close', resolve);
      });
      console.log(Buffer.concat(said).toString());
      count(report);
      return code === 0;
    }),
  );
  const ok = results.every(Boolean);
  console.log(`== ${title}: ${ok ? 'ok' : 'FAILED'} (${Math.round((Date.now() - started) / 1000)} s)`);
  if (!ok) broken.push(title);
}

step('lint', tool('biome'), ['check', '--error-on-warnings', '.']);
step('types', tool('tsc'), ['-p', 'tsconfig.json']);
tests('unit tests', 'unit');
tests('server tests', 'server');
step('build of the wall', tool('tsx'), ['bin/build.ts']);
await halves('browser tests', 'browser');

rmSync(scratch, { recursive: true, force: true });
if (broken.length) console.log(`\nfailed: ${broken.join(', ')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(broken.length || total.failed ? 1 : 0);
