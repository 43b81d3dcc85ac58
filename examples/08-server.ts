// The server inside a program of one's own: a job is sent, its steps are heard as they come, its picture is saved.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { createServer, type Job, type JobEvent } from 'campanile/server';
import { output } from './common.ts';

const server = await createServer({ port: 0, stateDir: mkdtempSync(join(tmpdir(), 'campanile-')) });
console.log(`the studio: ${server.url}/studio/`);

const accepted = await fetch(`${server.url}/v1/jobs`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ experiment: 'sample', params: { prompts: ['a rocket ship'], upscale: false } }),
});
const { id } = (await accepted.json()) as Job;

const stream = await fetch(`${server.url}/v1/jobs/${id}/events`); // ends when the job has ended
for await (const line of createInterface({ input: Readable.fromWeb(stream.body as ReadableStream) })) {
  if (!line.startsWith('data: ')) continue;
  const event = JSON.parse(line.slice('data: '.length)) as JobEvent;
  if (event.type === 'step') process.stdout.write(`\rt = ${event.t}  `); // event.x0.url is what the network sees by now
}

const job = (await (await fetch(`${server.url}/v1/jobs/${id}`)).json()) as Job;
for (const { id, url } of job.figures) {
  const png = await fetch(server.url + url); // its recipe is inside
  writeFileSync(output(`rocket-${id}.png`), Buffer.from(await png.arrayBuffer()));
}
await server.close();
