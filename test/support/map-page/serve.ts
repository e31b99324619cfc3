import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { createServer, type ViteDevServer } from 'vite';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Serve the map page on a free loopback port; `street` is a folder with boundaries.geojson and basemap.geojson.
 * Returns the page's address and how to stop.
 * @throws Error when a file is missing.
 */
export async function serveMapPage(street: string): Promise<{ url: string; close: () => Promise<void> }> {
  for (const name of ['boundaries', 'basemap']) {
    const path = join(street, `${name}.geojson`);
    if (!existsSync(path)) throw new Error(`map page: ${path} is missing`);
  }
  const server: ViteDevServer = await createServer({
    root: projectRoot,
    configFile: false,
    logLevel: 'warn',
    cacheDir: join(projectRoot, 'node_modules', '.vite-map-page'),
    server: { host: '127.0.0.1', port: 0, strictPort: false, hmr: false, watch: null },
    optimizeDeps: { entries: ['test/support/map-page/main.tsx'], exclude: ['maplibre-gl'] },
    plugins: [
      react(),
      {
        name: 'street',
        configureServer(s) {
          s.middlewares.use('/street/', async (req, res) => {
            res.setHeader('content-type', 'application/json');
            res.end(await readFile(join(street, basename(new URL(req.url ?? '', 'http://x').pathname))));
          });
        },
      },
    ],
  });
  await server.listen();
  const address = server.httpServer?.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/test/support/map-page/index.html`, close: () => server.close() };
}
