// Experiment 7 as the page runs it: five pictures from pure noise with guidance 7. Usage: guidance.mjs FOLDER THREADS [DEVICE]
import guidance from '../dist/experiments/guidance.js';
import { runExperiment } from '../dist/experiments/runner.js';
import { openModel } from '../dist/models/open.js';
import { answerLines, timed } from './child.mjs';

const [folder, threads, device = 'cpu'] = process.argv.slice(2);
const base = await openModel(folder, { threads: Number(threads), device });
async function experiment() {
  for await (const _ of runExperiment(guidance, {}, { base }));
}
await answerLines({}, () => timed(experiment));
await base.close();
