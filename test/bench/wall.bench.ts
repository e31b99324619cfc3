import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { build, preview } from 'vite';
import { openBrowser, openPage } from '../support/browser.ts';

export const title = 'wall: moving units at 1 Hz, our unit layer against MapLibre GeoJSON setData in the same page';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const SIZES = [1_000, 10_000, 100_000];
const KINDS = ['ours', 'setData'] as const;
type Kind = (typeof KINDS)[number];
const ROUNDS = 2;
const WARM_S = 3.5;
const MEASURE_S = 8;
/** Goals at 100,000 units: main-thread ms per second, and how many times less the renderer process works. */
const MAIN_GOAL = 45;
const RATIO_GOAL = 15;

interface Sample {
  /** main-thread ms per second */
  readonly main: number;
  /** renderer process ms per second, workers included */
  readonly process: number;
  readonly updates: number;
  readonly shown: number;
}
interface BenchPage {
  readonly bench: {
    ready: () => Promise<void>;
    start: (kind: Kind, n: number) => void;
    stop: () => void;
    count: () => { ticks: number; shown: number };
  };
}

/** Goals are printed, not asserted: how a machine with a busy neighbour fares says nothing about the code; ratios do. */
export async function run(print: (line: string) => void): Promise<void> {
  const outDir = await mkdtemp(join(tmpdir(), 'genglou-wall-bench-'));
  await build({
    root: join(projectRoot, 'test/bench/wall-page'),
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4000 },
  });
  const server = await preview({
    root: outDir,
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0, strictPort: false },
  });
  const browser = await openBrowser();
  try {
    const { page, errors } = await openPage(browser, { viewport: { width: 1012, height: 848 }, motion: true });
    const address = server.httpServer.address();
    await page.goto(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`);
    await page.evaluate(() => (window as unknown as BenchPage).bench.ready());
    const cdp = await page.context().newCDPSession(page);
    // CPU time of the main thread: what a busy neighbour takes from it is not counted
    await cdp.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
    await cdp.send('Performance.enable');
    const system = await browser.newBrowserCDPSession();
    for (const n of SIZES) {
      const got: Record<Kind, Sample[]> = { ours: [], setData: [] };
      for (let round = 0; round < ROUNDS; round++) for (const kind of KINDS) got[kind].push(await measure(page, cdp, system, kind, n));
      const [us, them] = [mean(got.ours), mean(got.setData)];
      const of = (s: Sample) => `main ${s.main.toFixed(0)} ms/s, renderer ${s.process.toFixed(0)} ms/s, shown ${s.shown} of ${s.updates}`;
      print(`${n.toLocaleString('en')} units  ours: ${of(us)}  |  setData: ${of(them)}`);
      print(`  setData / ours: main ${(them.main / us.main).toFixed(1)}x, renderer ${(them.process / us.process).toFixed(1)}x`);
      if (n === 100_000) {
        print(`  goal main <= ${MAIN_GOAL} ms/s: ${us.main <= MAIN_GOAL ? 'met' : 'missed'} (${us.main.toFixed(0)})`);
        print(
          `  goal renderer ${RATIO_GOAL}x less: ${them.process / us.process >= RATIO_GOAL ? 'met' : 'missed'} (${(them.process / us.process).toFixed(1)}x)`,
        );
        print(`  goal every update shown: ${us.shown >= us.updates ? 'met' : 'missed'} (${us.shown} of ${us.updates})`);
      }
    }
    if (errors.length) throw new Error(`the page reported: ${errors[0]}`);
  } finally {
    await browser.close();
    await server.close();
    await rm(outDir, { recursive: true, force: true });
  }
}

async function measure(page: Page, cdp: CDPSession, system: CDPSession, kind: Kind, n: number): Promise<Sample> {
  await page.evaluate(([k, size]) => (window as unknown as BenchPage).bench.start(k, size), [kind, n] as const);
  await page.waitForTimeout(WARM_S * 1000);
  const look = async () => {
    const metrics = (await cdp.send('Performance.getMetrics')).metrics as { name: string; value: number }[];
    const { processInfo } = (await system.send('SystemInfo.getProcessInfo')) as { processInfo: { type: string; cpuTime: number }[] };
    const value = (name: string) => metrics.find((m) => m.name === name)?.value ?? 0;
    const cpu = processInfo.filter((p) => p.type === 'renderer').reduce((sum, p) => sum + p.cpuTime, 0);
    const { ticks, shown } = await page.evaluate(() => (window as unknown as BenchPage).bench.count());
    return { at: performance.now() / 1000, main: value('TaskDuration'), cpu, ticks, shown };
  };
  const a = await look();
  await page.waitForTimeout(MEASURE_S * 1000);
  const b = await look();
  await page.evaluate(() => (window as unknown as BenchPage).bench.stop());
  await page.waitForTimeout(500);
  const s = b.at - a.at;
  return {
    main: ((b.main - a.main) / s) * 1000,
    process: ((b.cpu - a.cpu) / s) * 1000,
    updates: b.ticks - a.ticks,
    shown: b.shown - a.shown,
  };
}

function mean(list: readonly Sample[]): Sample {
  const of = (f: (s: Sample) => number) => list.reduce((sum, s) => sum + f(s), 0) / list.length;
  const sum = (f: (s: Sample) => number) => list.reduce((t, s) => t + f(s), 0);
  return { main: of((s) => s.main), process: of((s) => s.process), updates: sum((s) => s.updates), shown: sum((s) => s.shown) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(`# ${title}`);
  await run((line) => console.log(line));
}
