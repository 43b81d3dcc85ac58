import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { carried } from './packing/carried.ts';
import { fetchedFirst } from './packing/fetched-first.ts';
import { installable } from './packing/installable.ts';

const own = (file: string) => new URL(file, import.meta.url).pathname;

/**
 * The site, in dist/site: `live.js`, which a page loads, and what that loads when somebody asks for it; the studio that needs no
 * server; what keeps both for when there is no network.
 */
export default defineConfig({
  base: './',
  plugins: [react(), carried(), installable()],
  logLevel: 'warn',
  define: { FETCHED: JSON.stringify(fetchedFirst()) },
  worker: { format: 'es', rolldownOptions: { checks: { pluginTimings: false } } },
  build: {
    outDir: '../dist/site',
    emptyOutDir: true,
    target: 'es2022',
    // What knows light-dark(): made for older ones, it asks for a color-scheme that other people's pages do not name.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      checks: { pluginTimings: false },
      // What a page loads, the element alone for other people's pages, and the studio's own page.
      input: { live: own('live.ts'), figure: own('element.ts'), studio: own('studio/index.html') },
      output: {
        entryFileNames: ({ name }) => (name === 'studio' ? 'assets/[name]-[hash].js' : '[name].js'),
      },
    },
  },
  resolve: { conditions: ['campanile-source', 'browser', 'module', 'import', 'default'] },
});
