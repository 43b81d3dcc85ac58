import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server shows dist/studio at studio/, wherever it stands itself; `npx vite studio` serves it with the API of a running `campanile serve`. */
export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: '../dist/studio',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
  resolve: { conditions: ['campanile-source', 'browser', 'module', 'import', 'default'] },
  server: { proxy: { '/v1': 'http://127.0.0.1:7860' } },
});
