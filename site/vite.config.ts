import { defineConfig, type Plugin } from 'vite';

/** What the package carries anyway: not packed a second time, `campanile site` copies it from there. */
const carriedBy: readonly (readonly [path: RegExp, from: string])[] = [
  [/^(?:\.\.\/)*((?:checkpoints|pictures)\/.*)$/, '$1'],
  [/^assets\/(ort-wasm-simd-threaded)-[\w-]+\.wasm$/, 'onnxruntime-web/$1.wasm'],
];
/** The figures compute with WebAssembly: the larger runtime that knows WebGPU is never asked for. */
const NEVER_ASKED_FOR = /webgpu-thread|asyncify/;

const leftOut = (): Plugin => ({
  name: 'left-out',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      const carried: Record<string, string> = {};
      for (const [file, asset] of Object.entries(bundle)) {
        if (NEVER_ASKED_FOR.test(file)) delete bundle[file];
        if (asset.type !== 'asset') continue;
        for (const known of [asset.originalFileNames[0] ?? '', file]) {
          const [path, from] = carriedBy.find(([path]) => path.test(known)) ?? [];
          if (!path || from === undefined || file in carried) continue;
          carried[file] = known.replace(path, from);
          delete bundle[file];
        }
      }
      this.emitFile({ type: 'asset', fileName: 'carried.json', source: JSON.stringify(carried, null, 1) });
    },
  },
});

/** The live part of the site, in dist/site: `live.js`, which a page loads, and what that loads when somebody asks for it. */
export default defineConfig({
  base: './',
  plugins: [leftOut()],
  worker: { format: 'es' },
  build: {
    outDir: '../dist/site',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: new URL('live.ts', import.meta.url).pathname,
      output: { entryFileNames: 'live.js' },
    },
  },
  resolve: { conditions: ['campanile-source', 'browser', 'module', 'import', 'default'] },
});
