import address from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { keepRuntime, type RuntimeFile } from '../src/platform/browser/engine.ts';

/** What vite.config.ts knows of the files that are fetched. */
declare const FETCHED: { readonly sha256: string; readonly bytes: number; readonly megabytes: number };

/** The site's runtime, which is fetched and kept as its models are. */
export const runtimeFile: RuntimeFile = { address, sha256: FETCHED.sha256, bytes: FETCHED.bytes };
keepRuntime(runtimeFile);

/** Of runtime and models together, which the first run fetches. */
export const { megabytes } = FETCHED;
