import { existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';

/** A browser that can be launched: the binary, what its environment needs, and where it was found. */
export interface BrowserBinary {
  readonly executablePath: string;
  readonly env: Readonly<Record<string, string>>;
  readonly source: 'CHROME_PATH' | 'system' | 'npm';
}

/** No traffic of the browser's own, and no sandbox because tests also run as root. */
const quietArgs: readonly string[] = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
/** WebGL 2 in software. */
export const browserArgs: readonly string[] = [...quietArgs, '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
/** No WebGL at all: everything but the map works, and no processor is spent on drawing one. */
export const maplessArgs: readonly string[] = [...quietArgs, '--disable-gpu', '--disable-3d-apis'];

const systemNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const systemPlaces = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
const libraryPlaces = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'];

/**
 * Find a browser: `CHROME_PATH`, else one of the system, else the Chromium inside `@sparticuz/chromium` (linux x64),
 * unpacked once for this user. `only: 'npm'` skips the first two.
 * @throws Error naming what to do when none of them is possible.
 */
export async function findBrowser(only?: 'npm'): Promise<BrowserBinary> {
  if (only !== 'npm') {
    const wanted = process.env.CHROME_PATH;
    if (wanted) {
      if (!existsSync(wanted)) throw new Error(`CHROME_PATH: no file at ${wanted}`);
      return { executablePath: wanted, env: {}, source: 'CHROME_PATH' };
    }
    const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
    const found = [...folders.flatMap((f) => systemNames.map((n) => join(f, n))), ...systemPlaces].find((p) => existsSync(p));
    if (found) return { executablePath: found, env: {}, source: 'system' };
  }
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('browser tests need Chrome or Chromium on this platform: install one, or set CHROME_PATH to its binary');
  return unpacked();
}

async function unpacked(): Promise<BrowserBinary> {
  const root = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const home = join(tmpdir(), `genglou-chromium-${version}-${userInfo().username}`);
  if (!existsSync(home)) await unpackInto(join(root, 'bin'), home);
  const about = await lstat(home);
  if (!about.isDirectory() || (process.getuid && about.uid !== process.getuid()))
    throw new Error(`${home} is not a folder of this user: remove it, or set TMPDIR to another place`);
  const hasLibraries = libraryPlaces.some((p) => existsSync(join(p, 'libnss3.so')));
  const env: Record<string, string> = {};
  if (!hasLibraries) env.LD_LIBRARY_PATH = [join(home, 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter);
  if (!existsSync('/etc/fonts/fonts.conf')) env.FONTCONFIG_PATH = join(home, 'fonts');
  return { executablePath: join(home, 'chromium'), env, source: 'npm' };
}

/** Unpack beside `home` and rename: two processes that start together never see half a browser. */
async function unpackInto(bin: string, home: string): Promise<void> {
  const inflate = promisify(brotliDecompress);
  const staging = await mkdtemp(`${home}-`);
  try {
    await writeFile(join(staging, 'chromium'), await inflate(await readFile(join(bin, 'chromium.br'))), { mode: 0o755 });
    await untar(await inflate(await readFile(join(bin, 'swiftshader.tar.br'))), staging);
    await untar(await inflate(await readFile(join(bin, 'al2023.tar.br'))), staging);
    await untar(await inflate(await readFile(join(bin, 'fonts.tar.br'))), join(staging, 'fonts'));
    await chmod(staging, 0o755);
    await rename(staging, home);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
}

/** Regular files of a ustar archive: 512-byte headers, name at 0, octal size at 124, type at 156, prefix at 345. */
async function untar(tar: Buffer, into: string): Promise<void> {
  const text = (from: number, length: number) => tar.toString('utf8', from, from + length).replace(/\0.*$/su, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    const prefix = text(at + 345, 155);
    const name = normalize(join(prefix, text(at, 100)));
    const type = String.fromCharCode(tar[at + 156] ?? 0);
    if ((type === '0' || type === '\0') && !name.startsWith('..') && !name.startsWith(sep)) {
      await mkdir(dirname(join(into, name)), { recursive: true });
      await writeFile(join(into, name), tar.subarray(at + 512, at + 512 + size), { mode: 0o755 });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
