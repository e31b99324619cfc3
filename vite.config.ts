import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

/** `npm run build` writes dist/, which the server hands out; `npx vite` serves the sources and passes data through to a running server. */
export default defineConfig(({ mode }) => {
  const server = loadEnv(mode, '.', 'SERVER_').SERVER_URL ?? 'http://127.0.0.1:8080';
  const through = (ws: boolean) => ({ target: server, changeOrigin: true, ws });
  return {
    plugins: [react()],
    server: { proxy: { '/api': through(false), '/healthz': through(false), '/stream': through(true) } },
    build: {
      target: 'es2022',
      chunkSizeWarningLimit: 1400,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  };
});
