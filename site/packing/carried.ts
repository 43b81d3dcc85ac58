import type { Plugin } from 'vite';

/** What the package carries anyway: not packed a second time, `campanile site` copies it from there. */
const carriedBy: readonly (readonly [path: RegExp, from: string])[] = [
  [/^(?:\.\.\/)*((?:checkpoints|pictures)\/.*)$/, '$1'],
  [/^assets\/(ort-wasm-simd-threaded)-[\w-]+\.wasm$/, 'onnxruntime-web/$1.wasm'],
];
/** The figures compute with WebAssembly: the larger runtime that knows WebGPU is never asked for. */
const NEVER_ASKED_FOR = /webgpu-thread|asyncify/;

/** Files of the site that `campanile site` will copy, by what they are called there. */
export const carriedFiles: Record<string, string> = {};

/** Leaves out what the package carries, and says in carried.json where each file comes from. */
export const carried = (): Plugin => ({
  name: 'carried',
  generateBundle: {
    order: 'post',
    handler(_, bundle) {
      for (const [file, asset] of Object.entries(bundle)) {
        if (NEVER_ASKED_FOR.test(file)) delete bundle[file];
        if (asset.type !== 'asset') continue;
        for (const known of [asset.originalFileNames[0] ?? '', file]) {
          const [path, from] = carriedBy.find(([path]) => path.test(known)) ?? [];
          if (!path || from === undefined || file in carriedFiles) continue;
          carriedFiles[file] = known.replace(path, from);
          delete bundle[file];
        }
      }
      const source = JSON.stringify(carriedFiles, null, 1);
      this.emitFile({ type: 'asset', fileName: 'carried.json', source });
    },
  },
});
