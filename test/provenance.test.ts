import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const folders = ['campanile', 'campanile-ii'].map(
  (name) => new URL(`../checkpoints/${name}/`, import.meta.url),
);

test.each(folders)('%s holds the files its provenance names, bit for bit', (folder) => {
  if (!existsSync(new URL('provenance.json', folder))) return;
  const { sha256 } = JSON.parse(readFileSync(new URL('provenance.json', folder), 'utf8')) as {
    sha256: Record<string, string>;
  };
  for (const [file, hash] of Object.entries(sha256))
    expect(
      createHash('sha256')
        .update(readFileSync(new URL(file, folder)))
        .digest('hex'),
      file,
    ).toBe(hash);
});
