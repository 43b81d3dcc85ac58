import { join } from 'node:path';
import { duration, formatBytes } from '../words.ts';
import { fileSize } from './cache.ts';
import { type PullEvent, type PullHooks, pullModel } from './pull.ts';
import type { PullOptions, PullPlan } from './pull-plan.ts';
import type { Speed } from './speed.ts';

export interface PullIo {
  /** Takes text as it is, line ends included; standard error for a command. */
  write(text: string): void;
  /** Width of the terminal; undefined for a file or a pipe, which get a line at every tenth instead of a bar. */
  readonly columns?: number | undefined;
}

/**
 * `campanile model pull owner/name`: says licence and size, then fetches, and says how fast and how long still.
 *
 * @returns the snapshot's folder
 * @throws as `pullModel`
 */
export async function pullCommand(
  repo: string,
  options: PullOptions & Pick<PullHooks, 'freeBytes'>,
  io: PullIo,
): Promise<string> {
  const bar = progressLines(io);
  const folder = await pullModel(repo, { ...options, onEvent: bar.show }).finally(bar.end);
  io.write(`${repo} is in ${folder}\nuse it with ${await usage(folder, repo, options)}\n`);
  return folder;
}

async function usage(folder: string, repo: string, { text }: PullOptions): Promise<string> {
  if (text === 'only') return `campanile embed --page --checkpoint ${repo}`;
  // Only stage II noises the picture that it is shown.
  const stageTwo = await fileSize(join(folder, 'image_noising_scheduler/scheduler_config.json'));
  return `${stageTwo === undefined ? '--checkpoint' : '--upscaler'} ${repo}`;
}

/** The words before anything is fetched. */
export function describePlan(plan: PullPlan): string {
  const missing = plan.totalBytes - plan.presentBytes;
  const weights = plan.files.filter(({ path }) => path.endsWith('.safetensors'));
  const size =
    missing === 0
      ? `${formatBytes(plan.totalBytes)}, all of it is here already`
      : plan.presentBytes > 0
        ? `${formatBytes(missing)} to fetch of ${formatBytes(plan.totalBytes)}, the rest is here already`
        : `${formatBytes(plan.totalBytes)} to fetch`;
  const lines = [
    `${plan.repo} at ${plan.revision} (commit ${plan.commit.slice(0, 8)})`,
    `licence: ${plan.licence}${plan.gated ? ', to be accepted at' : ','} ${plan.licencePage}`,
    ...weights.map(({ path, sizeBytes }) => `  ${path}  ${formatBytes(sizeBytes)}`),
    `  and ${plan.files.length - weights.length} small files`,
    size,
  ];
  return `${lines.join('\n')}\n`;
}

function progressLines(io: PullIo) {
  const { columns } = io;
  let drawnAtMs = 0;
  let tenths = -1;
  let barOpen = false;
  function line(text: string): void {
    if (barOpen) io.write('\r\u001b[K');
    barOpen = false;
    io.write(`${text}\n`);
  }
  function progress(speed: Speed): void {
    const share = speed.totalBytes > 0 ? speed.receivedBytes / speed.totalBytes : 1;
    if (columns === undefined) {
      if (Math.floor(share * 10) === tenths) return;
      tenths = Math.floor(share * 10);
      line(progressText(speed));
      return;
    }
    const nowMs = performance.now();
    if (nowMs - drawnAtMs < 100 && share < 1) return;
    drawnAtMs = nowMs;
    io.write(`\r\u001b[K${progressBar(speed, columns)}`);
    barOpen = true;
  }
  function show(event: PullEvent): void {
    if (event.type === 'plan') io.write(describePlan(event.plan));
    if (event.type === 'progress') progress(event);
    if (event.type === 'retry') line(`${event.path}: ${event.reason}; going on`);
    if (event.type === 'wait') line(`${event.path}: another process is fetching it; waiting for it`);
    if (event.type === 'offline') line(`the copy in the cache is used: ${event.reason}`);
  }
  function end(): void {
    if (barOpen) io.write('\n');
    barOpen = false;
  }
  return { show, end };
}

/** ` 31 %  230 MB of 744 MB  52.0 MB/s  10 s left` */
export function progressText({ receivedBytes, totalBytes, bytesPerSecond, secondsLeft }: Speed): string {
  const percent = totalBytes > 0 ? Math.floor((100 * receivedBytes) / totalBytes) : 100;
  const pace = bytesPerSecond ? `  ${formatBytes(bytesPerSecond)}/s` : '';
  const left = secondsLeft ? `  ${duration(Math.round(secondsLeft))} left` : '';
  return `${String(percent).padStart(3)} %  ${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}${pace}${left}`;
}

export function progressBar(speed: Speed, columns: number): string {
  const text = progressText(speed);
  const width = Math.min(30, columns - text.length - 4);
  if (width < 5) return text.slice(0, Math.max(0, columns - 1));
  const filled = Math.round((width * speed.receivedBytes) / Math.max(1, speed.totalBytes));
  return `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${text}`;
}
