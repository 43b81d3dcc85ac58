/** The cache is shared with huggingface_hub: what one of the two programs fetched, the other one opens without the hub. */
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findModel } from '../../src/hub/find-model.ts';
import { pullModel } from '../../src/hub/pull.ts';
import { sha256, TOKEN } from './mock-hub.ts';
import { REPO, read, sent, setUpBench, WEIGHTS, WEIGHTS_PATH } from './setup.ts';

const python = process.env['PYTHON'] || 'python3';
const absence = (() => {
  try {
    execFileSync(python, ['-c', 'import huggingface_hub'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return `${python} has no huggingface_hub: set PYTHON to one that has`;
  }
})();
if (absence) console.warn(`test/hub/python.test.ts skipped: ${absence}`);
const withPython = test.skipIf(absence);

const bench = setUpBench();

async function run(script: string, env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(python, ['-W', 'error', '-c', script], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...bench.env,
      HF_HUB_DISABLE_XET: '1',
      HF_HUB_DISABLE_TELEMETRY: '1',
      ...env,
    },
  });
  return stdout.trim();
}

withPython('what campanile fetched, huggingface_hub opens offline', async () => {
  const folder = await pullModel(REPO, bench.options);
  const script = `
from huggingface_hub import hf_hub_download, snapshot_download, scan_cache_dir
folder = snapshot_download("${REPO}", local_files_only=True)
file = hf_hub_download("${REPO}", "${WEIGHTS_PATH}")
import hashlib
cache = scan_cache_dir()
(repo,) = cache.repos
(revision,) = repo.revisions
print(folder, hashlib.sha256(open(file, "rb").read()).hexdigest(), len(cache.warnings), repo.repo_id, len(revision.files), sorted(revision.refs))
`;
  const before = bench.hub.seen.length;
  expect(await run(script, { HF_HUB_OFFLINE: '1' })).toBe(
    `${folder} ${sha256(WEIGHTS)} 0 ${REPO} 8 ['main']`,
  );
  expect(bench.hub.seen.length).toBe(before);
});

withPython('what huggingface_hub fetched, campanile opens offline', async () => {
  const folder = await run(
    `from huggingface_hub import snapshot_download\nprint(snapshot_download("${REPO}", allow_patterns=["*.json", "unet/*.fp16.safetensors", "scheduler/*"]))`,
  );
  const env = { ...bench.env, HF_HUB_OFFLINE: '1' };
  const before = bench.hub.seen.length;
  expect(await findModel(REPO, { env })).toBe(folder);
  expect(await pullModel(REPO, { env })).toBe(folder);
  expect(bench.hub.seen.length).toBe(before);
  expect(sha256(await read(folder, WEIGHTS_PATH))).toBe(sha256(WEIGHTS));
});

withPython('each fetches only what the other has left out', async () => {
  await pullModel(REPO, bench.options);
  await run(`from huggingface_hub import snapshot_download\nsnapshot_download("${REPO}")`);
  const folder = await pullModel(REPO, { ...bench.options, text: true });
  expect(sent(bench, sha256(WEIGHTS))).toBe(WEIGHTS.length);
  expect(await findModel(REPO, { env: bench.env, text: true })).toBe(folder);
  const encoder = bench.hub.models[REPO]!.files['text_encoder/model.fp16-00001-of-00002.safetensors']!;
  expect(sent(bench, sha256(encoder))).toBe(encoder.length);
});

withPython(
  'the mock hub treats huggingface_hub as the real one does: its token stays away from the store',
  async () => {
    await run(
      `from huggingface_hub import snapshot_download\nsnapshot_download("${REPO}", allow_patterns=["unet/*"])`,
    );
    const store = bench.hub.seen.filter(({ server }) => server === 'store');
    expect(store.length).toBeGreaterThan(0);
    expect(store.filter(({ authorization }) => authorization?.includes(TOKEN))).toEqual([]);
  },
);
