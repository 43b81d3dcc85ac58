import { mkdir, mkdtemp, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { findModel } from './find-model.ts';
import { nameOfModel } from './names.ts';

const REPO = 'owner/name';
const OLD = '0'.repeat(40);
const NEW = '1'.repeat(40);
const STAGE = ['model_index.json', 'unet/config.json', 'unet/diffusion_pytorch_model.safetensors'];

let env: Record<string, string>;
let repo: string;
beforeEach(async () => {
  env = { HF_HUB_CACHE: await mkdtemp(join(tmpdir(), 'campanile-find-')) };
  repo = join(env['HF_HUB_CACHE']!, 'models--owner--name');
});

async function put(path: string, content = '{}'): Promise<void> {
  await mkdir(dirname(join(repo, path)), { recursive: true });
  await writeFile(join(repo, path), content);
}
const snapshot = async (commit: string, files: readonly string[]) => {
  for (const file of files) await put(`snapshots/${commit}/${file}`);
};

test('a folder is itself, even without anything in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'campanile-folder-'));
  expect(await findModel(folder, { env })).toBe(folder);
});

test('a snapshot is called what the hub calls it, any other folder by its own name', async () => {
  await snapshot(OLD, STAGE);
  expect(nameOfModel(await findModel(REPO, { env }))).toBe(REPO);
  expect(nameOfModel('/somewhere/my-model/')).toBe('my-model');
});

test('a name stands for what main was', async () => {
  await snapshot(OLD, STAGE);
  await snapshot(NEW, STAGE);
  await put('refs/main', OLD);
  await put('refs/v2', NEW);
  expect(await findModel(REPO, { env })).toBe(join(repo, 'snapshots', OLD));
  expect(await findModel(`${REPO}@v2`, { env })).toBe(join(repo, 'snapshots', NEW));
  expect(await findModel(`${REPO}@${NEW}`, { env })).toBe(join(repo, 'snapshots', NEW));
});

test('without main, and with a main of which only the description was fetched, the newest whole copy is taken', async () => {
  await snapshot(OLD, STAGE);
  await snapshot(NEW, STAGE);
  await utimes(join(repo, 'snapshots', OLD), new Date(1e12), new Date(1e12));
  expect(await findModel(REPO, { env })).toBe(join(repo, 'snapshots', NEW));
  const later = '2'.repeat(40);
  await snapshot(later, ['model_index.json']);
  await put('refs/main', later);
  expect(await findModel(REPO, { env })).toBe(join(repo, 'snapshots', NEW));
});

test('an absent model is named with the command that fetches it', async () => {
  await expect(findModel(REPO, { env })).rejects.toMatchObject({
    code: 'model-absent',
    hint: 'run: campanile model pull owner/name',
  });
  await expect(findModel(`${REPO}@v2`, { env, text: 'only' })).rejects.toMatchObject({
    hint: 'run: campanile model pull owner/name --revision v2 --text-only',
  });
  await expect(findModel('no/such/folder', { env })).rejects.toMatchObject({
    code: 'model-absent',
    message: 'there is no folder no/such/folder',
  });
});

test('a snapshot whose link leads nowhere is not a model', async () => {
  await snapshot(OLD, STAGE.slice(0, 2));
  await symlink('../../../blobs/gone', join(repo, 'snapshots', OLD, STAGE[2]!));
  await expect(findModel(REPO, { env })).rejects.toMatchObject({ code: 'model-absent' });
});

test('the text encoder is looked for on its own', async () => {
  await snapshot(OLD, STAGE);
  await expect(findModel(REPO, { env, text: 'only' })).rejects.toMatchObject({ code: 'model-absent' });
  await snapshot(OLD, [
    'text_encoder/config.json',
    'text_encoder/model.safetensors',
    'tokenizer/spiece.model',
  ]);
  expect(await findModel(REPO, { env, text: 'only' })).toBe(join(repo, 'snapshots', OLD));
});
