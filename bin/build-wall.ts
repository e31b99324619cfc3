import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = ['web', 'model', 'geo', 'index.html', 'vite.config.ts', 'vite.clip.config.ts', 'package-lock.json'];
const stamp = join('dist', '.sources');

/** Every source file with its size and modification time: changes when, and only when, a build would. */
function fingerprint(): string {
  const hash = createHash('sha256');
  const visit = (path: string) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const source of sources) if (existsSync(source)) visit(source);
  return hash.digest('hex');
}

/** Build `dist/` with Vite, the wall and the viewer that clips carry, unless it is already built from these very sources. */
export async function buildWall(say: (line: string) => void): Promise<void> {
  const now = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) {
    say('[1/4] 大屏已是最新 the wall is up to date');
    return;
  }
  say('[1/4] 构建大屏 building the wall (about 20 s, only when its sources changed)');
  const { build } = await import('vite');
  // what asks for it may be a test with an environment of its own; the wall is never built for development
  const environment = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ logLevel: 'warn' });
    await build({ logLevel: 'warn', configFile: 'vite.clip.config.ts' });
  } finally {
    if (environment === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = environment;
  }
  writeFileSync(stamp, now);
  say('[2/4] 构建完成 built');
}
