/** From the hub to the page as a user types it, with the programs that a user has. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { experiments } from '../../src/experiments/index.ts';
import { COMMIT, type MockHub, startHub, TOKEN } from './mock-hub.ts';
import { randomStageOne, randomStageTwo } from './random-if.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const ONE = 'DeepFloyd/IF-I-M-v1.0';
const TWO = 'DeepFloyd/IF-II-M-v1.0';

let hub: MockHub;
let folder: string;
beforeAll(async () => {
  if (!existsSync(main)) throw new Error('dist is missing: npm run build');
  folder = await mkdtemp(join(tmpdir(), 'campanile-licence-'));
  const licensed = { licence: 'deepfloyd-if-license', gated: 'auto' } as const;
  hub = await startHub({
    [ONE]: { files: await randomStageOne(), ...licensed },
    [TWO]: { files: await randomStageTwo(), ...licensed },
  });
});
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true });
});

/** A command of the built program, in a folder and with caches of its own. */
async function campanile(args: string, env: Record<string, string>): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main, ...args.split(' ')], {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      HF_HOME: join(folder, 'hf'),
      CAMPANILE_CACHE: join(folder, 'own'),
      ...env,
    },
    maxBuffer: 1e8,
  });
  return stdout + stderr;
}

test('pull, embed, page: thirteen sections, and no step by hand between', { timeout: 600_000 }, async () => {
  const online = { HF_ENDPOINT: hub.url, HF_TOKEN: TOKEN };
  const offline = { HF_HUB_OFFLINE: '1' };
  expect(await campanile(`model pull ${ONE} --text`, online)).toContain(`use it with --checkpoint ${ONE}`);
  expect(await campanile(`model pull ${TWO}`, online)).toContain(`use it with --upscaler ${TWO}`);

  const info = await campanile(`model info ${TWO}`, offline);
  expect(info).toMatch(/^Stage II in .*\n {2}64 × 64 pixels/);
  expect(info).toContain('The watermark is present as a description, without weights');

  expect(await campanile(`embed --page --checkpoint ${ONE}`, offline)).toMatch(/\d\d prompts in prompts/);
  // From here on as on a machine that has no text encoder.
  const snapshot = join(folder, 'hf/hub/models--DeepFloyd--IF-I-M-v1.0/snapshots', COMMIT);
  await rm(join(snapshot, 'text_encoder'), { recursive: true });
  await rm(join(snapshot, 'tokenizer'), { recursive: true });

  const models = `--checkpoint ${ONE} --upscaler ${TWO} --prompts prompts.safetensors`;
  const said = await campanile(`page ${models} --threads 1`, offline);
  expect(said).toContain(`${experiments.length} sections, `);
  const page = await readFile(join(folder, 'out/index.html'), 'utf8');
  expect(page.match(/<section/g)).toHaveLength(13);
  expect(page).toContain(`${ONE}, 32 × 32`);
  expect(page).toContain(`${TWO}, 64 × 64`);
});
