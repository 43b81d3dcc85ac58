import { expect, test } from 'vitest';
import { pullCommand } from '../../src/hub/pull-command.ts';
import { TOKEN } from './mock-hub.ts';
import { failure, REPO, setUpBench, WEIGHTS_PATH } from './setup.ts';

const bench = setUpBench();

/** Collects what a command writes. */
function paper(columns?: number) {
  let text = '';
  const io = {
    columns,
    write: (more: string) => {
      text += more;
    },
  };
  return { io, text: () => text };
}

test('into a file: licence and size first, a line at every tenth, the folder last', async () => {
  const { io, text } = paper();
  const folder = await pullCommand(REPO, bench.options, io);
  const lines = text().trimEnd().split('\n');
  expect(lines.slice(0, 5)).toEqual([
    `${REPO} at main (commit 01234567)`,
    `licence: deepfloyd-if-license, to be accepted at ${bench.hub.url}/${REPO}`,
    `  ${WEIGHTS_PATH}  3.00 MB`,
    '  and 7 small files',
    '3.00 MB to fetch',
  ]);
  expect(lines.slice(5, -2).every((line) => /^ *\d+ % {2}\S+ \S+ of 3\.00 MB/.test(line))).toBe(true);
  expect(lines.slice(5, -2).length).toBeLessThanOrEqual(11);
  expect(lines.slice(-2)).toEqual([`${REPO} is in ${folder}`, `use it with --checkpoint ${REPO}`]);
  expect(text()).not.toContain(TOKEN);
  expect(text()).not.toContain('\u001b');
});

test('on a terminal: one line that is drawn again, never wider than it', async () => {
  const { io, text } = paper(80);
  bench.hub.fault = (path, nth) => (path === WEIGHTS_PATH && nth === 1 ? { cutAfter: 900_000 } : undefined);
  await pullCommand(REPO, bench.options, io);
  const frames = text().split('\r\u001b[K').slice(1);
  expect(frames.at(-1)).toContain(`[${'#'.repeat(30)}] 100 %  3.00 MB of 3.00 MB`);
  expect(frames.every((frame) => frame.split('\n')[0]!.length < 80 || frame.includes('going on'))).toBe(true);
  expect(text()).toContain(`${WEIGHTS_PATH}: `);
});

test('on a narrow terminal the bar gives way to the words', async () => {
  const { io, text } = paper(30);
  await pullCommand(REPO, bench.options, io);
  expect(text()).toContain('\r\u001b[K100 %');
});

test('a refusal comes after the licence and the size have been said', async () => {
  const { io, text } = paper();
  const { HF_TOKEN: _, ...env } = bench.env;
  expect((await failure(pullCommand(REPO, { env }, io))).code).toBe('token-needed');
  expect(text()).toContain('licence: deepfloyd-if-license');
  expect(text()).toContain('3.00 MB to fetch');
});

test('stage II is used as the upscaler, a text encoder to embed', async () => {
  const files = {
    ...bench.hub.models[REPO]!.files,
    'image_noising_scheduler/scheduler_config.json': Buffer.from('{}'),
  };
  bench.hub.models[REPO] = { files };
  const { io, text } = paper();
  await pullCommand(REPO, bench.options, io);
  expect(text()).toContain(`use it with --upscaler ${REPO}\n`);
  await pullCommand(REPO, { ...bench.options, text: 'only' }, io);
  expect(text()).toContain(`use it with campanile embed --page --checkpoint ${REPO}\n`);
});

test('a second call says that everything is there', async () => {
  await pullCommand(REPO, bench.options, paper().io);
  const { io, text } = paper();
  await pullCommand(REPO, bench.options, io);
  expect(text()).toContain('all of it is here already');
});
