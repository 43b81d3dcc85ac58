import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const checkpoints = fileURLToPath(new URL('../../checkpoints', import.meta.url));

/** What the first run fetches: the runtime, by its content, and how much it is with the models. */
export function fetchedFirst() {
  const path = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  const runtime = readFileSync(path);
  const weights = readdirSync(checkpoints, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.safetensors'))
    .map((name) => statSync(`${checkpoints}/${name}`).size);
  const bytes = runtime.length + weights.reduce((sum, size) => sum + size, 0);
  return {
    sha256: createHash('sha256').update(runtime).digest('hex'),
    bytes: runtime.length,
    megabytes: Math.round(bytes / 1e6),
  };
}
