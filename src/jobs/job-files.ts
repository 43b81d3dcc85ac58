import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../files/whole.ts';
import { isFinal, type Job, type JobEvent, type JobEventBody } from './job.ts';
import { outcomeOf } from './outcome.ts';
import { inState } from './storing.ts';

/** What a job's file holds, and what memory knows beside it. */
export interface Entry {
  job: Job;
  /** Counts submissions: the order of the queue and of lists, whatever the clock does. */
  readonly order: number;
  /** How often the job's worker was lost. */
  losses: number;
  /** Of its latest event; absent until its events have been looked at. */
  seq?: number;
  /** Its end is being written, and not told yet. */
  ending?: boolean;
  saving?: Promise<void>;
}

/**
 *     jobs/<id>.json       the job; replaced as a whole
 *     events/<id>.ndjson   its events, one a line; appended
 *
 * The first is the truth. The second is for watching: it is not forced to the disk, and a torn line is skipped.
 */
export class JobFiles {
  readonly #jobs: string;
  readonly #events: string;

  private constructor(folder: string) {
    this.#jobs = join(folder, 'jobs');
    this.#events = join(folder, 'events');
  }

  static async open(folder: string): Promise<JobFiles> {
    const files = new JobFiles(folder);
    await mkdir(files.#jobs, { recursive: true, mode: 0o700 });
    await mkdir(files.#events, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(files.#jobs)) if (name.endsWith('.tmp')) await rm(join(files.#jobs, name));
    return files;
  }

  /** All jobs, oldest first. */
  load(): Entry[] {
    const names = readdirSync(this.#jobs).filter((name) => name.endsWith('.json'));
    const entries = names.map((name): Entry => JSON.parse(readFileSync(join(this.#jobs, name), 'utf8')));
    return entries.sort((a, b) => a.order - b.order);
  }

  /** Writes the entry as it is when its turn comes; several calls for one entry come one after the other. */
  async save(entry: Entry): Promise<void> {
    const path = join(this.#jobs, `${entry.job.id}.json`);
    const write = () =>
      writeWhole(path, JSON.stringify({ job: entry.job, order: entry.order, losses: entry.losses }), inState);
    entry.saving = (entry.saving ?? Promise.resolve()).then(write, write);
    await entry.saving;
  }

  append(entry: Entry, body: JobEventBody): JobEvent {
    entry.seq ??= this.#read(entry.job.id).at(-1)?.seq ?? 0;
    const event: JobEvent = {
      seq: ++entry.seq,
      job: entry.job.id,
      at: new Date().toISOString(),
      attempt: entry.job.attempt,
      ...body,
    };
    try {
      // The break comes first, so that a line torn by a crash or a full disk spoils only itself.
      appendFileSync(this.#pathOf(entry.job.id), `\n${JSON.stringify(event)}`, { mode: 0o600 });
    } catch {
      // Whoever listens has heard it; a later reader misses a step.
    }
    return event;
  }

  /** The events so far; the final one is made up from the job should its line be missing. */
  events(entry: Entry): JobEvent[] {
    const events = this.#read(entry.job.id);
    const last = events.at(-1);
    const { job } = entry;
    if (entry.ending || !isFinal(job.state) || (last && isFinal(last.type))) return events;
    const seq = Math.max(entry.seq ?? 0, last?.seq ?? 0) + 1;
    return [
      ...events,
      { seq, job: job.id, at: job.finishedAt ?? '', attempt: job.attempt, ...outcomeOf(job) },
    ];
  }

  async remove(id: string): Promise<void> {
    await rm(join(this.#jobs, `${id}.json`), { force: true });
    await rm(this.#pathOf(id), { force: true });
  }

  #read(id: string): JobEvent[] {
    const path = this.#pathOf(id);
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8').split('\n').flatMap(parsed);
  }

  #pathOf(id: string): string {
    return join(this.#events, `${id}.ndjson`);
  }
}

function parsed(line: string): JobEvent[] {
  try {
    return line ? [JSON.parse(line)] : [];
  } catch {
    return [];
  }
}
