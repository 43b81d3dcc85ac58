// The command's own code and the small libraries it is made of in few files: read one by one, some 350 of them took longer to load
// than a picture to begin. The library stays as the compiler writes it. Runs after it, on its result; see docs/decisions/0009-bundled-command.md.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const dist = join(root, 'dist');
const CHUNKS = 'bundled';
/** What is taken in. Packages with code of the machine, and those that only heavy commands load, stay where they are. */
const taken = ['fflate', 'fastify-type-provider-zod', 'zod'];
const packageOf = (specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)[0];

/** @type {import('esbuild').Plugin} */
const ownCode = {
  name: 'own code',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^.#/]/ }, ({ path, kind }) =>
      kind === 'entry-point' || taken.includes(packageOf(path)) ? undefined : { path, external: true },
    );
    // Files that are found from where the code lies are found from there still: a bundle lies one folder deep, too.
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!path.startsWith(dist + sep)) return undefined;
      const from = relative(dist, path).split(sep).join('/');
      const here = `new URL(${JSON.stringify(`../${from}`)}, import.meta.url).href`;
      return { contents: (await readFile(path, 'utf8')).replaceAll('import.meta.url', here), loader: 'js' };
    });
  },
};

await rm(join(dist, CHUNKS), { recursive: true, force: true });
await build({
  entryPoints: [join(dist, 'cli/main.js')],
  outdir: dist,
  outbase: dist,
  chunkNames: `${CHUNKS}/[name]-[hash]`,
  allowOverwrite: true,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  plugins: [ownCode],
});
const licences = taken.map(async (name) => {
  const text = await readFile(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
  return `# ${name}\n\n${text.trim()}\n`;
});
await writeFile(join(dist, CHUNKS, 'LICENSES.md'), (await Promise.all(licences)).join('\n'));
