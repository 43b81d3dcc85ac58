#!/usr/bin/env bash
# The package as its users get it: packed, installed into an empty folder without install scripts, then used from
# node, from a minified bundle, and through npx. Needs a registry of npm packages.
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
say() { echo "packed: $*"; }

cd "$project"
tarball=$(npm pack --silent --pack-destination "$place" | tail -1)
say "$tarball, $(du -h "$place/$tarball" | cut -f1), on Node $(node -v)"

mkdir "$place/user" && cd "$place/user"
npm init --yes >/dev/null
npm install --ignore-scripts --no-audit --no-fund "$place/$tarball" 2>&1 | tee "$place/install.log"
if grep -qi 'EBADENGINE\|deprecated' "$place/install.log"; then say 'the installation warned'; exit 1; fi

cat > sample.mjs <<'JS'
import { ddpm, denoise, endingClean, guided, noiseStream, openModels, savePicture, strided } from 'campanile';

const [file] = process.argv.slice(2);
const { base, close } = await openModels();
const noise = noiseStream(180, [1, 3, 64, 64]);
const { alphaBar, threshold } = base;
const estimator = guided(base.estimator('a rocket ship'), base.estimator(''), 7);
const timesteps = endingClean(strided(990, 0, 330));
const walk = denoise(noise('start', 990), { estimator, alphaBar, threshold, timesteps, sampler: ddpm(), noise });
let step = await walk.next();
while (!step.done) step = await walk.next();
await savePicture(file, step.value);
await close();
JS
node --no-warnings sample.mjs node.png
# The thread of the engine is a file of its own, so a second entry of the bundle, beside the first.
"$project/node_modules/.bin/esbuild" bundle=sample.mjs \
  engine-thread=node_modules/campanile/dist/platform/node/engine-thread.js \
  --bundle --minify --platform=node --format=esm --log-level=error --outdir=bundled \
  --external:onnxruntime-node --external:sharp \
  --banner:js="import{createRequire}from'node:module';const require=createRequire(import.meta.url);"
echo '{ "type": "module" }' > bundled/package.json
node bundled/bundle.js bundle.png
cmp node.png bundle.png
say "node and a bundle of $(du -k bundled/bundle.js | cut -f1) kB make the same picture"

npx --no-install campanile sample 'a rocket ship' --steps 2 --no-upscale --out npx-out
[ "$(find npx-out/sample -name '*.png' | wc -l)" = 1 ]
npx --no-install campanile --version
say 'npx campanile sample makes a picture'
