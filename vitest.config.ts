import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { conditions: ['campanile-source'] },
  ssr: { resolve: { conditions: ['campanile-source'] } },
  test: {
    include: ['src/**/*.test.ts', 'site/**/*.test.ts', 'test/**/*.test.ts', 'training/scenes/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
