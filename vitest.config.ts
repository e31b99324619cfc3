import { defineConfig } from 'vitest/config';

const common = { environment: 'node' as const, pool: 'forks' as const, testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['**/node_modules/**', 'test/**/*.srv.test.ts'],
        },
      },
      { test: { ...common, name: 'server', include: ['test/**/*.srv.test.ts', 'test/**/*.fault.ts'], testTimeout: 180_000 } },
      {
        test: {
          ...common,
          name: 'browser',
          include: ['test/**/*.e2e.ts'],
          testTimeout: 240_000,
          fileParallelism: false,
          globalSetup: ['test/e2e/setup.ts'],
        },
      },
    ],
  },
});
