import { defineConfig } from 'vitest/config';

/** Conditions are waited for as long as a loaded machine may need; the time limit of the test ends what never comes. */
const common = {
  expect: { poll: { timeout: 60_000 } },
  environment: 'node' as const,
  pool: 'forks' as const,
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

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
      {
        test: {
          ...common,
          name: 'server',
          include: ['test/**/*.srv.test.ts', 'test/**/*.fault.ts'],
          testTimeout: 180_000,
          globalSetup: ['test/support/server-setup.ts'],
        },
      },
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
