import { EventEmitter, once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { OutputError, QueueError } from '../errors.ts';
import { EventHub } from './hub.ts';
import {
  isFinal,
  type Job,
  type JobEvent,
  type JobEventBody,
  type Marks,
  type Outcome,
  type Recipe,
} from './job.ts';
import { type Entry, JobFiles } from './job-files.ts';
import { KeyFiles } from './keys.ts';
import { marked, unmarked } from './marks.ts';
import { own } from './owner.ts';
import {
  busyCancelling,
  type Claim,
  type Depth,
  type Handler,
  Interruption,
  interruptOnShutdown,
  type JobPage,
  type JobQueue,
  type ListQuery,
  lostWorker,
  MAX_ATTEMPTS,
  type Settled,
  type Submitted,
  settle,
  stillBusy,
  type WorkOptions,
} from './queue.ts';
import { storing } from './storing.ts';

const now = () => new Date().toISOString();

export interface FileQueueOptions {
  /** Ended jobs that are remembered; 10 000. */
  readonly keepEnded?: number;
  /** How often writing is tried again that a full disk prevented; 5000. */
  readonly retryMs?: number;
}

/**
 * The queue of one process: a file for each job, written before anything is answered; an index in memory, rebuilt from
 * the files at the start. No server to install.
 */
export class FileQueue implements JobQueue {
  readonly #files: JobFiles;
  readonly #keys: KeyFiles;
  readonly #release: () => Promise<void>;
  readonly #options: Required<FileQueueOptions>;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #waiting = new Set<string>();
  readonly #runs = new Map<string, AbortController>();
  readonly #submitting = new Map<string, Promise<Submitted>>();
  readonly #unsaved = new Set<Entry>();
  readonly #hub = new EventHub();
  readonly #bell = new EventEmitter().setMaxListeners(0);
  readonly #retry: NodeJS.Timeout;
  #order = 0;

  private constructor(
    files: JobFiles,
    keys: KeyFiles,
    release: () => Promise<void>,
    options: FileQueueOptions,
  ) {
    this.#files = files;
    this.#keys = keys;
    this.#release = release;
    this.#options = { keepEnded: 10_000, retryMs: 5000, ...options };
    this.#retry = setInterval(() => void this.#saveUnsaved(), this.#options.retryMs).unref();
  }

  /**
   * @throws {QueueError} `owned` when another process has the folder
   * @throws {OutputError} when it cannot be written
   */
  static async open(folder: string, options: FileQueueOptions = {}): Promise<FileQueue> {
    return storing(folder, async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const release = await own(folder);
      let queue: FileQueue | undefined;
      try {
        queue = new FileQueue(await JobFiles.open(folder), await KeyFiles.open(folder), release, options);
        await queue.#recover();
        return queue;
      } catch (error) {
        if (queue) clearInterval(queue.#retry);
        await release();
        throw error;
      }
    });
  }

  /** What ran when its process died waits again; what was being cancelled is. */
  async #recover(): Promise<void> {
    for (const entry of this.#files.load()) {
      this.#entries.set(entry.job.id, entry);
      this.#order = Math.max(this.#order, entry.order);
    }
    for (const entry of this.#entries.values()) {
      if (entry.job.state === 'queued') this.#waiting.add(entry.job.id);
      if (entry.job.state === 'cancelling') await this.#end(entry, { type: 'cancelled' });
      if (entry.job.state === 'running') await this.#lost(entry, 'the server was gone');
    }
  }

  async submit(id: string, recipe: Recipe): Promise<Submitted> {
    const under = this.#submitting.get(id);
    if (under) return { ...(await under), created: false };
    const entry = this.#entries.get(id);
    if (entry?.job.state === 'cancelling') throw busyCancelling(id);
    if (entry && !['failed', 'cancelled'].includes(entry.job.state))
      return { job: entry.job, created: false };
    const submitting = this.#enqueue(id, recipe, entry).finally(() => this.#submitting.delete(id));
    this.#submitting.set(id, submitting);
    return submitting;
  }

  async #enqueue(id: string, recipe: Recipe, before: Entry | undefined): Promise<Submitted> {
    const attempt = before?.job.attempt ?? 0;
    const progress = { done: 0, total: 0 };
    const kept = marked(before?.job ?? {}, {});
    const job: Job = {
      id,
      recipe,
      state: 'queued',
      attempt,
      createdAt: now(),
      progress,
      figures: [],
      ...kept,
    };
    const entry: Entry = { job, order: ++this.#order, losses: 0 };
    await this.#files.save(entry);
    this.#entries.delete(id); // so that it comes last
    this.#entries.set(id, entry);
    this.#waiting.add(id);
    this.#tell(entry, { type: 'queued' });
    this.#bell.emit('job');
    return { job, created: true };
  }

  tie(key: string, digest: string): Promise<string> {
    return this.#keys.tie(key, digest);
  }

  async get(id: string): Promise<Job | undefined> {
    return this.#entries.get(id)?.job;
  }

  async list({ limit, before, state, experiment, starred }: ListQuery): Promise<JobPage> {
    const jobs: Job[] = [];
    for (const { job, order } of [...this.#entries.values()].reverse()) {
      if (before !== undefined && order >= Number(before)) continue;
      if (state && job.state !== state) continue;
      if (starred !== undefined && (job.starred ?? false) !== starred) continue;
      if (experiment && job.recipe.experiment !== experiment) continue;
      if (jobs.length === limit) return { jobs, next: String(this.#entries.get(jobs.at(-1)!.id)!.order) };
      jobs.push(job);
    }
    return { jobs };
  }

  async cancel(id: string): Promise<Job | undefined> {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    if (entry.job.state === 'queued') {
      this.#waiting.delete(id);
      await this.#end(entry, { type: 'cancelled' });
    } else if (entry.job.state === 'running') {
      entry.job = { ...entry.job, state: 'cancelling' };
      this.#runs.get(id)?.abort(new Interruption('cancelled'));
      await this.#saveSometime(entry);
    }
    return entry.job;
  }

  async mark(id: string, marks: Marks): Promise<Job | undefined> {
    const entry = this.#entries.get(id);
    if (!entry) return undefined;
    entry.job = { ...unmarked(entry.job), ...marked(entry.job, marks) };
    await this.#files.save(entry);
    return entry.job;
  }

  async remove(id: string): Promise<boolean> {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    if (!isFinal(entry.job.state) || entry.ending) throw stillBusy(id, entry.job.state);
    await this.#remove(id);
    return true;
  }

  events(id: string, since: number, signal: AbortSignal): AsyncGenerator<JobEvent> {
    return this.#hub.follow(id, since, signal, async () => {
      const entry = this.#entries.get(id);
      return entry ? this.#files.events(entry) : [];
    });
  }

  live(signal: AbortSignal): AsyncGenerator<JobEvent> {
    return this.#hub.live(signal);
  }

  async depth(): Promise<Depth> {
    return { queued: this.#waiting.size, running: this.#runs.size };
  }

  async work(handler: Handler, options: WorkOptions): Promise<void> {
    const { signal, concurrency = 1, pauseMs = 5000, graceMs } = options;
    const worker = async () => {
      while (!signal.aborted) {
        const [id] = this.#waiting;
        const entry = id && this.#entries.get(id);
        if (!entry) await once(this.#bell, 'job', { signal }).catch(() => {});
        else if (await this.#run(entry, handler, signal, graceMs))
          await sleep(pauseMs, null, { signal }).catch(() => {});
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }

  /** @returns whether the worker should pause */
  async #run(entry: Entry, handler: Handler, signal: AbortSignal, graceMs?: number): Promise<boolean> {
    const { id } = entry.job;
    this.#waiting.delete(id);
    const attempt = entry.job.attempt + 1;
    entry.job = {
      ...entry.job,
      state: 'running',
      attempt,
      startedAt: now(),
      figures: [],
      progress: { done: 0, total: 0 },
    };
    const controller = new AbortController();
    this.#runs.set(id, controller);
    using _ = interruptOnShutdown(controller, signal, graceMs);
    try {
      await this.#files.save(entry);
    } catch (error) {
      this.#runs.delete(id);
      this.#again(entry, (error as Error).message);
      return true;
    }
    const claim: Claim = {
      job: entry.job,
      attempt,
      signal: controller.signal,
      emit: async (event) => {
        if (entry.job.attempt !== attempt || !this.#runs.has(id)) throw new Interruption('overtaken');
        if ('progress' in event) entry.job = { ...entry.job, progress: event.progress };
        if (event.type === 'figure')
          entry.job = { ...entry.job, figures: [...entry.job.figures, event.figure] };
        this.#tell(entry, event);
      },
    };
    const settled = await settle(handler, claim);
    this.#runs.delete(id);
    return this.#settle(entry, settled);
  }

  async #settle(entry: Entry, settled: Settled): Promise<boolean> {
    if (settled.type === 'overtaken') return false;
    if (settled.type === 'lost') await this.#lost(entry, settled.reason);
    else if (settled.type === 'again') {
      this.#again(entry, settled.reason);
      await this.#saveSometime(entry);
      return settled.pause;
    } else await this.#end(entry, settled);
    return false;
  }

  async #lost(entry: Entry, reason: string): Promise<void> {
    entry.losses++;
    if (entry.losses >= MAX_ATTEMPTS) return this.#end(entry, lostWorker(reason));
    this.#again(entry, reason);
    await this.#saveSometime(entry);
  }

  #again(entry: Entry, reason: string): void {
    entry.job = { ...entry.job, state: 'queued', figures: [], progress: { done: 0, total: 0 } };
    this.#waiting.add(entry.job.id);
    this.#tell(entry, { type: 'queued', reason });
    this.#bell.emit('job');
  }

  async #end(entry: Entry, outcome: Outcome): Promise<void> {
    const ended = { ...entry.job, state: outcome.type, finishedAt: now() };
    if (outcome.type === 'done') entry.job = { ...ended, figures: outcome.figures };
    else entry.job = outcome.type === 'failed' ? { ...ended, error: outcome.error } : ended;
    entry.ending = true;
    await this.#saveSometime(entry);
    entry.ending = false;
    this.#tell(entry, outcome);
    await this.#forgetOldest();
  }

  #tell(entry: Entry, body: JobEventBody): void {
    this.#hub.publish(this.#files.append(entry, body));
  }

  /** The state in memory is right; a full disk only delays the file. */
  async #saveSometime(entry: Entry): Promise<void> {
    try {
      await this.#files.save(entry);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#unsaved.add(entry);
    }
  }

  async #saveUnsaved(): Promise<void> {
    for (const entry of [...this.#unsaved]) {
      this.#unsaved.delete(entry);
      if (this.#entries.get(entry.job.id) === entry) await this.#saveSometime(entry);
    }
  }

  async #forgetOldest(): Promise<void> {
    if (this.#entries.size <= this.#options.keepEnded) return;
    for (const { job } of this.#entries.values()) {
      if (!isFinal(job.state) || job.starred) continue;
      return this.#remove(job.id);
    }
  }

  async forget(before: Date): Promise<void> {
    const limit = before.toISOString();
    for (const { job, ending } of [...this.#entries.values()]) {
      if (isFinal(job.state) && !ending && !job.starred && job.finishedAt! < limit)
        await this.#remove(job.id);
    }
  }

  async #remove(id: string): Promise<void> {
    this.#entries.delete(id);
    await this.#files.remove(id);
  }

  async ping(): Promise<void> {
    if (this.#unsaved.size) {
      throw new QueueError('disk-full', `the state of ${this.#unsaved.size} jobs cannot be written`, {
        hint: 'free some space; they are written as soon as it is there',
      });
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#retry);
    await this.#saveUnsaved();
    await this.#release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
