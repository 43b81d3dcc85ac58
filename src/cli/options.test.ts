import { Command } from 'commander';
import { expect, test } from 'vitest';
import { gaussianModel as base } from '../../test/gaussian-model.ts';
import { type Experiment, everyExperiment } from '../experiments/index.ts';
import { parseParams } from '../experiments/recipe.ts';
import { type CommonOptions, modelFlags, typedModelFlags } from './commands/common.ts';
import { commandOf, declareFields, quoted, typedParams } from './options.ts';

/** A line as a shell takes it apart, as far as `quoted` goes. */
const words = (line: string): string[] =>
  [...line.matchAll(/(?:"((?:\\.|[^"\\])*)"|[^\s"])+/g)].map(([word]) =>
    word.replace(/"((?:\\.|[^"\\])*)"/g, (_, inner: string) => inner.replace(/\\(.)/g, '$1')),
  );

function read(line: string, experiment: Experiment): Record<string, unknown> {
  const [program, id, ...rest] = words(line);
  expect([program, id]).toEqual(['campanile', experiment.id]);
  const command = declareFields(new Command(), experiment).parse(rest, { from: 'user' });
  return parseParams(experiment, typedParams(experiment, command.args, command.opts()));
}

test.each(everyExperiment)('$id: the line of every part makes that very part', (experiment) => {
  const defaults = parseParams(experiment, {});
  expect(read(commandOf(experiment, defaults), experiment)).toEqual(defaults);
  for (const { key, inputs, alone } of experiment.parts(defaults, { base })) {
    const params = read(commandOf(experiment, { ...defaults, ...alone }), experiment);
    const again = experiment.parts(params, { base });
    expect(again.find((part) => part.key === key)?.inputs).toEqual(inputs);
    if (alone) expect(again.length).toBeLessThanOrEqual(2);
  }
});

test('words are quoted where a shell would take them apart', () => {
  expect(quoted('photo.png')).toBe('photo.png');
  expect(quoted('a "nice" $5 dog')).toBe('"a \\"nice\\" \\$5 dog"');
  expect(words(`x ${quoted('a "nice" $5 `dog`')}`)).toEqual(['x', 'a "nice" $5 `dog`']);
});

test('a line that makes a picture again says what was typed, and no default', () => {
  const typed = (...words: string[]) =>
    typedModelFlags(modelFlags(new Command()).parse(words, { from: 'user' }).opts<CommonOptions>());
  expect(typed()).toEqual([]);
  expect(typed('--device', 'cuda', '--image', 'campanile=photo.jpg')).toEqual([
    '--device cuda',
    '--image campanile=photo.jpg',
  ]);
});
