// Throws damaged files at the readers that take files from strangers, and watches them from outside.
//
//   npm run build && node test/fuzz/fuzz.mjs [seconds per reader, 60]
//
// A reader passes when every file is either read or refused with a CheckpointError, none takes longer than five seconds,
// and the process never holds more than 512 MB. What fails is kept under fuzz-failures/.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

const MAX_MB = 512;
const HANG_MS = 5000;
const seconds = Number(process.argv[2] ?? 60);
const oracle = new URL('../oracle/', import.meta.url);
const dist = new URL('../../dist/', import.meta.url);

const readers = {
  async pickle() {
    const { readTorch, tensorsOf } = await import(new URL('checkpoint/torch-zip.js', dist));
    return {
      seeds: filesIn('pth/', '.pth'),
      read(file) {
        for (const found of tensorsOf(readTorch(file)).values()) found.tensor();
      },
    };
  },
  async safetensors() {
    const { parseHeader } = await import(new URL('checkpoint/safetensors.js', dist));
    return {
      seeds: [...filesIn('pth/', '.safetensors'), ...filesIn('tiny-if/text_encoder/', '.safetensors')],
      read(file) {
        if (file.length < 8) return;
        const length = Math.min(Number(file.readBigUInt64LE()), file.length - 8);
        parseHeader(file.subarray(8, 8 + length), file.length, 'fuzz.safetensors');
      },
    };
  },
  async 'spiece.model'() {
    const { tokenizerFromSentencePiece } = await import(new URL('text/tokenizer.js', dist));
    return {
      seeds: filesIn('tiny-if/tokenizer/', '.model'),
      read: async (file) =>
        void (await tokenizerFromSentencePiece(file)).encode('an ﬁne photo of the Campanile</s>'),
    };
  },
};

if (isMainThread) for (const name of Object.keys(readers)) await watch(name);
else await attack(workerData);

/** Runs a reader in a thread of its own, which counts files and writes the one at hand where we can see it. */
async function watch(name) {
  const counts = new Int32Array(new SharedArrayBuffer(12));
  const current = new Uint8Array(new SharedArrayBuffer(2 ** 20));
  const worker = new Worker(new URL(import.meta.url), { workerData: { name, counts, current } });
  let peakMb = 0;
  let problem;
  const ended = new Promise((resolve) => {
    worker.once('error', (error) => {
      problem ??= error.stack ?? String(error);
      resolve();
    });
    worker.once('exit', resolve);
  });
  let before = -1;
  let since = Date.now();
  const started = Date.now();
  const watcher = setInterval(() => {
    peakMb = Math.max(peakMb, process.memoryUsage().rss / 2 ** 20);
    const done = Atomics.load(counts, 0);
    if (done !== before) [before, since] = [done, Date.now()];
    if (Date.now() - since > HANG_MS + (done === 0 ? HANG_MS : 0))
      problem ??= `a file takes more than ${HANG_MS} ms`;
    if (peakMb > MAX_MB) problem ??= `${peakMb.toFixed(0)} MB are held, at most ${MAX_MB} allowed`;
    if (problem || Date.now() - started > seconds * 1000) worker.terminate();
  }, 20);
  await ended;
  clearInterval(watcher);
  console.log(
    `${name}: ${counts[0]} files in ${seconds} s, ${counts[1]} read, ${counts[0] - counts[1]} refused, peak ${peakMb.toFixed(0)} MB${problem ? `, FAILS: ${problem}` : ''}`,
  );
  if (problem) {
    mkdirSync('fuzz-failures', { recursive: true });
    writeFileSync(`fuzz-failures/${name}.bin`, current.subarray(0, counts[2]));
    process.exitCode = 1;
  }
}

async function attack({ name, counts, current }) {
  const { CampanileError } = await import(new URL('errors.js', dist));
  const { seeds, read } = await readers[name]();
  for (;;) {
    const file = damage(seeds[below(seeds.length)], seeds);
    counts[2] = Math.min(file.length, current.length);
    current.set(file.subarray(0, counts[2]));
    try {
      await read(file);
      counts[1]++;
    } catch (error) {
      if (!(error instanceof CampanileError)) throw error;
    }
    Atomics.add(counts, 0, 1);
  }
}

/** One to eight damages: bytes set, bits turned, numbers made extreme, parts cut, doubled, or taken from another file. */
function damage(seed, seeds) {
  let file = Buffer.from(seed);
  for (let n = 1 + below(8); n > 0 && file.length > 0; n--) {
    const at = place(file.length);
    const kind = below(8);
    if (kind === 0) file[at] = below(256);
    else if (kind === 1) file[at] ^= 1 << below(8);
    else if (kind === 2) file.subarray(at, at + 1 + below(8)).fill([0, 0xff, 0x7f, 0x28, 0x30][below(5)]);
    else if (kind === 3) file = Buffer.concat([file.subarray(0, at), file.subarray(at + 1 + below(16))]);
    else if (kind === 4) file = Buffer.concat([file.subarray(0, at + 1 + below(64)), file.subarray(at)]);
    else if (kind === 5) file = file.subarray(0, below(4) ? file.length - below(64) : at);
    else if (kind === 6) file.write(String(2 ** below(70)), at);
    else {
      const other = seeds[below(seeds.length)];
      const from = place(other.length);
      file = Buffer.concat([
        file.subarray(0, at),
        other.subarray(from, from + below(200)),
        file.subarray(at),
      ]);
    }
  }
  return file;
}

/** Mostly in the first and last kilobytes, where headers, pickles and directories are. */
function place(length) {
  const edge = Math.min(length, 2048);
  return [below(edge), length - 1 - below(edge), below(length)][below(3)];
}

function below(n) {
  return Math.floor(Math.random() * n);
}

function filesIn(folder, ending) {
  const url = new URL(folder, oracle);
  const names = readdirSync(url).filter((name) => name.endsWith(ending));
  return names.map((name) => readFileSync(new URL(name, url)));
}
