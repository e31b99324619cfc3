import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { createServer, type ViteDevServer } from 'vite';
import { basemap, boundaries } from '../../../seed/street/geojson.ts';
import { buildStreet } from '../../../seed/street/street.ts';

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url));

/** Serve the map page with the demonstration street on a free loopback port. Returns the page's address and how to stop. */
export async function serveMapPage(): Promise<{ url: string; close: () => Promise<void> }> {
  const street = buildStreet();
  const files: Record<string, string> = {
    'boundaries.geojson': JSON.stringify(boundaries(street)),
    'basemap.geojson': JSON.stringify(basemap(street)),
  };
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
          s.middlewares.use('/street/', (req, res) => {
            res.setHeader('content-type', 'application/json');
            res.end(files[basename(new URL(req.url ?? '', 'http://x').pathname)] ?? '');
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
