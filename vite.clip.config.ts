import { defineConfig } from 'vite';

/** The viewer of after-action clips: one script that the server writes into each clip. It brings its styles along and asks for nothing. */
export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    modulePreload: false,
    lib: { entry: 'web/clip/main.ts', formats: ['iife'], name: 'genglouClip', fileName: () => 'clip-viewer.js' },
  },
});
