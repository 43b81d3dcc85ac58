import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a page fetches before weights and runtime, with the budget in kB of gzip where there is one. */
const bundles: [name: string, contents: string, budget?: number][] = [
  ['campanile/diffusion', `export * from 'campanile/diffusion';`, 12],
  ['campanile/illusions', `export * from 'campanile/illusions';`],
  [
    'inference',
    `export { openModels, denoise, ddpm, guided, noiseStream, spaced, toPicture } from 'campanile';`,
    90,
  ],
  ['campanile', `export * from 'campanile';`],
  ['campanile/experiments', `export * from 'campanile/experiments';`],
];

/** Minified for a browser; an import of Node's that is left is an error of the bundler. */
async function bundled(contents: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['campanile-source'],
    external: ['onnxruntime-web'],
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]!.contents;
}

test.each(bundles)(
  '%s loads in a browser, and is as small as it should be',
  async (...[name, contents, budget]: (typeof bundles)[number]) => {
    const code = await bundled(contents);
    const kilobytes = gzipSync(code, { level: 9 }).length / 1000;
    console.log(`${name}: ${kilobytes.toFixed(1)} kB of gzip${budget ? `, at most ${budget}` : ''}`);
    const text = new TextDecoder().decode(code);
    expect(text).not.toMatch(/\bBuffer\.(?:from|alloc|concat)\b|from\s*["']node:/);
    if (budget !== undefined) expect(kilobytes).toBeLessThan(budget);
  },
);

test('every entry that is not the server is bundled here', () => {
  const { exports } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { exports: object };
  const entries = Object.keys(exports).filter((entry) => !['./server', './package.json'].includes(entry));
  const names = entries.map((entry) => entry.replace(/^\./, 'campanile'));
  expect(bundles.map(([name]) => name)).toEqual(expect.arrayContaining(names));
});
