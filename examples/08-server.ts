// The server inside an app of one's own, below /lab: a job is sent, its steps are heard as they come, its picture is saved.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { campanile, type Job, type JobEvent } from 'campanile/server';
import { fastify } from 'fastify';
import { output } from './common.ts';

const app = fastify();
const opened = new Promise((onOpen) => {
  app.register(campanile, { prefix: '/lab', stateDir: mkdtempSync(join(tmpdir(), 'campanile-')), onOpen });
});
const url = await app.listen({ port: 0 });
console.log(`the studio: ${url}/lab/studio/`);
await opened; // the checkpoint is there

const accepted = await fetch(`${url}/lab/v1/jobs`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ experiment: 'sample', params: { prompts: ['a rocket ship'], upscale: false } }),
});
const { id } = (await accepted.json()) as Job;

const stream = await fetch(`${url}/lab/v1/jobs/${id}/events`); // ends when the job has ended
for await (const line of createInterface({ input: Readable.fromWeb(stream.body as ReadableStream) })) {
  if (!line.startsWith('data: ')) continue;
  const event = JSON.parse(line.slice('data: '.length)) as JobEvent;
  if (event.type === 'step') process.stdout.write(`\rt = ${event.t}  `); // event.x0.url is what the network sees by now
}

const job = (await (await fetch(`${url}/lab/v1/jobs/${id}`)).json()) as Job;
for (const { id, url: path } of job.figures) {
  const png = await fetch(url + path); // its recipe is inside
  writeFileSync(output(`rocket-${id}.png`), Buffer.from(await png.arrayBuffer()));
}
await app.close();
