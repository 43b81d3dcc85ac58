import { disorderIn, type Fork } from '../experiments/branch.ts';
import type { Experiment } from '../experiments/experiment.ts';
import { fieldsOf, holdsPicture, uselessGiven, uselessInWords } from '../experiments/field.ts';
import type { ComputeInfo } from './compute-messages.ts';
import type { Recipe } from './job.ts';
import { errorsOf, type Faults, RefusedError } from './refused.ts';

/** Who would run a recipe. */
export interface Acceptor {
  readonly experiments: readonly Experiment[];
  readonly info: Pick<ComputeInfo, 'checkpoint' | 'precision' | 'pictures'>;
  /** Whether a picture with this sha256 is kept. */
  has(object: string): Promise<boolean>;
}

/**
 * A recipe that can be put in the queue: the parameters complete, checkpoint and precision those that are open, every picture
 * there.
 *
 * @throws {RefusedError} 422 naming what does not fit
 */
export async function accepted(
  acceptor: Acceptor,
  { experiment, params, from, checkpoint, precision }: Recipe,
): Promise<Recipe> {
  const { info, experiments } = acceptor;
  if (checkpoint !== undefined && checkpoint !== info.checkpoint) {
    const message = `expected ${short(info.checkpoint)}, which is open here, found ${short(checkpoint)}`;
    throw refusedParams([{ path: 'checkpoint', message }], 'leave it out, or serve that checkpoint');
  }
  if (precision !== undefined && precision !== info.precision) {
    const message = `expected full, in which is computed here, found ${precision}`;
    throw refusedParams([{ path: 'precision', message }], 'leave it out, or serve with --precision half');
  }
  const record = experiments.find(({ id }) => id === experiment);
  if (!record)
    throw refusedParams([
      { path: 'experiment', message: `there is no experiment "${experiment.slice(0, 100)}"` },
    ]);
  const complete = await acceptedParams(acceptor, record, params, 'params');
  const forks: Fork[] = [];
  for (const [i, fork] of (from ?? []).entries())
    forks.push({ ...fork, params: await acceptedParams(acceptor, record, fork.params, `from.${i}.params`) });
  const disorder = disorderIn(forks);
  if (disorder > 0)
    throw refusedParams([
      { path: `from.${disorder}`, message: 'expected a fork that stands after the one before it' },
    ]);
  return {
    experiment,
    params: complete,
    ...(forks.length > 0 ? { from: forks } : {}),
    checkpoint: info.checkpoint,
    ...(info.precision ? { precision: info.precision } : {}),
  };
}

async function acceptedParams(
  acceptor: Acceptor,
  record: Experiment,
  params: Recipe['params'],
  path: string,
): Promise<Record<string, unknown>> {
  const parsed = record.params.safeParse(params, { reportInput: true });
  if (!parsed.success) throw refusedParams(errorsOf(parsed.error, path));
  const useless = uselessGiven(fieldsOf(record), parsed.data);
  if (useless.length)
    throw refusedParams(
      useless.map((one) => ({ path: `${path}.${one.name}`, message: uselessInWords(one) })),
      'leave one of the two out',
    );
  const unknown = await unknownPictures(acceptor, record, parsed.data);
  if (unknown.length)
    throw refusedParams(
      unknown.map(({ name, message }) => ({ path: `${path}.${name}`, message })),
      'name a built-in picture, or upload one and give object:<sha256>',
    );
  return parsed.data;
}

const short = (fingerprint: string) => `${fingerprint.slice(0, 12)}…`;

function refusedParams(errors: Faults, hint?: string): RefusedError {
  const { path, message } = errors[0]!;
  return new RefusedError(422, 'recipe', `${path}: ${message}`, { errors, ...(hint ? { hint } : {}) });
}

/** Parameters that name a picture which is neither one of the project's own nor uploaded. Never looked for as a file. */
async function unknownPictures(acceptor: Acceptor, record: Experiment, params: Record<string, unknown>) {
  const own = new Set(acceptor.info.pictures.map(({ reference }) => reference));
  const errors: { name: string; message: string }[] = [];
  for (const [name, field] of Object.entries(fieldsOf(record).properties)) {
    if (!holdsPicture(field)) continue;
    for (const reference of [params[name]].flat() as string[]) {
      const uploaded =
        reference.startsWith('object:') && (await acceptor.has(reference.slice('object:'.length)));
      if (own.has(reference) || uploaded) continue;
      errors.push({ name, message: `there is no picture "${reference.slice(0, 100)}"` });
    }
  }
  return errors;
}
