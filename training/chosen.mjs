// Writes what an eye chose: node training/chosen.mjs OUT.json PICTURE.png …
// The pictures are those that `campanile illusion`, or a search, drew with the weights that are here: what is kept of each is the recipe
// inside it, so that it is drawn again on the page and listed by `campanile pairs`. Needs the build (npm run build).
import fs from 'node:fs';
import { readRecipe } from '../dist/images/png.js';
import { EMBEDDED } from '../dist/models/embedded.js';
import { openModel } from '../dist/models/open.js';

const [out, ...pictures] = process.argv.slice(2);
const base = await openModel(EMBEDDED, { threads: 1 });
const weights = base.fingerprint;
await base.close();

const illusions = pictures.map((file) => {
  const told = readRecipe(fs.readFileSync(file));
  if (told?.experiment !== 'illusion') throw new Error(`${file} is no picture of campanile illusion`);
  if (told.recipe.base !== weights)
    throw new Error(`${file} was drawn with other weights than those that are here`);
  const {
    prompts,
    views,
    near = [],
    sigma,
    guidance,
    weights: shares,
    balance,
    steps,
    preset,
    sampler,
    seed,
  } = told.params;
  const sides = { prompts, views: views.slice(0, prompts.length), ...(near.length > 0 && { near, sigma }) };
  return { ...sides, guidance, weights: shares, balance, steps, preset, sampler, seed };
});
fs.writeFileSync(out, `${JSON.stringify({ weights, illusions }, undefined, 1)}\n`);
console.log(`${illusions.length} illusions`);
