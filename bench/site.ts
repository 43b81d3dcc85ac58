/**
 * Measures the site in a real browser, beside Node in the same run:
 *
 *     npm run build && npm run build:studio && npx tsx -C campanile-source bench/site.ts
 *
 * Times on a machine with other work are those of that work; processor time holds.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { everyExperiment, pictureBook, runExperiment } from '../src/experiments/index.ts';
import { openModels } from '../src/models/embedded.ts';
import { madeHere, openTab, runInTab } from '../test/browser/in-tab.ts';
import { root } from '../test/browser/site.ts';
import { serveFolder } from '../test/browser/static.ts';
import { launch, openPage } from '../test/studio/browser.ts';

/** tsx gives functions their names by a helper, which pages do not have. */
const KEEP_NAMES = 'globalThis.__name ??= (named) => named;';
const tenSteps = (seed: number) => ({ experiment: 'sample', params: { upscale: false, seed } });
const top = mkdtempSync(join(tmpdir(), 'campanile-bench-'));
const folder = join(top, 'site');
const words = ['dist/cli/main.js', 'site', folder, '--only', 'forward,one-step', '--out', join(top, 'out')];
execFileSync(process.execPath, words, { cwd: root });
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
const compute = files.find((file) => /^assets\/compute-.*\.js$/.test(file))!;
const [browser, host] = await Promise.all([launch(), serveFolder(top)]);
const session = await browser.newBrowserCDPSession();
const site = `${host.address}/site/`;

const kilobytes = (name: string, pack: (bytes: Buffer) => Buffer) =>
  (pack(readFileSync(join(folder, name))).length / 1000).toFixed(1);
