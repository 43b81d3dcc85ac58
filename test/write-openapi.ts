/** Writes openapi.json anew after a change of routes or parameters: `npm run openapi`. */
import { writeFile } from 'node:fs/promises';
import { everyExperiment } from '../src/experiments/index.ts';
import { describeApi } from '../src/server/openapi.ts';

const file = new URL('../openapi.json', import.meta.url);
await writeFile(file, `${JSON.stringify(await describeApi(everyExperiment), null, 2)}\n`);
