import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import type { Express, Request, Response } from 'express';
import type { Bodies } from './bodies.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};
/** Formats that are compressed already. */
const PACKED = new Set(['.png', '.webp', '.woff2', '.woff', '.ico']);
const FOREVER = 'public, max-age=31536000, immutable';

const notBuilt = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>更楼 Genglou</title>
<p>大屏尚未构建，请运行 npm run build。The wall is not built yet: run "npm run build".`;

/** The wall's files from `dist/`: names with a hash are kept for ever, every page address gets index.html. */
export function servePages(app: Express, dist: string, bodies: Bodies) {
  app.get('/', (_req, res) => res.redirect(302, '/wall'));
  app.get(/^\/(wall|incidents|patrol|sensing)(\/.*)?$/, (req, res) => page(req, res));
  app.get(/^\/(?!api\/|stream).+\.\w+$/, async (req, res, next) => {
    const file = join(dist, normalize(decodePath(req.path)));
    if (!file.startsWith(join(dist, '/')) || !existsSync(file)) return next();
    const stat = statSync(file);
    if (!stat.isFile()) return next();
    const ending = extname(file).toLowerCase();
    res.setHeader('Cache-Control', req.path.startsWith('/assets/') ? FOREVER : 'no-cache');
    await bodies.send(req, res, {
      type: TYPES[ending] ?? 'application/octet-stream',
      tag: `${req.path} ${stat.size}-${stat.mtimeMs}`.replace(/[^\x21\x23-\x7e]/g, '_'),
      bytes: readFileSync(file),
      packed: PACKED.has(ending),
    });
  });

  async function page(req: Request, res: Response) {
    const index = join(dist, 'index.html');
    const built = existsSync(index);
    res.status(built ? 200 : 503).setHeader('Cache-Control', 'no-cache');
    const bytes = built ? readFileSync(index) : Buffer.from(notBuilt);
    await bodies.send(req, res, { type: TYPES['.html']!, tag: built ? `index-${statSync(index).mtimeMs}` : 'not-built', bytes });
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '/';
  }
}