const say = (name: string, value: string) => console.log(`${name.padEnd(58)} ${value}`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const sayVisit = (
  name: string,
  { first, whole }: Pick<Awaited<ReturnType<typeof visit>>, 'first' | 'whole'>,
) => {
  say(`${name}: first guided step / picture of ten`, `${seconds(first.wall)} / ${seconds(whole.wall)}`);
  say(
    "  the renderer's processor time until then",
    `${seconds(first.processor)} / ${seconds(whole.processor)}`,
  );
};

/**
 * The studio's own page with a script that runs two recipes in its worker and says so in the title. Nobody listens to it: tools that do
 * have the browser keep a copy of all that is fetched, 43 MB, in the memory that is to be measured.
 */
const MEASURED = 'studio/measured.html';
const script = `
  ${KEEP_NAMES}
  ${readFileSync(createRequire(import.meta.url).resolve('comlink/dist/umd/comlink.js'), 'utf8')}
  const made = ${madeHere};
  const recipe = ${tenSteps};
  const seed = Number(new URLSearchParams(location.search).get('seed'));
  const compute = ${JSON.stringify(compute)};
  (async () => {
    const began = performance.now();
    const { steps, error } = await made([compute, recipe(seed)]);
    // Once more in the open tab: what a step takes when everything is there.
    const again = error ? { steps: [] } : await made([compute, recipe(seed + 1000)]);
    const result = JSON.stringify({ first: steps.map((step) => began + step), again: again.steps, error });
    setInterval(() => { document.title = result; }, 50);
  })();
`;
writeFileSync(join(folder, 'studio/measured.js'), script);
const page = readFileSync(join(folder, 'studio/index.html'), 'utf8');
writeFileSync(join(folder, MEASURED), `${page}<script src="measured.js"></script>`);

/** Milliseconds since the page was opened to each step, then those of the second picture since it was asked for. */
interface Measured {
  readonly first: readonly number[];
  readonly again: readonly number[];
  readonly error?: string;
}

async function renderers(): Promise<number[]> {
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as {
    processInfo: { type: string; id: number }[];
  };
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

/** What the system says of a process that may have ended. */
const told = (id: number, file: 'status' | 'stat'): string => {
  try {
    return readFileSync(`/proc/${id}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

/** Most memory that one of them has, in MB. */
const memory = (ids: readonly number[]): number =>
  Math.max(...ids.map((id) => Number(/VmRSS:\s+(\d+)/.exec(told(id, 'status'))?.[1] ?? 0))) / 1000;

/** Milliseconds of processor that they have used in all their threads. */
function processorTime(ids: readonly number[]): number {
  const ticks = ids.flatMap((id) => {
    const [, rest = ''] = told(id, 'stat').split(') ');
    return rest.split(' ').slice(11, 13).map(Number); // user and system, a hundred a second
  });
  return 10 * ticks.reduce((sum, some) => sum + some, 0);
}

const betweenSteps = (steps: readonly number[]) =>
  Math.min(...steps.slice(1).map((time, i) => time - steps[i]!));

/** Each visit draws other pictures: what is finished is not drawn again. */
async function visit(seed: number) {
  // A later visit comes to a process of its own: that of the one before lives on with its service worker for a while.
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{ type: 'service_worker' }] });
  // One may have ended meanwhile, by itself.
  for (const { targetId } of targetInfos)
    await session.send('Target.closeTarget', { targetId }).catch(() => undefined);
  await sleep(5000);
  const before = processorTime(await renderers());
  const opened = performance.now();
  const { targetId } = await session.send('Target.createTarget', { url: `${site}${MEASURED}?seed=${seed}` });
  const spent: [time: number, processor: number, memory: number][] = [];
  let title = '';
  while (!title.startsWith('{')) {
    await sleep(20);
    const ids = await renderers();
    spent.push([performance.now() - opened, processorTime(ids) - before, memory(ids)]);
    title = (await session.send('Target.getTargetInfo', { targetId })).targetInfo.title;
  }
  await session.send('Target.closeTarget', { targetId });
  const { first: steps, again, error } = JSON.parse(title) as Measured;
  if (error) throw new Error(error);
  const at = (time: number) => spent.findLast(([then]) => then <= time)!;
  const [first, whole] = [steps[0]!, steps.at(-1)!].map((wall) => ({ wall, processor: at(wall)[1] }));
  const end = spent.at(-1)!;
  const processor = (end[1] - at(end[0] - again.at(-1)!)[1]) / again.length;
  const peak = Math.max(...spent.map(([, , memory]) => memory));
  return { first: first!, whole: whole!, step: betweenSteps(again), processor, peak };
}

/** Files of code, beyond the studio's own, that a run asks for. */
async function codeOfRun(): Promise<readonly string[]> {
  const { page } = await openPage(browser);
  await page.context().addInitScript({ content: KEEP_NAMES });
  await openTab(page, site);
  const code = new Set<string>();
  page.on('request', (request) => {
    if (request.url().endsWith('.js')) code.add(request.url().replace(site, ''));
  });
  await runInTab(page, compute, tenSteps(180));
  await page.context().close();
  return [...code];
}

async function inNode(): Promise<{ step: number; processor: number }> {
  const models = await openModels({ threads: 1 });
  const times: number[] = [];
  const used: number[] = [];
  const { experiment: wanted, params } = tenSteps(180);
  const experiment = everyExperiment.find(({ id }) => id === wanted)!;
  const context = { ...models, ...pictureBook() };
  for await (const event of runExperiment(experiment, params, context))
    if (event.type === 'step') {
      times.push(performance.now());
      const { user, system } = process.cpuUsage();
      used.push((user + system) / 1000);
    }
  await models.close();
  return { step: betweenSteps(times), processor: (used.at(-1)! - used[0]!) / (used.length - 1) };
}

async function firstView(): Promise<void> {
  const { page } = await openPage(browser);
  await page.context().addInitScript({ content: KEEP_NAMES });
  await page.addInitScript(() => {
    const seen = { shift: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(site);
  await page.waitForTimeout(3000);
  const [paint, shift] = await page.evaluate(() => [
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
    (globalThis as unknown as { seen: { shift: number } }).seen.shift,
  ]);
  say('first contentful paint', seconds(paint!));
  say('layout shift', shift!.toFixed(3));
  for (const address of [site, `${site}studio/`]) {
    const code = new Set<string>();
    const hear = (request: { url(): string }) => {
      if (/\.(?:js|css)$/.test(request.url())) code.add(request.url().replace(site, ''));
    };
    page.on('request', hear);
    await page.goto(address);
    await page.waitForTimeout(2000);
    page.off('request', hear);
    const bytes = [...code].reduce((sum, name) => sum + Number(kilobytes(name, gzipSync)), 0);
    say(`code of the first view of ${address.replace(site, './')}, gzip`, `${bytes.toFixed(1)} kB`);
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core') });
    const found = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string }[] }> } }).axe.run(),
    );
    say(
      `axe on ${address.replace(site, './')}`,
      found.violations.map(({ id }) => id).join(', ') || 'nothing',
    );
  }
  await page.context().close();
}

try {
  const wasm = files.find((file) => file.endsWith('.wasm'))!;
  say('wasm, brotli', `${kilobytes(wasm, brotliCompressSync)} kB`);
  await firstView();
  const cold = await visit(180);
  sayVisit('from an empty cache', cold);
  const warm = await visit(181);
  sayVisit('second visit', warm);
  const node = await inNode();
  const step = Math.min(cold.step, warm.step);
  say(
    'best guided step: tab / Node, one thread',
    `${step.toFixed(0)} ms / ${node.step.toFixed(0)} ms = ${(step / node.step).toFixed(1)}`,
  );
  const processor = Math.min(cold.processor, warm.processor);
  say(
    'the same in processor time',
    `${processor.toFixed(0)} ms / ${node.processor.toFixed(0)} ms = ${(processor / node.processor).toFixed(1)}`,
  );
  const code = await codeOfRun();
  const bytes = code.reduce((sum, name) => sum + Number(kilobytes(name, gzipSync)), 0);
  say(`code of a run with the runtime's, ${code.length} files, gzip`, `${bytes.toFixed(1)} kB`);
  say(
    'peak memory of a renderer, first / second visit',
    `${cold.peak.toFixed(0)} / ${warm.peak.toFixed(0)} MB`,
  );
} finally {
  await browser.close();
  await host.close();
  rmSync(top, { recursive: true });
}
